using System.Text.Json;

namespace Routing.Core.Providers;

internal static class WireJson
{
    /// <summary>
    /// Whether reading failed for the sake of the bytes: bad syntax, or an escape that is half a character,
    /// which the reader accepts as syntax and refuses as text with another exception.
    /// </summary>
    public static bool IsUnreadable(Exception exception) => exception is JsonException or InvalidOperationException;
}
