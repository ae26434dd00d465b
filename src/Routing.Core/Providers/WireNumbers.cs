using System.Text.Json;

namespace Routing.Core.Providers;

internal static class WireNumbers
{
    // No call has this many tokens.
    private const long TooMany = 1L << 40;

    /// <summary>The count that follows; 0 for a negative or absurd one, which must neither crash us nor pay us back.</summary>
    public static long Tokens(ref Utf8JsonReader json)
    {
        if (!json.Read()) return 0;
        if (json.TokenType == JsonTokenType.Number) return json.TryGetInt64(out var value) && value is >= 0 and < TooMany ? value : 0;
        json.Skip();
        return 0;
    }
}
