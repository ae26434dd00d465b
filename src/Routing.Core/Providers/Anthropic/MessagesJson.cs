using System.Text.Json;

namespace Routing.Core.Providers.Anthropic;

internal static class MessagesJson
{
    /// <summary>The string that follows; null for anything else.</summary>
    public static string? Text(ref Utf8JsonReader json)
    {
        json.Read();
        if (json.TokenType == JsonTokenType.String) return json.GetString();
        json.Skip();
        return null;
    }

    public static void Skip(ref Utf8JsonReader json)
    {
        json.Read();
        json.Skip();
    }
}
