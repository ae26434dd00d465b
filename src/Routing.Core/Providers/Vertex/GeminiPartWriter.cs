using System.Text;
using System.Text.Json;
using Routing.Core.Llm;

namespace Routing.Core.Providers.Vertex;

/// <summary>Writes the parts of one request's turns, in order: whether a tool call opens a step decides if it must be signed.</summary>
internal sealed class GeminiPartWriter(GeminiModel model)
{
    // Numbers go through a double on Google's side; one with more digits would come out as another number.
    private const int ExactDigits = 15;

    private bool _inStep;

    /// <summary>Another maker's reasoning is left out; unsigned, it is only a summary that the model does not need back.</summary>
    public static bool Keeps(ContentPart part) =>
        part is not RedactedReasoningPart && (part is not ReasoningPart reasoning || GeminiSignatures.Own(reasoning.Signature) is not null);

    public void Write(Utf8JsonWriter json, ContentPart part)
    {
        switch (part)
        {
            case TextPart: TurnOrder.WriteText(json, part); break;
            case ImagePart image: WriteImage(json, image); break;
            case DocumentPart document: WriteInline(json, document.MediaType, document.Base64); break;
            case ReasoningPart reasoning: WriteReasoning(json, reasoning); break;
            case ToolCallPart call: WriteCall(json, call); break;
            case ToolResultPart result: WriteResult(json, result); break;
        }
    }

    private static void WriteImage(Utf8JsonWriter json, ImagePart image)
    {
        if (image.Url is not { } url)
        {
            WriteInline(json, image.MediaType, image.Base64);
            return;
        }

        json.WriteStartObject();
        json.WriteStartObject("fileData"u8);
        json.WriteString("mimeType"u8, MediaType(url));
        json.WriteString("fileUri"u8, url);
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static void WriteInline(Utf8JsonWriter json, string mediaType, string base64)
    {
        json.WriteStartObject();
        json.WriteStartObject("inlineData"u8);
        json.WriteString("mimeType"u8, mediaType);
        json.WriteString("data"u8, base64);
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static void WriteReasoning(Utf8JsonWriter json, ReasoningPart reasoning)
    {
        if (GeminiSignatures.Own(reasoning.Signature) is not { } signature) return;
        json.WriteStartObject();
        json.WriteString("text"u8, reasoning.Text);
        json.WriteBoolean("thought"u8, true);
        json.WriteString("thoughtSignature"u8, signature);
        json.WriteEndObject();
    }

    private void WriteCall(Utf8JsonWriter json, ToolCallPart call)
    {
        var signature = GeminiCallIds.Signature(call.Id);
        if (!_inStep && model.IsThird) signature ??= GeminiSignatures.ForeignCall;
        _inStep = true;
        json.WriteStartObject();
        json.WriteStartObject("functionCall"u8);
        json.WriteString("name"u8, call.Name);
        if (IsObject(call.Arguments, out _)) WriteRaw(json, "args"u8, call.Arguments);
        else if (string.IsNullOrWhiteSpace(call.Arguments)) WriteRaw(json, "args"u8, "{}");
        else WriteWrapped(json, "args"u8, "arguments"u8, call.Arguments);
        json.WriteEndObject();
        if (signature is not null) json.WriteString("thoughtSignature"u8, signature);
        json.WriteEndObject();
    }

    private void WriteResult(Utf8JsonWriter json, ToolResultPart result)
    {
        _inStep = false;
        var text = Text(result);
        json.WriteStartObject();
        json.WriteStartObject("functionResponse"u8);
        json.WriteString("name"u8, result.Name);
        if (result.IsError) WriteWrapped(json, "response"u8, "error"u8, text);
        else if (IsObject(text, out var isExact) && isExact) WriteRaw(json, "response"u8, text);
        else WriteWrapped(json, "response"u8, "output"u8, text);
        WriteImages(json, result);
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static void WriteImages(Utf8JsonWriter json, ToolResultPart result)
    {
        var any = false;
        foreach (var part in result.Content)
        {
            if (part is not ImagePart image) continue;
            if (!any) json.WriteStartArray("parts"u8);
            any = true;
            WriteImage(json, image);
        }

        if (any) json.WriteEndArray();
    }

    private static void WriteWrapped(Utf8JsonWriter json, ReadOnlySpan<byte> name, ReadOnlySpan<byte> member, string text)
    {
        json.WriteStartObject(name);
        json.WriteString(member, text);
        json.WriteEndObject();
    }

    private static void WriteRaw(Utf8JsonWriter json, ReadOnlySpan<byte> name, string value)
    {
        json.WritePropertyName(name);
        json.WriteRawValue(value);
    }

    private static string Text(ToolResultPart result)
    {
        var text = "";
        foreach (var part in result.Content)
        {
            var piece = part is TextPart said ? said.Text : part is DocumentPart { IsText: true } document ? document.ReadText() : null;
            if (piece is not null) text = text.Length == 0 ? piece : text + "\n" + piece;
        }

        return text;
    }

    private static bool IsObject(string text, out bool isExact)
    {
        isExact = true;
        if (!text.AsSpan().TrimStart().StartsWith('{')) return false;
        var json = new Utf8JsonReader(Encoding.UTF8.GetBytes(text));
        try
        {
            while (json.Read()) isExact &= json.TokenType != JsonTokenType.Number || json.ValueSpan.Length <= ExactDigits;
            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    // Required beside an address, and nobody says it: what most pictures are, where the ending says nothing.
    private static string MediaType(string url)
    {
        var end = url.AsSpan().IndexOfAny('?', '#');
        var path = end < 0 ? url.AsSpan() : url.AsSpan(0, end);
        return Ends(path, ".png") ? "image/png" : Ends(path, ".webp") ? "image/webp" : Ends(path, ".gif") ? "image/gif"
            : Ends(path, ".heic") ? "image/heic" : Ends(path, ".heif") ? "image/heif" : "image/jpeg";
    }

    private static bool Ends(ReadOnlySpan<char> path, string ending) => path.EndsWith(ending, StringComparison.OrdinalIgnoreCase);
}
