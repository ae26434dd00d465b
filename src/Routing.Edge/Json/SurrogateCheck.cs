namespace Routing.Edge.Json;

/// <summary>Finds <c>\uD8xx</c> without its other half: JSON's grammar allows it, no string of any SDK can hold it.</summary>
internal static class SurrogateCheck
{
    /// <summary>Offset of the first lone one, -1 when there is none. One vectorised look when nothing is escaped.</summary>
    public static int FindLone(ReadOnlySpan<byte> json)
    {
        for (var at = 0; at < json.Length;)
        {
            var next = json[at..].IndexOf((byte)'\\');
            if (next < 0) return -1;
            at += next;
            switch (Unit(json[at..]))
            {
                case >= 0xD800 and <= 0xDBFF when Unit(json[Math.Min(at + 6, json.Length)..]) is >= 0xDC00 and <= 0xDFFF: at += 12; break;
                case >= 0xD800 and <= 0xDFFF: return at;
                default: at += 2; break; // An escaped backslash takes its second one along.
            }
        }

        return -1;
    }

    private static int Unit(ReadOnlySpan<byte> escape)
    {
        if (escape.Length < 6 || escape[0] != '\\' || escape[1] != 'u') return -1;
        var value = 0;
        foreach (var b in escape.Slice(2, 4))
        {
            if (!char.IsAsciiHexDigit((char)b)) return -1;
            value = (value << 4) | (b <= '9' ? b - '0' : (b | 0x20) - 'a' + 10);
        }

        return value;
    }
}
