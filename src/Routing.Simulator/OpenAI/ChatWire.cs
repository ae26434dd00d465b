using System.Buffers;
using System.Text.Json;
using Routing.Simulator.Answers;
using Routing.Simulator.Calls;
using Routing.Simulator.Faults;

namespace Routing.Simulator.OpenAI;

/// <summary>Writes chat completions. OpenAI and Azure differ in headers, errors and Azure's filter results.</summary>
internal abstract class ChatWire : IWire
{
    public abstract string Name { get; }

    protected abstract bool HasFilterResults { get; }

    public string StreamContentType(SimulatedCall call) => "text/event-stream; charset=utf-8";

    public abstract void AddHeaders(IHeaderDictionary headers, SimulatedCall call);

    public abstract ErrorReply? Refuse(FaultRule fault, SimulatedCall call);

    /// <summary>The model name in the answer: a dated version of what was asked for, where there is one.</summary>
    protected virtual string AnsweringModel(SimulatedCall call) => call.Model;

    public void WriteWhole(IBufferWriter<byte> body, SimulatedCall call, Answer answer, TimeSpan took)
    {
        var json = JsonOut.Into(body);
        json.WriteStartObject();
        WriteHead(json, call, "chat.completion");
        if (HasFilterResults) FilterResults.WritePrompt(json);
        json.WriteStartArray("choices");
        json.WriteStartObject();
        json.WriteNumber("index", 0);
        if (HasFilterResults) FilterResults.WriteChoice(json, answer.Stop == StopCause.ContentFilter);
        json.WriteStartObject("message");
        json.WriteString("role", "assistant");
        if (answer.Tool is { } tool) WriteToolCall(json, call, tool, index: null, tool.ArgumentsJson);
        else json.WriteString("content", answer.Text);
        json.WriteNull("refusal");
        json.WriteEndObject();
        json.WriteNull("logprobs");
        json.WriteString("finish_reason", FinishReason(answer));
        json.WriteEndObject();
        json.WriteEndArray();
        WriteUsage(json, answer);
        json.WriteEndObject();
        json.Flush();
    }

    public void WriteStart(IBufferWriter<byte> body, SimulatedCall call, Answer answer)
    {
        if (HasFilterResults) FilterResults.WritePromptChunk(body);
        WriteChunk(body, call, "", static (json, _) =>
        {
            json.WriteString("role", "assistant");
            json.WriteString("content", "");
            json.WriteNull("refusal");
        });
        if (answer.Tool is not { } tool) return;
        WriteChunk(body, call, (call, tool), static (json, t) => WriteToolCall(json, t.call, t.tool, index: 0, arguments: ""));
        foreach (var part in Tokenizer.Split(tool.ArgumentsJson)) WriteChunk(body, call, part, static (json, p) => WriteToolArguments(json, p));
    }

    public void WriteToken(IBufferWriter<byte> body, SimulatedCall call, string text) =>
        WriteChunk(body, call, text, static (json, t) => json.WriteString("content", t));

    public void WriteEnd(IBufferWriter<byte> body, SimulatedCall call, Answer answer, TimeSpan took)
    {
        WriteChunk(body, call, 0, static (_, _) => { }, FinishReason(answer), answer.Stop == StopCause.ContentFilter);
        if (call.StreamsUsage) WriteUsageChunk(body, call, answer);
        body.Write("data: [DONE]\n\n"u8);
    }

    public void WriteErrorInBand(IBufferWriter<byte> body, SimulatedCall call, FaultRule fault)
    {
        var reply = Refuse(fault, call) ?? Refuse(new FaultRule { Kind = FaultKind.Internal }, call)!; // Internal always has a reply.
        body.Write("data: "u8);
        body.Write(reply.BodyBytes());
        body.Write("\n\n"u8);
    }

    public void WriteBroken(IBufferWriter<byte> body, SimulatedCall call) =>
        body.Write("data: {\"id\":\"chatcmpl-damaged\",\"choices\":[{\"index\":0,\"delta\":{\"content\":\"dam\n\n"u8);

