using System.Buffers;
using System.Globalization;
using System.Text.Json;
using Routing.Simulator.Answers;
using Routing.Simulator.Calls;
using Routing.Simulator.Faults;

namespace Routing.Simulator.Vertex;

/// <summary>Writes GenerateContentResponse, whole, as server-sent events, or as one JSON array.</summary>
internal sealed class VertexWire : IWire
{
    private const string ThoughtText = "**Weighing the question**\n\nThe prompt asks for a short, factual answer.";

    public string Name => "vertex";

    public string StreamContentType(SimulatedCall call) => call.AsJsonArray ? "application/json; charset=UTF-8" : "text/event-stream";

    public void AddHeaders(IHeaderDictionary headers, SimulatedCall call)
    {
        headers.Vary = "Origin, X-Origin, Referer";
        headers["server-timing"] = "gfet4t7; dur=1";
        headers.XContentTypeOptions = "nosniff";
    }

    public ErrorReply? Refuse(FaultRule fault, SimulatedCall call) => VertexErrors.Of(fault, call) is { } reply ? VertexErrors.For(call, reply) : null;

    public void WriteWhole(IBufferWriter<byte> body, SimulatedCall call, Answer answer, TimeSpan took) =>
        WriteResponse(JsonOut.Into(body), call, answer, answer.Text, withThought: true);

    public void WriteStart(IBufferWriter<byte> body, SimulatedCall call, Answer answer)
    {
        if (call.AsJsonArray) body.Write("["u8);
        if (!call.ShowsThoughts || answer.ThoughtTokens == 0) return;
        BeginChunk(body, call);
        WriteChunk(JsonOut.Into(body), call, ThoughtText, isThought: true);
        EndChunk(body, call);
    }

    public void WriteToken(IBufferWriter<byte> body, SimulatedCall call, string text)
    {
        BeginChunk(body, call);
        WriteChunk(JsonOut.Into(body), call, text, isThought: false);
        EndChunk(body, call);
    }

    public void WriteEnd(IBufferWriter<byte> body, SimulatedCall call, Answer answer, TimeSpan took)
    {
        BeginChunk(body, call);
        WriteResponse(JsonOut.Into(body), call, answer, "", withThought: false);
        body.Write(call.AsJsonArray ? "]"u8 : "\r\n\r\n"u8);
    }

    public void WriteErrorInBand(IBufferWriter<byte> body, SimulatedCall call, FaultRule fault)
    {
        BeginChunk(body, call);
        var reply = VertexErrors.Of(fault, call) ?? VertexErrors.Of(500, "INTERNAL", "Internal error encountered.");
        body.Write(reply.BodyBytes());
        body.Write(call.AsJsonArray ? "]"u8 : "\r\n\r\n"u8);
    }

    public void WriteBroken(IBufferWriter<byte> body, SimulatedCall call)
    {
        BeginChunk(body, call);
        body.Write("{\"candidates\":[{\"content\":{\"role\":\"model\",\"parts\":[{\"text\":\"dam"u8);
        EndChunk(body, call);
    }

    private static void BeginChunk(IBufferWriter<byte> body, SimulatedCall call)
    {
        if (!call.AsJsonArray) body.Write("data: "u8);
    }

    private static void EndChunk(IBufferWriter<byte> body, SimulatedCall call) => body.Write(call.AsJsonArray ? ",\r\n"u8 : "\r\n\r\n"u8);

    private static void WriteChunk(Utf8JsonWriter json, SimulatedCall call, string text, bool isThought)
    {
        json.WriteStartObject();
        json.WriteStartArray("candidates");
        json.WriteStartObject();
        BeginParts(json);
        WriteTextPart(json, text, isThought);
        EndParts(json);
        json.WriteEndObject();
        json.WriteEndArray();
        json.WriteStartObject("usageMetadata");
        json.WriteString("trafficType", call.TrafficType);
        json.WriteEndObject();
        WriteIds(json, call);
        json.WriteEndObject();
        json.Flush();
    }

