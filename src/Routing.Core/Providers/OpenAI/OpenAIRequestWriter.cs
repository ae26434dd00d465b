using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Routing.Core.Llm;

namespace Routing.Core.Providers.OpenAI;

/// <summary>
/// Writes a request in OpenAI's shape. The caller's own bytes are copied around the values routing changes; only a caller of another
/// wire makes a new document.
/// </summary>
internal static class OpenAIRequestWriter
{
    public static ReadOnlySpan<byte> IncludeUsage => "{\"include_usage\":true}"u8;

    public static void Write(ChatCall call, ModelTarget model, IBufferWriter<byte> body)
    {
        if (!OpenAISupport.IsSameWire(call, model))
        {
            Build(call, model, body);
            return;
        }

        var original = call.Original!; // A same-wire call has its bytes.
        if (call.Api == CallerApi.Responses && ((call.Needs & Capabilities.ReasoningHistory) != Capabilities.None || Bounds(call, model))) MemberCopy.WriteResponses(call, model, body);
        else if (call.Api == CallerApi.Responses) Copy(original, model.Model, original.Store, "\"store\":"u8, "false"u8, body); // Stored by default, and nothing is stored behind this API.
        else if (call.Api == CallerApi.ChatCompletions && (!model.Quirks.TakesAnyBody || original.Rewrites != Rewrites.None || Bounds(call, model))) MemberCopy.Write(call, model, body);
        else if (!call.Stream) Copy(original, model.Model, body);
        else Copy(original, model.Model, original.StreamOptions, "\"stream_options\":"u8, StreamOptions(original), body); // Usage is for the ledger; its chunk is dropped again when the caller did not ask.
    }

    /// <summary>A limit of the answer is written that the caller did not set.</summary>
    public static bool Bounds(ChatCall call, ModelTarget model) => model.BoundsAnswer && call.MaxOutputTokens is null;

    public static ReadOnlySpan<byte> StreamOptions(OriginalBody original) => original.Obfuscation switch
    {
        true => "{\"include_usage\":true,\"include_obfuscation\":true}"u8,
        false => "{\"include_usage\":true,\"include_obfuscation\":false}"u8,
        null => IncludeUsage,
    };

    public static void WriteString(string value, IBufferWriter<byte> body)
    {
        body.Write("\""u8);
        var room = body.GetSpan(Encoding.UTF8.GetMaxByteCount(value.Length));
        var plain = room[..Encoding.UTF8.GetBytes(value, room)];
        if (JavaScriptEncoder.Default.FindFirstCharacterToEncodeUtf8(plain) < 0) body.Advance(plain.Length); // Names of models are, as good as always.
        else body.Write(JsonEncodedText.Encode(value).EncodedUtf8Bytes);
        body.Write("\""u8);
    }

    private static void Build(ChatCall call, ModelTarget model, IBufferWriter<byte> body)
    {
        if (call.Embedding is { } embedding) Build(embedding, model, body);
        else ChatRequestBuilder.Write(call, model, body);
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

    /// <summary>Copies the bytes around the model and one more member, which is put first where it is absent.</summary>
    /// <param name="place">Of the member's value.</param>
    /// <param name="name">With quotes and colon.</param>
    private static void Copy(OriginalBody original, string model, Range? place, ReadOnlySpan<byte> name, ReadOnlySpan<byte> value, IBufferWriter<byte> body)
    {
        var json = original.Json.Span;
        var modelAt = Position(original.Model, json.Length);
        if (place is not { } given)
        {
            body.Write(json[..original.FirstMember]);
            body.Write(name);
            body.Write(value);
            body.Write(","u8);
            body.Write(json[original.FirstMember..modelAt.Start]);
            WriteString(model, body);
            body.Write(json[modelAt.End..]);
            return;
        }

        var valueAt = Position(given, json.Length);
        var modelFirst = modelAt.Start < valueAt.Start;
        var (first, second) = modelFirst ? (modelAt, valueAt) : (valueAt, modelAt);
        body.Write(json[..first.Start]);
        WriteModelOr(modelFirst, model, value, body);
        body.Write(json[first.End..second.Start]);
        WriteModelOr(!modelFirst, model, value, body);
        body.Write(json[second.End..]);
    }

    private static void WriteModelOr(bool isModel, string model, ReadOnlySpan<byte> value, IBufferWriter<byte> body)
    {
        if (isModel) WriteString(model, body);
        else body.Write(value);
    }

    private static void Copy(OriginalBody original, string model, IBufferWriter<byte> body)
    {
        var json = original.Json.Span;
        var only = Position(original.Model, json.Length);
        body.Write(json[..only.Start]);
        WriteString(model, body);
        body.Write(json[only.End..]);
    }

    private static (int Start, int End) Position(Range range, int length) => (range.Start.GetOffset(length), range.End.GetOffset(length));
}
