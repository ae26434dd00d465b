using System.Text.Json;
using Routing.Core.Llm;

namespace Routing.Core.Providers.Vertex;

/// <summary>
/// Metadata and end user as labels, which reach Google's billing export: at most 64, keys and values of at most 63 of
/// <c>a-z 0-9 _ -</c>, a key beginning with a letter. What does not fit is bent to fit, so this is an approximation.
/// </summary>
internal static class GeminiLabels
{
    /// <summary>The label the end user goes under.</summary>
    public const string EndUserKey = "end_user";

    private const int Most = 64;
    private const int Longest = 63;

    /// <summary>Whether a key of the caller's would take the place of the end user.</summary>
    public static bool Collide(ChatRequest request)
    {
        if (request.EndUser is null) return false;
        foreach (var (key, _) in request.Metadata)
        {
            if (Key(key) == EndUserKey) return true;
        }

        return false;
    }

    public static void Write(Utf8JsonWriter json, ChatRequest request)
    {
        if (request.EndUser is null && request.Metadata.IsEmpty) return;
        json.WriteStartObject("labels"u8);
        var written = new List<string>();
        if (request.EndUser is { } user) Add(json, written, EndUserKey, user);

        // In a fixed order, so that of two keys that bend to the same label always the same one stays.
        string[] keys = [.. request.Metadata.Keys];
        Array.Sort(keys, StringComparer.Ordinal);
        foreach (var key in keys) Add(json, written, Key(key), request.Metadata[key]);
        json.WriteEndObject();
    }

    private static void Add(Utf8JsonWriter json, List<string> written, string key, string value)
    {
        if (written.Count == Most || written.Contains(key)) return;
        written.Add(key);
        json.WriteString(key, Bend(value));
    }

    private static string Key(string key) => key.Length > 0 && char.IsAsciiLetter(key[0]) ? Bend(key) : Bend("x" + key);

    private static string Bend(string text) => string.Create(Math.Min(text.Length, Longest), text, static (to, from) =>
    {
        for (var i = 0; i < to.Length; i++)
        {
            var c = char.ToLowerInvariant(from[i]);
            to[i] = char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == '-' ? c : '_';
        }
    });
}
