namespace Routing.Core.Providers.OpenAI;

/// <summary>Vectorised look for the words in a chunk that matter; a false hit costs a parse, a miss cannot happen.</summary>
internal static class ChatWords
{
    public static bool MayMatter(ReadOnlySpan<byte> data)
    {
        if (data.IndexOf("\"error\""u8) >= 0) return true;
        return HasValue(data, "\"finish_reason\""u8) || HasValue(data, "\"usage\""u8);
    }

    private static bool HasValue(ReadOnlySpan<byte> data, ReadOnlySpan<byte> name)
    {
        for (int at; (at = data.IndexOf(name)) >= 0;)
        {
            data = data[(at + name.Length)..].TrimStart(" :\t"u8);
            if (!data.StartsWith("null"u8)) return true;
        }

        return false;
    }
}
