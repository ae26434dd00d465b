using System.Buffers;
using System.Globalization;
using System.Text.Json;
using Routing.Simulator.Answers;
using Routing.Simulator.Calls;
using Routing.Simulator.Faults;

namespace Routing.Simulator.Vertex;

/// <summary>Writes GenerateContentResponse, whole, as server-sent events, or as one JSON array.</summary>
internal sealed class GeminiForm : IStreamedForm
{
    // Signed apart from what a thought says: the signature hangs on the part that follows the thinking.
    private const string SignedText = "gemini";

    public string StreamContentType(SimulatedCall call) => call.AsJsonArray ? "application/json; charset=UTF-8" : "text/event-stream";

    public void WriteWhole(IBufferWriter<byte> body, SimulatedCall call, Answer answer, TimeSpan took)
    {
        var json = JsonOut.Into(body);
        json.WriteStartObject();
        if (answer.PromptBlocked) WriteBlock(json);
        else WriteCandidates(json, call, answer);
        WriteUsage(json, call, answer);
        WriteIds(json, call);
        json.WriteEndObject();
        json.Flush();
    }

    public void WriteStart(IBufferWriter<byte> body, SimulatedCall call, Answer answer)
    {
        if (call.AsJsonArray) body.Write("["u8);
    }

    public void WritePart(IBufferWriter<byte> body, SimulatedCall call, Block block, int part)
    {
        // A function call travels whole, when its last argument is there.
        if (block.Kind == BlockKind.SealedThought || (block.Kind == BlockKind.ToolCall && !block.IsLast(part))) return;
        BeginChunk(body, call);
        var json = JsonOut.Into(body);
        json.WriteStartObject();
        json.WriteStartArray("candidates");
        json.WriteStartObject();
        BeginParts(json);
        if (block.Kind == BlockKind.ToolCall) WriteFunctionCall(json, block, signed: call.Ask.SignsCalls && block.Tool!.Order == 0); // A tool call's block has its call.
        else WriteTextPart(json, block.Parts.Span[part], block.Kind == BlockKind.Thought);
        EndParts(json);
        if (block.Choice > 0) json.WriteNumber("index", block.Choice);
        json.WriteEndObject();
        json.WriteEndArray();
        json.WriteStartObject("usageMetadata");
        json.WriteString("trafficType", call.TrafficType);
        json.WriteEndObject();
        WriteIds(json, call);
        json.WriteEndObject();
        json.Flush();
        EndChunk(body, call);
    }

    public void WriteEnd(IBufferWriter<byte> body, SimulatedCall call, Answer answer, TimeSpan took)
    {
        BeginChunk(body, call);
        var json = JsonOut.Into(body);
        json.WriteStartObject();
        if (answer.PromptBlocked) WriteBlock(json);
        else WriteLastCandidates(json, call, answer);
        WriteUsage(json, call, answer);
        WriteIds(json, call);
        json.WriteEndObject();
        json.Flush();
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

    private static void WriteCandidates(Utf8JsonWriter json, SimulatedCall call, Answer answer)
    {
        json.WriteStartArray("candidates");
        foreach (var choice in answer.Choices)
        {
            json.WriteStartObject();
            BeginParts(json);
            var signed = choice.Blocks.Any(b => b.Kind == BlockKind.Thought);
            foreach (var block in choice.Blocks)
            {
                if (block.Kind == BlockKind.ToolCall) WriteFunctionCall(json, block, call.Ask.SignsCalls && block.Tool!.Order == 0); // As above.
                else if (block.Kind != BlockKind.SealedThought) WriteTextPart(json, block.Text, block.Kind == BlockKind.Thought, signed && block.Kind == BlockKind.Text && !choice.Tools.Any());
            }

            if (choice.Blocks.Count == 0) WriteTextPart(json, "", isThought: false);
            EndParts(json);
            EndCandidate(json, choice);
        }

        json.WriteEndArray();
    }

    private static void WriteLastCandidates(Utf8JsonWriter json, SimulatedCall call, Answer answer)
    {
        json.WriteStartArray("candidates");
        foreach (var choice in answer.Choices)
        {
            json.WriteStartObject();
            BeginParts(json);
            WriteTextPart(json, "", isThought: false, signed: call.Ask.ShowsThoughts && answer.ThoughtTokens > 0 && !choice.Tools.Any());
            EndParts(json);
            EndCandidate(json, choice);
        }

        json.WriteEndArray();
    }

    private static void EndCandidate(Utf8JsonWriter json, Choice choice)
    {
        json.WriteString("finishReason", FinishReason(choice));
        if (choice.Index > 0) json.WriteNumber("index", choice.Index);
        json.WriteEndObject();
    }

    private static void WriteBlock(Utf8JsonWriter json)
    {
        json.WriteStartObject("promptFeedback");
        json.WriteString("blockReason", "PROHIBITED_CONTENT");
        json.WriteString("blockReasonMessage", "The prompt is blocked due to prohibited contents.");
        json.WriteEndObject();
    }

    private static void WriteFunctionCall(Utf8JsonWriter json, Block block, bool signed)
    {
        json.WriteStartObject();
        json.WriteStartObject("functionCall");
        json.WriteString("name", block.Tool!.Name); // As above.
        json.WritePropertyName("args");
        json.WriteRawValue(block.Tool.ArgumentsJson);
        json.WriteEndObject();
        if (signed) json.WriteString("thoughtSignature", ThoughtSignature.Of(SignedText));
        json.WriteEndObject();
    }

    private static void WriteTextPart(Utf8JsonWriter json, string text, bool isThought, bool signed = false)
    {
        json.WriteStartObject();
        json.WriteString("text", text);
        if (isThought) json.WriteBoolean("thought", true);
        if (signed) json.WriteString("thoughtSignature", ThoughtSignature.Of(SignedText));
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

    public static void WriteDetails(Utf8JsonWriter json, string name, int tokens)
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

    // Google has no word of its own for stop sequences and tool calls.
    private static string FinishReason(Choice choice) => choice.Stop switch
    {
        StopCause.Length => "MAX_TOKENS",
        StopCause.ContentFilter => "SAFETY",
        StopCause.Named => (choice.NamedStop ?? "unknown").ToUpperInvariant(),
        _ => "STOP",
    };
}
