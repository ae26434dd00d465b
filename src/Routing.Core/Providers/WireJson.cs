using System.Text.Json;

namespace Routing.Core.Providers;

internal static class WireJson
{
    /// <summary>
    /// Whether reading failed for the sake of the bytes: bad syntax, or an escape that is half a character,
    /// which the reader accepts as syntax and refuses as text with another exception.
    /// </summary>
    public static bool IsUnreadable(Exception exception) => exception is JsonException or InvalidOperationException;

    /// <summary>Whether it is one JSON object and nothing else.</summary>
    public static bool IsObject(ReadOnlySpan<byte> utf8)
    {
        try
        {
            var json = new Utf8JsonReader(utf8);
            if (!json.Read() || json.TokenType != JsonTokenType.StartObject) return false;
            json.Skip();
            return !json.Read();
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
