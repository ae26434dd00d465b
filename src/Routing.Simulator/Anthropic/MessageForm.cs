using System.Buffers;
using System.Text.Json;
using Routing.Simulator.Answers;
using Routing.Simulator.Calls;
using Routing.Simulator.Faults;

namespace Routing.Simulator.Anthropic;

/// <summary>Writes Messages answers, whole or as named server-sent events.</summary>
internal sealed class MessageForm : IStreamedForm
{
    public string StreamContentType(SimulatedCall call) => "text/event-stream; charset=utf-8";

    public void WriteWhole(IBufferWriter<byte> body, SimulatedCall call, Answer answer, TimeSpan took)
    {
        var json = JsonOut.Into(body);
        json.WriteStartObject();
        WriteHead(json, call);
        json.WriteStartArray("content");
        foreach (var block in answer.First.Blocks)
        {
            json.WriteStartObject();
            WriteBlock(json, call, block);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        WriteStop(json, answer.First);
        MessageUsage.Write(json, call, answer, answer.OutputTokens);
        json.WriteEndObject();
        json.Flush();
    }

    public void WriteStart(IBufferWriter<byte> body, SimulatedCall call, Answer answer) =>
        Event(body, "message_start", (call, answer), static (json, start) =>
        {
            json.WriteStartObject("message");
            WriteHead(json, start.call);
            json.WriteStartArray("content");
            json.WriteEndArray();
            json.WriteNull("stop_reason");
            json.WriteNull("stop_sequence");

            // What is known when the first token is: the whole input, one token of output.
            MessageUsage.Write(json, start.call, start.answer, outputTokens: 1);
            json.WriteEndObject();
        });

    public void WritePart(IBufferWriter<byte> body, SimulatedCall call, Block block, int part)
    {
        if (part == 0) WriteBlockStart(body, call, block);
        var text = block.Parts.Span[part];
        switch (block.Kind)
        {
            case BlockKind.Text: WriteDelta(body, block, "text_delta", "text", text); break;
            case BlockKind.ToolCall: WriteDelta(body, block, "input_json_delta", "partial_json", text); break;
            case BlockKind.Thought:
                if (!call.OmitsThoughtText) WriteDelta(body, block, "thinking_delta", "thinking", text);
                if (block.IsLast(part)) WriteDelta(body, block, "signature_delta", "signature", ThoughtSignature.Of(block.Text));
                break;
            case BlockKind.SealedThought: break; // Its start says it all.
        }

        if (block.IsLast(part)) Event(body, "content_block_stop", block.Index, static (json, index) => json.WriteNumber("index", index));
    }

    public void WriteEnd(IBufferWriter<byte> body, SimulatedCall call, Answer answer, TimeSpan took)
    {
        Event(body, "message_delta", answer, static (json, end) =>
        {
            json.WriteStartObject("delta");
            WriteStop(json, end.First);
            json.WriteEndObject();
            MessageUsage.WriteDelta(json, end);
        });
        Event(body, "message_stop", 0, static (_, _) => { });
    }

    public void WriteErrorInBand(IBufferWriter<byte> body, SimulatedCall call, FaultRule fault)
    {
        var reply = AnthropicErrors.Of(fault, call) ?? AnthropicErrors.Of(500, "api_error", "Internal server error", call);
        body.Write("event: error\ndata: "u8);
        body.Write(reply.BodyBytes());
        body.Write("\n\n"u8);
    }

    public void WriteBroken(IBufferWriter<byte> body, SimulatedCall call) =>
        body.Write("event: content_block_delta\ndata: {\"type\":\"content_block_delta\",\"index\":0,\"delta\":{\"type\":\"text_delta\",\"text\":\"dam\n\n"u8);

    private static void WriteBlockStart(IBufferWriter<byte> body, SimulatedCall call, Block block)
    {
        Event(body, "content_block_start", (call, block), static (json, start) =>
        {
            json.WriteNumber("index", start.block.Index);
            json.WriteStartObject("content_block");
            WriteBlock(json, start.call, start.block.Kind == BlockKind.SealedThought ? start.block : start.block with { Parts = ReadOnlyMemory<string>.Empty, Tool = Emptied(start.block.Tool) }, isStart: true);
            json.WriteEndObject();
        });
        if (block.Index == 0) Event(body, "ping", 0, static (_, _) => { });
    }

    private static ToolCall? Emptied(ToolCall? tool) => tool is null ? null : tool with { ArgumentsJson = "{}" };

    private static void WriteDelta(IBufferWriter<byte> body, Block block, string type, string member, string text) =>
        Event(body, "content_block_delta", (block.Index, type, member, text), static (json, delta) =>
        {
            json.WriteNumber("index", delta.Index);
            json.WriteStartObject("delta");
            json.WriteString("type", delta.type);
            json.WriteString(delta.member, delta.text);
            json.WriteEndObject();
        });

    private static void Event<T>(IBufferWriter<byte> body, string name, T content, Action<Utf8JsonWriter, T> write)
    {
        body.Write("event: "u8);
        body.Write(System.Text.Encoding.UTF8.GetBytes(name));
        body.Write("\ndata: "u8);
        var json = JsonOut.Into(body);
        json.WriteStartObject();
        json.WriteString("type", name);
        write(json, content);
        json.WriteEndObject();
        json.Flush();
        body.Write("\n\n"u8);
    }

    private static void WriteHead(Utf8JsonWriter json, SimulatedCall call)
    {
        json.WriteString("id", call.RequestId);
        json.WriteString("type", "message");
        json.WriteString("role", "assistant");

        // Vertex writes the version of a model behind an at sign; the answer has the plain name.
        json.WriteString("model", call.Model.Replace('@', '-'));
    }

    private static void WriteBlock(Utf8JsonWriter json, SimulatedCall call, Block block, bool isStart = false)
    {
        switch (block.Kind)
        {
            case BlockKind.Text:
                json.WriteString("type", "text");
                json.WriteString("text", block.Text);
                break;
            case BlockKind.Thought:
                json.WriteString("type", "thinking");
                json.WriteString("thinking", call.OmitsThoughtText ? "" : block.Text);
                json.WriteString("signature", isStart ? "" : ThoughtSignature.Of(block.Text));
                break;
            case BlockKind.SealedThought:
                json.WriteString("type", "redacted_thinking");
                json.WriteString("data", block.Text);
                break;
            default:
                json.WriteString("type", "tool_use");
                json.WriteString("id", SimulatorIds.OfCall("toolu_01", call.RequestId, block, 22));
                json.WriteString("name", block.Tool!.Name); // A tool call's block has its call.
                json.WritePropertyName("input");
                json.WriteRawValue(block.Tool.ArgumentsJson);
                break;
        }
    }

    private static void WriteStop(Utf8JsonWriter json, Choice choice)
    {
        var reason = choice.Stop switch
        {
            StopCause.Length => "max_tokens",
            StopCause.StopSequence => "stop_sequence",
            StopCause.ToolCall => "tool_use",
            StopCause.ContentFilter => "refusal",
            StopCause.Named => choice.NamedStop ?? "unknown",
            _ => "end_turn",
        };
        json.WriteString("stop_reason", reason);
        json.WriteString("stop_sequence", choice.StopSequence);
        if (reason != "refusal") return;
        json.WriteStartObject("stop_details");
        json.WriteString("type", "refusal");
        json.WriteString("category", "general_harms");
        json.WriteNull("explanation");
        json.WriteEndObject();
    }
}
