namespace Routing.Core.Providers.OpenAI;

/// <summary>The payload of one server-sent event.</summary>
internal static class SseData
{
    private static ReadOnlySpan<byte> Field => "data:"u8;

    /// <summary>The value of its data line; empty for comments and events without one. OpenAI's wire has one data line per event.</summary>
    public static ReadOnlySpan<byte> Of(ReadOnlySpan<byte> text)
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
}
