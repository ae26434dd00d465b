using System.Buffers;
using System.Text.Json;
using Routing.Core.Llm;

namespace Routing.Core.Providers.OpenAI;

/// <summary>
/// Writes a chat request in OpenAI's shape. The caller's own bytes are copied around the two values routing changes
/// (<c>model</c> and <c>stream_options</c>); only a caller of another wire makes a new document.
/// </summary>
internal static class OpenAIRequestWriter
{
    private static ReadOnlySpan<byte> IncludeUsage => "{\"include_usage\":true}"u8;

    private static ReadOnlySpan<byte> StreamOptions(OriginalBody original) => original.Obfuscation switch
    {
        true => "{\"include_usage\":true,\"include_obfuscation\":true}"u8,
        false => "{\"include_usage\":true,\"include_obfuscation\":false}"u8,
        null => IncludeUsage,
    };

    public static void Write(ChatCall call, ModelTarget model, IBufferWriter<byte> body)
    {
        if (call.Original is { } original) Copy(original, call.Stream, model.Model, body);
        else if (call.Embedding is { } embedding) Build(embedding, model, body);
        else Build(call, model, body);
    }

    private static void Build(EmbeddingRequest request, ModelTarget model, IBufferWriter<byte> body)
    {
        using var json = new Utf8JsonWriter(body);
        json.WriteStartObject();
        json.WriteString("model"u8, model.Model);
        json.WriteStartArray("input"u8);
        foreach (var text in request.Inputs) json.WriteStringValue(text);
        json.WriteEndArray();
        if (request.Dimensions is { } dimensions) json.WriteNumber("dimensions"u8, dimensions);
        json.WriteEndObject();
    }

    private static void Copy(OriginalBody original, bool stream, string model, IBufferWriter<byte> body)
    {
        var json = original.Json.Span;
        if (!stream)
        {
            var only = Position(original.Model, json.Length);
            body.Write(json[..only.Start]);
            WriteString(model, body);
            body.Write(json[only.End..]);
            return;
        }

        // Usage is always asked for: the ledger needs it, and the chunk is dropped again when the caller did not ask.
        if (original.StreamOptions is not { } options)
        {
            var name = Position(original.Model, json.Length);
            body.Write(json[..original.FirstMember]);
            body.Write("\"stream_options\":"u8);
            body.Write(IncludeUsage);
            body.Write(","u8);
            body.Write(json[original.FirstMember..name.Start]);
            WriteString(model, body);
            body.Write(json[name.End..]);
            return;
        }

        var modelAt = Position(original.Model, json.Length);
        var optionsAt = Position(options, json.Length);
        var modelFirst = modelAt.Start < optionsAt.Start;
        var (first, second) = modelFirst ? (modelAt, optionsAt) : (optionsAt, modelAt);
        body.Write(json[..first.Start]);
        WriteValue(modelFirst);
        body.Write(json[first.End..second.Start]);
        WriteValue(!modelFirst);
        body.Write(json[second.End..]);

        void WriteValue(bool isModel)
        {
            if (isModel) WriteString(model, body);
            else body.Write(StreamOptions(original));
        }
    }

    private static void Build(ChatCall call, ModelTarget model, IBufferWriter<byte> body)
    {
        using var json = new Utf8JsonWriter(body);
        var request = call.Request;
        json.WriteStartObject();
        json.WriteString("model"u8, model.Model);
        json.WriteNumber("max_completion_tokens"u8, request.MaxOutputTokens ?? model.MaxOutputTokens);
        if (request.Temperature is { } temperature) json.WriteNumber("temperature"u8, temperature);
        if (request.TopP is { } topP) json.WriteNumber("top_p"u8, topP);
        if (!request.StopSequences.IsEmpty)
        {
            json.WriteStartArray("stop"u8);
            foreach (var stop in request.StopSequences) json.WriteStringValue(stop);
            json.WriteEndArray();
        }

        if (call.Stream)
        {
            json.WriteBoolean("stream"u8, true);
            json.WritePropertyName("stream_options"u8);
            json.WriteRawValue(IncludeUsage);
        }

        json.WriteStartArray("messages"u8);
        foreach (var message in request.Messages) WriteMessage(message, json);
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void WriteMessage(ChatMessage message, Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteString("role"u8, message.Role switch
        {
            ChatRole.System => "system"u8,
            ChatRole.Assistant => "assistant"u8,
            ChatRole.Tool => "tool"u8,
            _ => "user"u8,
        });
        json.WriteStartArray("content"u8);
        foreach (var part in message.Parts)
        {
            if (part is not TextPart text) continue;
            json.WriteStartObject();
            json.WriteString("type"u8, "text"u8);
            json.WriteString("text"u8, text.Text);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static (int Start, int End) Position(Range range, int length) => (range.Start.GetOffset(length), range.End.GetOffset(length));

    private static void WriteString(string value, IBufferWriter<byte> body)
    {
        body.Write("\""u8);
        var encoded = JsonEncodedText.Encode(value);
        body.Write(encoded.EncodedUtf8Bytes);
        body.Write("\""u8);
    }
}
