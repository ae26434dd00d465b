namespace Routing.Core.Providers.OpenAI;

/// <summary>
/// Vectorised look for the words in a stream that matter; a false hit costs a parse, a miss cannot happen. The words are sought without
/// their first quote: the search goes by a word's first and last byte, and JSON is full of quotes.
/// </summary>
internal static class ChatWords
{
    public static bool MayMatter(ReadOnlySpan<byte> data) => IndexOfMatter(data) >= 0;

    /// <summary>Where the first stop reason, usage, error or end may be; -1 when there is none.</summary>
    public static int IndexOfMatter(ReadOnlySpan<byte> data)
    {
        var first = -1;
        Find(IndexOfValue(data, "finish_reason\""u8), ref data, ref first);
        Find(IndexOfValue(data, "usage\""u8), ref data, ref first);
        Find(data.IndexOf("error\""u8), ref data, ref first);
        Find(data.IndexOf("[DONE]"u8), ref data, ref first);
        return first;
    }

    // What lies behind the first find so far is not searched for the other words.
    private static void Find(int at, ref ReadOnlySpan<byte> data, ref int first)
    {
        if (at < 0) return;
        first = at;
        data = data[..at];
    }

    /// <summary>Where a member stands that is not null; cut off before its value, it may be one.</summary>
    private static int IndexOfValue(ReadOnlySpan<byte> data, ReadOnlySpan<byte> name)
    {
        for (int from = 0, at; (at = data[from..].IndexOf(name)) >= 0; from += at + name.Length)
        {
            if (!data[(from + at + name.Length)..].TrimStart(" :\t"u8).StartsWith("null"u8)) return from + at;
        }

        return -1;
    }
}
