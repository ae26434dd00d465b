namespace Routing.Edge.Json;

/// <summary>Whether the pieces of a JSON object seen so far make a whole one. Counts braces outside strings; it checks nothing else.</summary>
internal struct JsonBalance
{
    private int _depth;
    private bool _inString;
    private bool _escaped;
    private bool _begun;

    public readonly bool IsWhole => _begun && _depth == 0;

    public void Take(ReadOnlySpan<byte> utf8)
    {
        foreach (var b in utf8)
        {
            if (_escaped) _escaped = false;
            else if (_inString)
            {
                if (b == '\\') _escaped = true;
                else if (b == '"') _inString = false;
            }
            else Outside(b);
        }
    }

    private void Outside(byte b)
    {
        switch (b)
        {
            case (byte)'"': _inString = true; break;
            case (byte)'{' or (byte)'[':
                _begun = true;
                _depth++;
                break;
            case (byte)'}' or (byte)']': _depth--; break;
        }
    }
}
