using System.Buffers;
using System.Text.Json;
using Routing.Simulator.Answers;
using Routing.Simulator.Calls;
using Routing.Simulator.Faults;

namespace Routing.Simulator.OpenAI;

/// <summary>Writes chat completions. Azure adds its filter results.</summary>
internal sealed class ChatForm(bool hasFilterResults) : IStreamedForm
{
    public string StreamContentType(SimulatedCall call) => "text/event-stream; charset=utf-8";

    public void WriteWhole(IBufferWriter<byte> body, SimulatedCall call, Answer answer, TimeSpan took)
    {
        var json = JsonOut.Into(body);
        json.WriteStartObject();
        WriteHead(json, call, "chat.completion");
        if (hasFilterResults) FilterResults.WritePrompt(json);
        json.WriteStartArray("choices");
        foreach (var choice in answer.Choices) WriteChoice(json, call, choice);
        json.WriteEndArray();
        ChatUsage.Write(json, answer);
        json.WriteEndObject();
        json.Flush();
    }

    public void WriteStart(IBufferWriter<byte> body, SimulatedCall call, Answer answer)
    {
        if (hasFilterResults) FilterResults.WritePromptChunk(body);
        foreach (var choice in answer.Choices)
        {
            WriteChunk(body, call, choice.Index, "", static (json, _) =>
            {
                json.WriteString("role", "assistant");
                json.WriteString("content", "");
                json.WriteNull("refusal");
            });
        }
    }

    public void WritePart(IBufferWriter<byte> body, SimulatedCall call, Block block, int part)
    {
        var text = block.Parts.Span[part];
        switch (block.Kind)
        {
            case BlockKind.Text:
                WriteChunk(body, call, block.Choice, text, static (json, t) => json.WriteString("content", t), logProbOf: text);
                return;
            case BlockKind.Thought when call.TellsReasoning:
                WriteChunk(body, call, block.Choice, text, static (json, t) => json.WriteString("reasoning_content", t));
                return;
            case BlockKind.ToolCall:
                if (part == 0) WriteChunk(body, call, block.Choice, (call, block), static (json, t) => WriteToolStart(json, t.call, t.block));
                WriteChunk(body, call, block.Choice, (block.Tool!.Order, text), static (json, t) => WriteToolArguments(json, t.Order, t.text)); // A tool call's block has its call.
                return;
        }
    }

    public void WriteEnd(IBufferWriter<byte> body, SimulatedCall call, Answer answer, TimeSpan took)
    {
        foreach (var choice in answer.Choices) WriteChunk(body, call, choice.Index, 0, static (_, _) => { }, FinishReason(choice), choice.Stop == StopCause.ContentFilter);
        if (call.StreamsUsage) WriteUsageChunk(body, call, answer);
        if (!call.OmitsSentinel) body.Write("data: [DONE]\n\n"u8);
    }

    public void WriteErrorInBand(IBufferWriter<byte> body, SimulatedCall call, FaultRule fault)
    {
        var reply = call.Wire.Refuse(fault, call) ?? call.Wire.Refuse(new FaultRule { Kind = FaultKind.Internal }, call)!; // Internal always has a reply.
        body.Write("data: "u8);
        body.Write(reply.BodyBytes());
        body.Write("\n\n"u8);
    }

    public void WriteBroken(IBufferWriter<byte> body, SimulatedCall call) =>
        body.Write("data: {\"id\":\"chatcmpl-damaged\",\"choices\":[{\"index\":0,\"delta\":{\"content\":\"dam\n\n"u8);

