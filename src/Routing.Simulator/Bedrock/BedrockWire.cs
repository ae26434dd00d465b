using System.Buffers;
using System.Text.Json;
using Routing.Simulator.Answers;
using Routing.Simulator.Calls;
using Routing.Simulator.Faults;

namespace Routing.Simulator.Bedrock;

/// <summary>Writes Converse and ConverseStream answers.</summary>
internal sealed class BedrockWire : IWire
{
    private const string Padding = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
    private const string BlockedText = "Sorry, the model cannot answer this question.";

    private static readonly byte[] MessageStart = EventStreamFrame.EventHeaders("messageStart");
    private static readonly byte[] BlockStart = EventStreamFrame.EventHeaders("contentBlockStart");
    private static readonly byte[] BlockDelta = EventStreamFrame.EventHeaders("contentBlockDelta");
    private static readonly byte[] BlockStop = EventStreamFrame.EventHeaders("contentBlockStop");
    private static readonly byte[] MessageStop = EventStreamFrame.EventHeaders("messageStop");
    private static readonly byte[] Metadata = EventStreamFrame.EventHeaders("metadata");

    // The payload's length stands before it, so it is written here first.
    [ThreadStatic] private static ArrayBufferWriter<byte>? _payload;

    public string Name => "bedrock";

    public string StreamContentType(SimulatedCall call) => "application/vnd.amazon.eventstream";

    public void AddHeaders(IHeaderDictionary headers, SimulatedCall call) => headers["x-amzn-requestid"] = call.RequestId;

    public ErrorReply? Refuse(FaultRule fault, SimulatedCall call) => BedrockErrors.Of(fault, call.Model);

    public void WriteWhole(IBufferWriter<byte> body, SimulatedCall call, Answer answer, TimeSpan took)
    {
        var json = JsonOut.Into(body);
        json.WriteStartObject();
        WriteMetrics(json, took);
        json.WriteStartObject("output");
        json.WriteStartObject("message");
        json.WriteStartArray("content");
        json.WriteStartObject();
        if (answer.Tool is { } tool) WriteToolUse(json, call, tool);
        else json.WriteString("text", answer.PromptBlocked ? BlockedText : answer.Text);
        json.WriteEndObject();
        json.WriteEndArray();
        json.WriteString("role", "assistant");
        json.WriteEndObject();
        json.WriteEndObject();
        json.WriteString("stopReason", StopReason(answer));
        WriteUsage(json, answer);
        json.WriteEndObject();
        json.Flush();
    }

    public void WriteStart(IBufferWriter<byte> body, SimulatedCall call, Answer answer)
    {
        Frame(body, MessageStart, "assistant", static (json, role) => json.WriteString("role", role));
        if (answer.PromptBlocked) WriteToken(body, call, BlockedText);
        if (answer.Tool is not { } tool) return;
        Frame(body, BlockStart, (tool.Name, Id: ToolId(call)), static (json, t) =>
        {
            json.WriteNumber("contentBlockIndex", 0);
            json.WriteStartObject("start");
            json.WriteStartObject("toolUse");
            json.WriteString("name", t.Name);
            json.WriteString("toolUseId", t.Id);
            json.WriteEndObject();
            json.WriteEndObject();
        });
        foreach (var part in Tokenizer.Split(tool.ArgumentsJson)) WriteDelta(body, part, isTool: true);
    }

    public void WriteToken(IBufferWriter<byte> body, SimulatedCall call, string text) => WriteDelta(body, text, isTool: false);

    public void WriteEnd(IBufferWriter<byte> body, SimulatedCall call, Answer answer, TimeSpan took)
    {
        Frame(body, BlockStop, 0, static (json, index) => json.WriteNumber("contentBlockIndex", index));
        Frame(body, MessageStop, StopReason(answer), static (json, reason) => json.WriteString("stopReason", reason));
        Frame(body, Metadata, (answer, took), static (json, end) =>
        {
            WriteMetrics(json, end.took);
            WriteUsage(json, end.answer);
        });
    }

    public void WriteErrorInBand(IBufferWriter<byte> body, SimulatedCall call, FaultRule fault)
    {
        var (type, message) = BedrockErrors.InBand(fault.Kind);
        EventStreamFrame.Write(body, EventStreamFrame.ExceptionHeaders(type), JsonSerializer.SerializeToUtf8Bytes(new { message }));
    }

    public void WriteBroken(IBufferWriter<byte> body, SimulatedCall call) =>
        EventStreamFrame.Write(body, BlockDelta, """{"contentBlockIndex":0,"delta":{"text":"damaged"}}"""u8, damage: true);

    private static void WriteDelta(IBufferWriter<byte> body, string text, bool isTool) =>
        Frame(body, BlockDelta, (text, isTool), static (json, delta) =>
        {
            json.WriteNumber("contentBlockIndex", 0);
            json.WriteStartObject("delta");
            if (delta.isTool)
            {
                json.WriteStartObject("toolUse");
                json.WriteString("input", delta.text);
                json.WriteEndObject();
            }
            else
            {
                json.WriteString("text", delta.text);
            }

            json.WriteEndObject();

            // Bedrock pads its events so that their size does not give the text away.
            json.WriteString("p", Padding.AsSpan(0, (delta.text.Length * 7 % Padding.Length) + 1));
        });

    private static void Frame<T>(IBufferWriter<byte> body, byte[] headers, T content, Action<Utf8JsonWriter, T> write)
    {
        var payload = _payload ??= new ArrayBufferWriter<byte>(512);
        payload.ResetWrittenCount();
        var json = JsonOut.Into(payload);
        json.WriteStartObject();
        write(json, content);
        json.WriteEndObject();
        json.Flush();
        EventStreamFrame.Write(body, headers, payload.WrittenSpan);
    }

    private static void WriteToolUse(Utf8JsonWriter json, SimulatedCall call, ToolCall tool)
    {
        json.WriteStartObject("toolUse");
        json.WritePropertyName("input");
        json.WriteRawValue(tool.ArgumentsJson);
        json.WriteString("name", tool.Name);
        json.WriteString("toolUseId", ToolId(call));
        json.WriteEndObject();
    }

    private static void WriteMetrics(Utf8JsonWriter json, TimeSpan took)
    {
        json.WriteStartObject("metrics");
        json.WriteNumber("latencyMs", (long)took.TotalMilliseconds);
        json.WriteEndObject();
    }

    /// <summary>Bedrock's <c>inputTokens</c> leave the cached part out.</summary>
    private static void WriteUsage(Utf8JsonWriter json, Answer answer)
    {
        json.WriteStartObject("usage");
        json.WriteNumber("cacheReadInputTokens", answer.CachedTokens);
        json.WriteNumber("cacheWriteInputTokens", 0);
        json.WriteNumber("inputTokens", answer.InputTokens - answer.CachedTokens);
        json.WriteNumber("outputTokens", answer.OutputTokens);
        json.WriteNumber("totalTokens", answer.InputTokens + answer.OutputTokens);
        json.WriteEndObject();
    }

    private static string StopReason(Answer answer) => answer.Stop switch
    {
        StopCause.Length => "max_tokens",
        StopCause.StopSequence => "stop_sequence",
        StopCause.ToolCall => "tool_use",
        StopCause.ContentFilter when answer.PromptBlocked => "guardrail_intervened",
        StopCause.ContentFilter => "content_filtered",
        StopCause.Unknown => answer.UnknownStop ?? "unknown",
        _ => "end_turn",
    };

    private static string ToolId(SimulatedCall call) => "tooluse_" + call.RequestId.Replace("-", "", StringComparison.Ordinal)[..22];
}
