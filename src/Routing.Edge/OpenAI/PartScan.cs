using System.Text.Json;
using Routing.Core.Llm;

namespace Routing.Edge.OpenAI;

/// <summary>Checks one part of a message's content.</summary>
internal static class PartScan
{
    public static Capabilities Read(ref Utf8JsonReader json, in At at)
    {
        if (json.TokenType != JsonTokenType.StartObject) throw RequestFault.Type(at.ToString(), "an object", JsonValue.Word(json.TokenType));
        var needs = Capabilities.None;
        var seen = new MemberNames();
        bool hasType = false, isText = false, hasText = false;
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            var name = seen.Take(ref json, at);
            json.Read();
            switch (name)
            {
                case "type":
                    needs |= Kind(ref json, at, out isText);
                    hasType = true;
                    break;
                case "text": hasText = json.TokenType == JsonTokenType.String || JsonValue.Text(ref json, at.Of("text"), int.MaxValue); break;
                case "image_url": Image(ref json, at with { Inside = "image_url" }); break;
                default: json.Skip(); break;
            }
        }

        if (!hasType) throw RequestFault.Missing(at.Of("type"));
        return !isText || hasText ? needs : throw RequestFault.Missing(at.Of("text"));
    }

    private static Capabilities Kind(ref Utf8JsonReader json, in At at, out bool isText)
    {
        if (json.TokenType != JsonTokenType.String) throw RequestFault.Type(at.Of("type"), "a string", JsonValue.Word(json.TokenType));
        isText = json.ValueTextEquals("text"u8);
        if (isText) return Capabilities.None;
        if (json.ValueTextEquals("image_url"u8)) return Capabilities.Vision;
        return json.ValueTextEquals("input_audio"u8) ? Capabilities.Audio : Capabilities.SameWireFields;
    }

    private static void Image(ref Utf8JsonReader json, in At at)
    {
        if (json.TokenType != JsonTokenType.StartObject) throw RequestFault.Type(at.ToString(), "an object", JsonValue.Word(json.TokenType));
        var seen = new MemberNames();
        var hasUrl = false;
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            var name = seen.Take(ref json, at);
            json.Read();
            if (name == "url") hasUrl = Url(ref json, at);
            else json.Skip();
        }

        if (!hasUrl) throw RequestFault.Missing(at.Of("url"));
    }

    // Nothing here fetches it, but the provider will: no caller may make somebody's server read files or plain-http neighbours.
    private static bool Url(ref Utf8JsonReader json, in At at)
    {
        if (json.TokenType != JsonTokenType.String) throw RequestFault.Type(at.Of("url"), "a string", JsonValue.Word(json.TokenType));
        if (json.ValueSpan.StartsWith("https://"u8) || json.ValueSpan.StartsWith("data:image/"u8)) return true;
        if (json.ValueIsEscaped && json.GetString() is { } url
            && (url.StartsWith("https://", StringComparison.Ordinal) || url.StartsWith("data:image/", StringComparison.Ordinal))) return true;
        throw RequestFault.Value(at.Of("url"), "must begin with https:// or data:image/.");
    }
}