    private void WriteChoice(Utf8JsonWriter json, SimulatedCall call, Choice choice)
    {
        json.WriteStartObject();
        json.WriteNumber("index", choice.Index);
        if (hasFilterResults) FilterResults.WriteChoice(json, choice.Stop == StopCause.ContentFilter);
        json.WriteStartObject("message");
        json.WriteString("role", "assistant");
        if (call.TellsReasoning && choice.Thought.Length > 0) json.WriteString("reasoning_content", choice.Thought);
        if (choice.Text.Length == 0 && choice.Tools.Any()) json.WriteNull("content");
        else json.WriteString("content", choice.Text);
        if (choice.Tools.Any()) WriteToolCalls(json, call, choice);
        json.WriteNull("refusal");
        json.WriteEndObject();
        if (call.LogProbs is { } alternatives) LogProbs.Write(json, choice.Blocks.Where(b => b.Kind == BlockKind.Text).SelectMany(b => b.Parts.ToArray()), alternatives);
        else json.WriteNull("logprobs");
        json.WriteString("finish_reason", FinishReason(choice));
        json.WriteEndObject();
    }

    private void WriteChunk<T>(
        IBufferWriter<byte> body, SimulatedCall call, int choice, T content, Action<Utf8JsonWriter, T> writeDelta, string? finish = null, bool filtered = false, string? logProbOf = null)
    {
        body.Write("data: "u8);
        var json = JsonOut.Into(body);
        json.WriteStartObject();
        WriteHead(json, call, "chat.completion.chunk");
        json.WriteStartArray("choices");
        json.WriteStartObject();
        json.WriteNumber("index", choice);
        json.WriteStartObject("delta");
        writeDelta(json, content);
        json.WriteEndObject();
        if (logProbOf is not null && call.LogProbs is { } alternatives) LogProbs.Write(json, [logProbOf], alternatives);
        else json.WriteNull("logprobs");
        json.WriteString("finish_reason", finish);
        if (hasFilterResults) FilterResults.WriteChoice(json, filtered);
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
        ChatUsage.Write(json, answer);
        json.WriteEndObject();
        json.Flush();
        body.Write("\n\n"u8);
    }

    private void WriteHead(Utf8JsonWriter json, SimulatedCall call, string kind)
    {
        json.WriteString("id", call.RequestId);
        json.WriteString("object", kind);
        json.WriteNumber("created", call.At.ToUnixTimeSeconds());
        json.WriteString("model", hasFilterResults ? AzureWire.DatedModel(call.Model) : call.Model);
        json.WriteString("service_tier", OpenAIWire.ServiceTier(call));
        json.WriteString("system_fingerprint", "fp_simulator");
    }

    private static void WriteToolCalls(Utf8JsonWriter json, SimulatedCall call, Choice choice)
    {
        json.WriteStartArray("tool_calls");
        foreach (var block in choice.Tools) WriteToolCall(json, call, block, index: null, block.Tool!.ArgumentsJson); // As above.
        json.WriteEndArray();
    }

    private static void WriteToolStart(Utf8JsonWriter json, SimulatedCall call, Block block)
    {
        json.WriteStartArray("tool_calls");
        WriteToolCall(json, call, block, block.Tool!.Order, arguments: ""); // As above.
        json.WriteEndArray();
    }

    private static void WriteToolCall(Utf8JsonWriter json, SimulatedCall call, Block block, int? index, string arguments)
    {
        json.WriteStartObject();
        if (index is { } at) json.WriteNumber("index", at);
        json.WriteString("id", SimulatorIds.OfCall("call_", call.RequestId, block, 24));
        json.WriteString("type", "function");
        json.WriteStartObject("function");
        json.WriteString("name", block.Tool!.Name); // As above.
        json.WriteString("arguments", arguments);
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static void WriteToolArguments(Utf8JsonWriter json, int index, string part)
    {
        json.WriteStartArray("tool_calls");
        json.WriteStartObject();
        json.WriteNumber("index", index);
        json.WriteStartObject("function");
        json.WriteString("arguments", part);
        json.WriteEndObject();
        json.WriteEndObject();
        json.WriteEndArray();
    }

    private static string FinishReason(Choice choice) => choice.Stop switch
    {
        StopCause.Length => "length",
        StopCause.ToolCall => "tool_calls",
        StopCause.ContentFilter => "content_filter",
        StopCause.Named => choice.NamedStop ?? "unknown",
        _ => "stop",
    };
}
