using System.Text.Json;
using Routing.Core.Llm;

namespace Routing.Core.Providers.Anthropic;

/// <summary>Pieces of a message as Anthropic's content blocks.</summary>
internal static class MessagesParts
{
    /// <summary>Whether a piece is written at all.</summary>
    public static bool Keeps(ContentPart part) => !TurnOrder.IsEmpty(part) && (part is not ReasoningPart thought || ReasoningOrigin.MayBeClaudes(thought));

    public static void Write(Utf8JsonWriter json, ContentPart part)
    {
        if (!Keeps(part)) return;
        json.WriteStartObject();
        switch (part)
        {
            case TextPart text:
                json.WriteString("type"u8, "text"u8);
                json.WriteString("text"u8, text.Text);
                break;
            case ImagePart image:
                json.WriteString("type"u8, "image"u8);
                if (image.Url is { } url) UrlSource(json, url);
                else Base64Source(json, image.MediaType, image.Base64);
                break;
            case DocumentPart document:
                Document(json, document);
                break;
            case ToolCallPart call:
                json.WriteString("type"u8, "tool_use"u8);
                json.WriteString("id"u8, call.Id);
                json.WriteString("name"u8, call.Name);
                json.WritePropertyName("input"u8);
                json.WriteRawValue(call.Arguments);
                break;
            case ToolResultPart result:
                Result(json, result);
                break;
            case ReasoningPart reasoning:
                json.WriteString("type"u8, "thinking"u8);
                json.WriteString("thinking"u8, reasoning.Text);
                json.WriteString("signature"u8, reasoning.Signature);
                break;
            case RedactedReasoningPart redacted:
                json.WriteString("type"u8, "redacted_thinking"u8);
                json.WriteString("data"u8, redacted.Data);
                break;
        }

        Cache(part.Cache, json);
        json.WriteEndObject();
    }

    public static void Cache(CacheMark? mark, Utf8JsonWriter json)
    {
        if (mark is null) return;
        json.WriteStartObject("cache_control"u8);
        json.WriteString("type"u8, "ephemeral"u8);
        if (mark.Ttl is { } ttl) json.WriteString("ttl"u8, ttl);
        json.WriteEndObject();
    }

    private static void Result(Utf8JsonWriter json, ToolResultPart result)
    {
        json.WriteString("type"u8, "tool_result"u8);
        json.WriteString("tool_use_id"u8, result.CallId);
        if (result.IsError) json.WriteBoolean("is_error"u8, true);
        json.WriteStartArray("content"u8);
        foreach (var part in result.Content) Write(json, part);
        json.WriteEndArray();
    }

    private static void Document(Utf8JsonWriter json, DocumentPart document)
    {
        json.WriteString("type"u8, "document"u8);
        if (document.Name.Length > 0) json.WriteString("title"u8, document.Name);
        if (document.MediaType != "text/plain")
        {
            Base64Source(json, document.MediaType, document.Base64);
            return;
        }

        json.WriteStartObject("source"u8);
        json.WriteString("type"u8, "text"u8);
        json.WriteString("media_type"u8, "text/plain"u8);
        json.WriteString("data"u8, Convert.FromBase64String(document.Base64));
        json.WriteEndObject();
    }

    private static void UrlSource(Utf8JsonWriter json, string url)
    {
        json.WriteStartObject("source"u8);
        json.WriteString("type"u8, "url"u8);
        json.WriteString("url"u8, url);
        json.WriteEndObject();
    }

    private static void Base64Source(Utf8JsonWriter json, string mediaType, string base64)
    {
        json.WriteStartObject("source"u8);
        json.WriteString("type"u8, "base64"u8);
        json.WriteString("media_type"u8, mediaType);
        json.WriteString("data"u8, base64);
        json.WriteEndObject();
    }
}
