using System.Buffers;
using System.Text;
using System.Text.Json;
using Routing.Simulator.Answers;
using Routing.Simulator.Calls;
using Routing.Simulator.Faults;

namespace Routing.Simulator.Bedrock;

/// <summary>Writes Converse and ConverseStream answers.</summary>
internal sealed class ConverseForm : IStreamedForm
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

    public string StreamContentType(SimulatedCall call) => "application/vnd.amazon.eventstream";

    public void WriteWhole(IBufferWriter<byte> body, SimulatedCall call, Answer answer, TimeSpan took)
    {
        var json = JsonOut.Into(body);
        json.WriteStartObject();
        WriteMetrics(json, took);
        json.WriteStartObject("output");
        json.WriteStartObject("message");
        json.WriteStartArray("content");
        if (answer.PromptBlocked) WriteText(json, BlockedText);
        foreach (var block in answer.First.Blocks) WriteBlock(json, call, block);
        json.WriteEndArray();
        json.WriteString("role", "assistant");
        json.WriteEndObject();
        json.WriteEndObject();
        WriteServiceTier(json, call);
        json.WriteString("stopReason", StopReason(answer));
        WriteUsage(json, answer);
        json.WriteEndObject();
        json.Flush();
    }

    public void WriteStart(IBufferWriter<byte> body, SimulatedCall call, Answer answer)
    {
        Frame(body, MessageStart, "assistant", static (json, role) => json.WriteString("role", role));
        if (!answer.PromptBlocked) return;
        WriteDelta(body, 0, BlockedText, static (json, text) => json.WriteString("text", text));
        WriteStop(body, 0);
    }

    public void WritePart(IBufferWriter<byte> body, SimulatedCall call, Block block, int part)
    {
        var text = block.Parts.Span[part];
        switch (block.Kind)
        {
            case BlockKind.Text:
                WriteDelta(body, block.Index, text, static (json, t) => json.WriteString("text", t));
                break;
            case BlockKind.Thought:
                WriteDelta(body, block.Index, text, static (json, t) => WriteReasoningDelta(json, "text", t));
                if (block.IsLast(part) && call.Ask.HiddenThought is null) WriteDelta(body, block.Index, ThoughtSignature.Of(block.Text), static (json, signature) => WriteReasoningDelta(json, "signature", signature));
                break;
            case BlockKind.SealedThought:
                WriteDelta(body, block.Index, Sealed(text), static (json, t) => WriteReasoningDelta(json, "redactedContent", t));
                break;
            default:
                if (part == 0) WriteToolStart(body, call, block);
                WriteDelta(body, block.Index, text, static (json, t) => WriteToolDelta(json, t));
                break;
        }

        if (block.IsLast(part)) WriteStop(body, block.Index);
    }

    public void WriteEnd(IBufferWriter<byte> body, SimulatedCall call, Answer answer, TimeSpan took)
    {
        Frame(body, MessageStop, StopReason(answer), static (json, reason) => json.WriteString("stopReason", reason));
        Frame(body, Metadata, (call, answer, took), static (json, end) =>
        {
            WriteMetrics(json, end.took);
            WriteServiceTier(json, end.call);
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

    private static void WriteDelta(IBufferWriter<byte> body, int index, string text, Action<Utf8JsonWriter, string> write) =>
        Frame(body, BlockDelta, (index, text, write), static (json, delta) =>
        {
            json.WriteNumber("contentBlockIndex", delta.index);
            json.WriteStartObject("delta");
            delta.write(json, delta.text);
            json.WriteEndObject();

            // Bedrock pads its events so that their size does not give the text away.
            json.WriteString("p", Padding.AsSpan(0, (delta.text.Length * 7 % Padding.Length) + 1));
        });

    private static void WriteStop(IBufferWriter<byte> body, int index) => Frame(body, BlockStop, index, static (json, at) => json.WriteNumber("contentBlockIndex", at));

    private static void WriteToolStart(IBufferWriter<byte> body, SimulatedCall call, Block block) =>
        Frame(body, BlockStart, (call, block), static (json, t) =>
        {
            json.WriteNumber("contentBlockIndex", t.block.Index);
            json.WriteStartObject("start");
            json.WriteStartObject("toolUse");
            json.WriteString("name", t.block.Tool!.Name); // A tool call's block has its call.
            json.WriteString("toolUseId", ToolId(t.call, t.block));
            json.WriteEndObject();
            json.WriteEndObject();
        });

    private static void WriteToolDelta(Utf8JsonWriter json, string input)
    {
        json.WriteStartObject("toolUse");
        json.WriteString("input", input);
        json.WriteEndObject();
    }

    private static void WriteReasoningDelta(Utf8JsonWriter json, string member, string value)
    {
        json.WriteStartObject("reasoningContent");
        json.WriteString(member, value);
        json.WriteEndObject();
    }

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

    private static void WriteBlock(Utf8JsonWriter json, SimulatedCall call, Block block)
    {
        switch (block.Kind)
        {
            case BlockKind.Text: WriteText(json, block.Text); break;
            case BlockKind.ToolCall: WriteToolUse(json, call, block); break;
            default: WriteReasoning(json, call, block); break;
        }
    }

    private static void WriteText(Utf8JsonWriter json, string text)
    {
        json.WriteStartObject();
        json.WriteString("text", text);
        json.WriteEndObject();
    }

    private static void WriteReasoning(Utf8JsonWriter json, SimulatedCall call, Block block)
    {
        json.WriteStartObject();
        json.WriteStartObject("reasoningContent");
        if (block.Kind == BlockKind.SealedThought)
        {
            json.WriteString("redactedContent", Sealed(block.Text));
        }
        else
        {
            json.WriteStartObject("reasoningText");
            if (call.Ask.HiddenThought is null) json.WriteString("signature", ThoughtSignature.Of(block.Text));
            json.WriteString("text", block.Text);
            json.WriteEndObject();
        }

        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static void WriteToolUse(Utf8JsonWriter json, SimulatedCall call, Block block)
    {
        json.WriteStartObject();
        json.WriteStartObject("toolUse");
        json.WritePropertyName("input");
        json.WriteRawValue(block.Tool!.ArgumentsJson); // As above.
        json.WriteString("name", block.Tool.Name);
        json.WriteString("toolUseId", ToolId(call, block));
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static void WriteMetrics(Utf8JsonWriter json, TimeSpan took)
    {
        json.WriteStartObject("metrics");
        json.WriteNumber("latencyMs", (long)took.TotalMilliseconds);
        json.WriteEndObject();
    }

    // Told only when one was asked for.
    private static void WriteServiceTier(Utf8JsonWriter json, SimulatedCall call)
    {
        if (call.ServiceTier is not { } tier) return;
        json.WriteStartObject("serviceTier");
        json.WriteString("type", tier);
        json.WriteEndObject();
    }

    /// <summary>Bedrock's <c>inputTokens</c> leave the cached parts out.</summary>
    private static void WriteUsage(Utf8JsonWriter json, Answer answer)
    {
        json.WriteStartObject("usage");
        json.WriteNumber("cacheReadInputTokens", answer.CachedTokens);
        json.WriteNumber("cacheWriteInputTokens", answer.CacheWriteTokens);
        json.WriteNumber("inputTokens", answer.InputTokens - answer.CachedTokens - answer.CacheWriteTokens);
        json.WriteNumber("outputTokens", answer.OutputTokens);
        json.WriteNumber("totalTokens", answer.InputTokens + answer.OutputTokens);
        json.WriteEndObject();
    }

    private static string StopReason(Answer answer) => answer.First.Stop switch
    {
        StopCause.Length => "max_tokens",
        StopCause.StopSequence => "stop_sequence",
        StopCause.ToolCall => "tool_use",
        StopCause.ContentFilter when answer.PromptBlocked => "guardrail_intervened",
        StopCause.ContentFilter => "content_filtered",
        StopCause.Named => answer.First.NamedStop ?? "unknown",
        _ => "end_turn",
    };

    // A blob of JSON is base64, whatever it holds.
    private static string Sealed(string text) => Convert.ToBase64String(Encoding.UTF8.GetBytes(text));

    private static string ToolId(SimulatedCall call, Block block) => SimulatorIds.OfCall("tooluse_", call.RequestId, block, 22);
}
