using System.Buffers;
using System.Text.Json;
using Routing.Core.Llm;

namespace Routing.Core.Providers.Bedrock;

/// <summary><c>requestMetadata</c>: at most 16 pairs of a narrow set of characters, which reach the account's invocation log and nothing else.</summary>
internal static class RequestMetadata
{
    public const int MostPairs = 16;

    /// <summary>The key the end user goes under.</summary>
    public const string UserKey = "end_user";

    /// <summary>For <c>x-route-warnings</c>.</summary>
    public const string Changed = "metadata values cut to 256 characters of those Bedrock allows";

    private const int Longest = 256;

    private static readonly SearchValues<char> Allowed =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789 \t\n\r\f\v:_@$#=/+,-.");

    public static bool IsKey(string key) => key.Length is > 0 and <= Longest && !key.AsSpan().ContainsAnyExcept(Allowed);

    public static bool IsChanged(ChatRequest request)
    {
        foreach (var (_, value) in request.Metadata)
        {
            if (value.Length > Longest || value.AsSpan().ContainsAnyExcept(Allowed)) return true;
        }

        return false;
    }

    public static void Write(Utf8JsonWriter json, ChatRequest request)
    {
        if (request.Metadata.IsEmpty && request.EndUser is null) return;
        json.WriteStartObject("requestMetadata"u8);
        foreach (var (key, value) in request.Metadata) json.WriteString(key, Value(value));
        if (request.EndUser is { } user) json.WriteString(UserKey, Value(user));
        json.WriteEndObject();
    }

    private static string Value(string value)
    {
        if (value.Length > Longest) value = value[..Longest];
        if (!value.AsSpan().ContainsAnyExcept(Allowed)) return value;
        return string.Create(value.Length, value, static (chars, from) =>
        {
            for (var i = 0; i < chars.Length; i++) chars[i] = Allowed.Contains(from[i]) ? from[i] : '_';
        });
    }
}
