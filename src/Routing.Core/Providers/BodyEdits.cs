using System.Buffers;

namespace Routing.Core.Providers;

/// <summary>Places of a caller's own body that are left out or written anew; all around them is copied as it is.</summary>
internal sealed class BodyEdits
{
    private readonly List<(int Start, int End, ReadOnlyMemory<byte> With)> _edits = [];

    public void Cut(int start, int end) => _edits.Add((start, end, default));

    public void Replace(int start, int end, ReadOnlyMemory<byte> with) => _edits.Add((start, end, with));

    /// <summary>Writes the bytes from one place to another; no two edits may overlap.</summary>
    public void Write(ReadOnlySpan<byte> source, int from, int to, IBufferWriter<byte> body)
    {
        _edits.Sort((a, b) => a.Start.CompareTo(b.Start));
        foreach (var (start, end, with) in _edits)
        {
            body.Write(source[from..start]);
            body.Write(with.Span);
            from = end;
        }

        body.Write(source[from..to]);
    }
}

/// <summary>Leaves items out of one array, or members out of one object, together with the commas that are then too many.</summary>
internal struct ListCuts(BodyEdits edits)
{
    private int _lastEnd;
    private int _leading = -1; // Where the items left out began, as long as none was kept.
    private bool _keeps;
    private bool _anyKept;

    public void Begin(int start, bool keep)
    {
        _keeps = keep;
        if (!keep)
        {
            if (!_anyKept && _leading < 0) _leading = start;
            return;
        }

        if (_leading >= 0) edits.Cut(_leading, start);
        (_leading, _anyKept) = (-1, true);
    }

    public void End(int end)
    {
        if (!_keeps && _anyKept) edits.Cut(_lastEnd, end);
        _lastEnd = end;
    }

    public readonly void Close()
    {
        if (_leading >= 0) edits.Cut(_leading, _lastEnd);
    }
}