    private void WriteChunk<T>(
        IBufferWriter<byte> body, SimulatedCall call, T content, Action<Utf8JsonWriter, T> writeDelta, string? finish = null, bool filtered = false)
    {
        body.Write("data: "u8);
        var json = JsonOut.Into(body);
        json.WriteStartObject();
        WriteHead(json, call, "chat.completion.chunk");
        json.WriteStartArray("choices");
        json.WriteStartObject();
        json.WriteNumber("index", 0);
        json.WriteStartObject("delta");
        writeDelta(json, content);
        json.WriteEndObject();
        json.WriteNull("logprobs");
        json.WriteString("finish_reason", finish);
        if (HasFilterResults) FilterResults.WriteChoice(json, filtered);
        json.WriteEndObject();
        json.WriteEndArray();
        if (call.StreamsUsage) json.WriteNull("usage");
        json.WriteEndObject();
        json.Flush();
        body.Write("\n\n"u8);
    }

    private void WriteUsageChunk(IBufferWriter<byte> body, SimulatedCall call, Answer answer)
    {
        body.Write("data: "u8);
        var json = JsonOut.Into(body);
        json.WriteStartObject();
        WriteHead(json, call, "chat.completion.chunk");
        json.WriteStartArray("choices");
        json.WriteEndArray();
        WriteUsage(json, answer);
        json.WriteEndObject();
        json.Flush();
        body.Write("\n\n"u8);
    }

    private void WriteHead(Utf8JsonWriter json, SimulatedCall call, string kind)
    {
        json.WriteString("id", call.RequestId);
        json.WriteString("object", kind);
        json.WriteNumber("created", call.At.ToUnixTimeSeconds());
        json.WriteString("model", AnsweringModel(call));
        json.WriteString("service_tier", call.TrafficType switch { "ON_DEMAND_PRIORITY" => "priority", "ON_DEMAND_FLEX" => "flex", _ => "default" });
        json.WriteString("system_fingerprint", "fp_simulator");
    }

    /// <summary>OpenAI's prompt count includes the cached part, its completion count the reasoning.</summary>
    private static void WriteUsage(Utf8JsonWriter json, Answer answer)
    {
        json.WriteStartObject("usage");
        json.WriteNumber("prompt_tokens", answer.InputTokens);
        json.WriteNumber("completion_tokens", answer.OutputTokens);
        json.WriteNumber("total_tokens", answer.InputTokens + answer.OutputTokens);
        json.WriteStartObject("prompt_tokens_details");
        json.WriteNumber("cached_tokens", answer.CachedTokens);
        json.WriteNumber("audio_tokens", 0);
        json.WriteEndObject();
        json.WriteStartObject("completion_tokens_details");
        json.WriteNumber("reasoning_tokens", answer.ThoughtTokens);
        json.WriteNumber("audio_tokens", 0);
        json.WriteNumber("accepted_prediction_tokens", 0);
        json.WriteNumber("rejected_prediction_tokens", 0);
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static void WriteToolCall(Utf8JsonWriter json, SimulatedCall call, ToolCall tool, int? index, string arguments)
    {
        json.WriteNull("content");
        json.WriteStartArray("tool_calls");
        json.WriteStartObject();
        if (index is { } at) json.WriteNumber("index", at);
        json.WriteString("id", "call_" + call.RequestId[^20..]);
        json.WriteString("type", "function");
        json.WriteStartObject("function");
        json.WriteString("name", tool.Name);
        json.WriteString("arguments", arguments);
        json.WriteEndObject();
        json.WriteEndObject();
        json.WriteEndArray();
    }

    private static void WriteToolArguments(Utf8JsonWriter json, string part)
    {
        json.WriteStartArray("tool_calls");
        json.WriteStartObject();
        json.WriteNumber("index", 0);
        json.WriteStartObject("function");
        json.WriteString("arguments", part);
        json.WriteEndObject();
        json.WriteEndObject();
        json.WriteEndArray();
    }

    private static string FinishReason(Answer answer) => answer.Stop switch
    {
        StopCause.Length => "length",
        StopCause.ToolCall => "tool_calls",
        StopCause.ContentFilter => "content_filter",
        StopCause.Unknown => answer.UnknownStop ?? "unknown",
        _ => "stop",
    };
}