    private static void WriteResponse(Utf8JsonWriter json, SimulatedCall call, Answer answer, string text, bool withThought)
    {
        json.WriteStartObject();
        if (answer.PromptBlocked) WriteBlock(json);
        else WriteCandidate(json, call, answer, text, withThought);
        WriteUsage(json, call, answer);
        WriteIds(json, call);
        json.WriteEndObject();
        json.Flush();
    }

    private static void WriteCandidate(Utf8JsonWriter json, SimulatedCall call, Answer answer, string text, bool withThought)
    {
        json.WriteStartArray("candidates");
        json.WriteStartObject();
        BeginParts(json);
        if (withThought && call.ShowsThoughts && answer.ThoughtTokens > 0) WriteTextPart(json, ThoughtText, isThought: true);
        if (answer.Tool is { } tool) WriteFunctionCall(json, tool);
        else WriteTextPart(json, text, isThought: false);
        EndParts(json);
        json.WriteString("finishReason", FinishReason(answer));
        json.WriteEndObject();
        json.WriteEndArray();
    }

    private static void WriteBlock(Utf8JsonWriter json)
    {
        json.WriteStartObject("promptFeedback");
        json.WriteString("blockReason", "PROHIBITED_CONTENT");
        json.WriteString("blockReasonMessage", "The prompt is blocked due to prohibited contents.");
        json.WriteEndObject();
    }

    private static void WriteFunctionCall(Utf8JsonWriter json, ToolCall tool)
    {
        json.WriteStartObject();
        json.WriteStartObject("functionCall");
        json.WriteString("name", tool.Name);
        json.WritePropertyName("args");
        json.WriteRawValue(tool.ArgumentsJson);
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static void WriteTextPart(Utf8JsonWriter json, string text, bool isThought)
    {
        json.WriteStartObject();
        json.WriteString("text", text);
        if (isThought) json.WriteBoolean("thought", true);
        json.WriteEndObject();
    }

    private static void BeginParts(Utf8JsonWriter json)
    {
        json.WriteStartObject("content");
        json.WriteString("role", "model");
        json.WriteStartArray("parts");
    }

    private static void EndParts(Utf8JsonWriter json)
    {
        json.WriteEndArray();
        json.WriteEndObject();
    }

    /// <summary>Google's prompt count includes the cached part; thoughts stand beside the candidates' tokens, not in them.</summary>
    private static void WriteUsage(Utf8JsonWriter json, SimulatedCall call, Answer answer)
    {
        json.WriteStartObject("usageMetadata");
        json.WriteNumber("promptTokenCount", answer.InputTokens);
        var visible = answer.OutputTokens - answer.ThoughtTokens;
        if (!answer.PromptBlocked) json.WriteNumber("candidatesTokenCount", visible);
        json.WriteNumber("totalTokenCount", answer.InputTokens + answer.OutputTokens);
        if (answer.CachedTokens > 0) json.WriteNumber("cachedContentTokenCount", answer.CachedTokens);
        json.WriteString("trafficType", call.TrafficType);
        WriteDetails(json, "promptTokensDetails", answer.InputTokens);
        if (!answer.PromptBlocked) WriteDetails(json, "candidatesTokensDetails", visible);
        if (answer.ThoughtTokens > 0) json.WriteNumber("thoughtsTokenCount", answer.ThoughtTokens);
        json.WriteEndObject();
    }

    private static void WriteDetails(Utf8JsonWriter json, string name, int tokens)
    {
        json.WriteStartArray(name);
        json.WriteStartObject();
        json.WriteString("modality", "TEXT");
        json.WriteNumber("tokenCount", tokens);
        json.WriteEndObject();
        json.WriteEndArray();
    }

    private static void WriteIds(Utf8JsonWriter json, SimulatedCall call)
    {
        json.WriteString("modelVersion", call.Model);
        json.WriteString("createTime", call.At.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'", CultureInfo.InvariantCulture));
        json.WriteString("responseId", call.RequestId);
    }

    private static string FinishReason(Answer answer) => answer.Stop switch
    {
        StopCause.Length => "MAX_TOKENS",
        StopCause.ContentFilter => "SAFETY",
        StopCause.Unknown => (answer.UnknownStop ?? "unknown").ToUpperInvariant(),
        _ => "STOP",
    };
}
