namespace Routing.Core.Providers;

/// <summary>The framing of server-sent events, in any of its line ends.</summary>
internal static class SseEvents
{
    // Of the four bytes that may end an event, as many may have been read before.
    private const int LongestCut = 3;

    private static ReadOnlySpan<byte> Field => "data:"u8;

    /// <summary>The next whole event: its length with, and its text's length without, the empty line that ends it. Null: not all there yet.</summary>
    /// <param name="seen">Length of what is known to hold no whole event, so that a large one is not searched from its beginning with every read.</param>
    public static (int Length, int TextLength)? Next(ReadOnlySpan<byte> span, int seen = 0)
    {
        for (var from = Math.Max(seen - LongestCut, 0); ;)
        {
            var at = span[from..].IndexOfAny((byte)'\n', (byte)'\r');
            if (at < 0) return null;
            at += from;
            var line = LineEnd(span, at);
            if (line == 0) return null;
            var next = at + line;
            if (next >= span.Length) return null;
            var second = LineEnd(span, next);
            if (second > 0) return (next + second, at);
            if (second == 0) return null;
            from = next;
        }
    }

    /// <summary>The value of an event's data line; empty for comments and events without one. The wires read here have one data line per event.</summary>
    public static ReadOnlySpan<byte> Data(ReadOnlySpan<byte> text)
    {
        while (!text.IsEmpty)
        {
            var end = text.IndexOfAny((byte)'\n', (byte)'\r');
            var line = end < 0 ? text : text[..end];
            if (line.StartsWith("\uFEFF"u8)) line = line["\uFEFF"u8.Length..];
            if (line.StartsWith(Field)) return line[Field.Length..].Trim((byte)' ');
            if (end < 0) break;
            text = text[(end + 1)..];
        }

        return [];
    }

    /// <summary>Length of the line end at a position: 1 or 2, -1 when there is none, 0 when the next byte decides.</summary>
    private static int LineEnd(ReadOnlySpan<byte> span, int at) => span[at] switch
    {
        (byte)'\n' => 1,
        (byte)'\r' when at + 1 == span.Length => 0,
        (byte)'\r' => span[at + 1] == '\n' ? 2 : 1,
        _ => -1,
    };
}
