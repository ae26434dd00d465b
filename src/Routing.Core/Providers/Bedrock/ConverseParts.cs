using System.Text.Json;
using Routing.Core.Llm;

namespace Routing.Core.Providers.Bedrock;

/// <summary>Writes the pieces of one request's messages as Converse's content blocks.</summary>
internal sealed class ConverseParts(BedrockModel model)
{
    private DocumentNames _documents = new();

    /// <summary>Only Anthropic's models take their reasoning back, and only what they have signed. Nothing older than a tool's result needs it.</summary>
    public bool Keeps(ContentPart part) => part switch
    {
        ReasoningPart thought => model.Maker == BedrockMaker.Anthropic && ReasoningOrigin.MayBeClaudes(thought),
        RedactedReasoningPart => model.Maker == BedrockMaker.Anthropic,
        _ => true,
    };

    public void Write(Utf8JsonWriter json, ContentPart part)
    {
        if (!Keeps(part)) return;
        json.WriteStartObject();
        switch (part)
        {
            case TextPart text: json.WriteString("text"u8, text.Text); break;
            case ImagePart image: Image(json, image); break;
            case DocumentPart document: Document(json, document); break;
            case ToolCallPart call: ToolUse(json, call); break;
            case ToolResultPart result: ToolResult(json, result); break;
            case ReasoningPart reasoning: Reasoning(json, reasoning); break;
            case RedactedReasoningPart redacted: Redacted(json, redacted); break;
        }

        json.WriteEndObject();
        if (MarkOf(part) is { } mark) CachePoint(json, mark, model);
    }

    /// <summary>A block of its own behind what is to be cached.</summary>
    public static void CachePoint(Utf8JsonWriter json, CacheMark mark, in BedrockModel model)
    {
        if (!model.Caches) return;
        json.WriteStartObject();
        json.WriteStartObject("cachePoint"u8);
        json.WriteString("type"u8, "default"u8);
        if (mark.Ttl is { } ttl && model.Maker == BedrockMaker.Anthropic) json.WriteString("ttl"u8, ttl);
        json.WriteEndObject();
        json.WriteEndObject();
    }

    // Converse has no place for a mark inside a tool's result: behind it the same prefix is cached, and a little more.
    private static CacheMark? MarkOf(ContentPart part)
    {
        if (part.Cache is not null || part is not ToolResultPart result) return part.Cache;
        CacheMark? mark = null;
        foreach (var inner in result.Content) mark = inner.Cache ?? mark;
        return mark;
    }

    private static void Image(Utf8JsonWriter json, ImagePart image)
    {
        json.WriteStartObject("image"u8);
        json.WriteString("format"u8, ConverseFormats.Image(image.MediaType));
        Source(json, image.Base64);
        json.WriteEndObject();
    }

    private void Document(Utf8JsonWriter json, DocumentPart document)
    {
        json.WriteStartObject("document"u8);
        json.WriteString("format"u8, ConverseFormats.Document(document.MediaType));
        json.WriteString("name"u8, _documents.Next(document.Name));
        Source(json, document.Base64);
        json.WriteEndObject();
    }

    private static void Source(Utf8JsonWriter json, string base64)
    {
        json.WriteStartObject("source"u8);
        json.WriteString("bytes"u8, base64);
        json.WriteEndObject();
    }

    private static void ToolUse(Utf8JsonWriter json, ToolCallPart call)
    {
        json.WriteStartObject("toolUse"u8);
        json.WriteString("toolUseId"u8, ConverseNames.ToWire(call.Id));
        json.WriteString("name"u8, ConverseNames.ToWire(call.Name));
        json.WritePropertyName("input"u8);
        json.WriteRawValue(string.IsNullOrWhiteSpace(call.Arguments) ? "{}" : call.Arguments);
        json.WriteEndObject();
    }

    private void ToolResult(Utf8JsonWriter json, ToolResultPart result)
    {
        json.WriteStartObject("toolResult"u8);
        json.WriteString("toolUseId"u8, ConverseNames.ToWire(result.CallId));
        json.WriteStartArray("content"u8);
        foreach (var part in result.Content)
        {
            // A mark in here is set behind the whole result.
            if (!TurnOrder.IsEmpty(part)) Write(json, part.Cache is null ? part : part with { Cache = null });
        }

        json.WriteEndArray();
        if (result.IsError && model.TakesToolStatus) json.WriteString("status"u8, "error"u8);
        json.WriteEndObject();
    }

    private static void Reasoning(Utf8JsonWriter json, ReasoningPart reasoning)
    {
        json.WriteStartObject("reasoningContent"u8);
        json.WriteStartObject("reasoningText"u8);
        json.WriteString("text"u8, reasoning.Text);
        json.WriteString("signature"u8, reasoning.Signature);
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static void Redacted(Utf8JsonWriter json, RedactedReasoningPart redacted)
    {
        json.WriteStartObject("reasoningContent"u8);
        json.WriteString("redactedContent"u8, redacted.Data);
        json.WriteEndObject();
    }
}
