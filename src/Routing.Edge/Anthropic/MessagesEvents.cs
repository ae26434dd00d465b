using System.Buffers;
using System.Text.Json;
using Routing.Core.Llm;
using Routing.Edge.Calls;
using Routing.Edge.Json;

namespace Routing.Edge.Anthropic;

/// <summary>
/// Content of another wire as Anthropic's events. On this wire one block is open at a time, so what comes while a tool call's
/// arguments are not whole yet is held until the end.
/// </summary>
/// <param name="id">Of the answer.</param>
internal sealed class MessagesEvents(IBufferWriter<byte> to, string id, string model) : IDisposable
{
    private enum Block : byte { None, Text, Thinking, ToolUse }

    private readonly AnswerParts _held = new();
    private bool _begun;
    private Block _open;
    private int _index = -1;
    private int _call = -1;
    private JsonBalance _arguments;
    private bool _signed;

    /// <summary>False when the event is no content.</summary>
    public bool Write(in ChatEvent e)
    {
        if (e.Kind is not (ChatEventKind.ToolCallStart or ChatEventKind.ToolCallDelta) && MustWait) return _held.Add(e);
        switch (e.Kind)
        {
            case ChatEventKind.ToolCallStart or ChatEventKind.ToolCallDelta: WriteCall(e); return true;
            case ChatEventKind.TextDelta:
                Open(Block.Text);
                Delta("{\"type\":\"text_delta\",\"text\":\""u8, e.Utf8.Span);
                return true;
            case ChatEventKind.ReasoningDelta:
                if (_signed) Close(); // A signature ends a piece of reasoning: what follows is another.
                Open(Block.Thinking);
                Delta("{\"type\":\"thinking_delta\",\"thinking\":\""u8, e.Utf8.Span);
                return true;
            case ChatEventKind.ReasoningSignature:
                Open(Block.Thinking);
                _signed = true;
                Delta("{\"type\":\"signature_delta\",\"signature\":\""u8, e.Utf8.Span);
                return true;
            case ChatEventKind.RedactedReasoning: WriteRedacted(e.Utf8.Span); return true;
            default: return false;
        }
    }

    /// <summary>A call is under way, or something is held already: the order of the pieces stays.</summary>
    private bool MustWait => _held.All.Count > 0 || (_open == Block.ToolUse && !_arguments.IsWhole);

    /// <summary>Up to the terminal event, which is released after the ledger.</summary>
    public void WriteEnd(StopReason stop, string? rawStop, in TokenUsage usage)
    {
        Begin();
        Close();
        WriteHeld();
        to.Write("event: message_delta\ndata: "u8);
        using (var json = new Utf8JsonWriter(to, AnswerJson.Options))
        {
            json.WriteStartObject();
            json.WriteString("type"u8, "message_delta"u8);
            json.WriteStartObject("delta"u8);
            json.WriteString("stop_reason"u8, MessagesStops.Word(stop, rawStop));
            json.WriteNull("stop_sequence"u8);
            json.WriteEndObject();
            json.WritePropertyName("usage"u8);
            MessagesUsageJson.Write(json, usage);
            json.WriteEndObject();
        }

        to.Write("\n\n"u8);
    }

    public void Dispose() => _held.Dispose();

    private void WriteCall(in ChatEvent e)
    {
        if (e.Kind == ChatEventKind.ToolCallDelta && _open == Block.ToolUse && e.Index == _call)
        {
            Arguments(e.Utf8.Span);
            return;
        }

        if (e.Kind == ChatEventKind.ToolCallDelta || MustWait)
        {
            _held.Add(e);
            return;
        }

        OpenCall(e.Index, e.Id, e.Name);
    }

    private void WriteHeld()
    {
        foreach (var part in _held.All)
        {
            WriteHeld(part);
            Close();
        }
    }

    private void WriteHeld(AnswerPart part)
    {
        var text = part.Text.WrittenMemory.Span;
        switch (part.Kind)
        {
            case ChatEventKind.ToolCallStart:
                OpenCall(part.Index, part.Id, part.Name);
                Arguments(text);
                break;
            case ChatEventKind.TextDelta:
                Open(Block.Text);
                Delta("{\"type\":\"text_delta\",\"text\":\""u8, text);
                break;
            case ChatEventKind.ReasoningDelta:
                Open(Block.Thinking);
                Delta("{\"type\":\"thinking_delta\",\"thinking\":\""u8, text);
                if (!part.Signature.IsEmpty) Delta("{\"type\":\"signature_delta\",\"signature\":\""u8, part.Signature);
                break;
            default: WriteRedacted(text); break;
        }
    }

    private void OpenCall(int call, string? id, string? name)
    {
        Begin();
        Close();
        (_open, _call, _arguments) = (Block.ToolUse, call, default);
        StartBlock();
        using (var json = new Utf8JsonWriter(to, AnswerJson.Options))
        {
            json.WriteStartObject();
            json.WriteString("type"u8, "tool_use"u8);
            json.WriteString("id"u8, id);
            json.WriteString("name"u8, name);
            json.WriteStartObject("input"u8);
            json.WriteEndObject();
            json.WriteEndObject();
        }

        to.Write("}\n\n"u8);
    }

    private void Arguments(ReadOnlySpan<byte> utf8)
    {
        _arguments.Take(utf8);
        Delta("{\"type\":\"input_json_delta\",\"partial_json\":\""u8, utf8);
    }

    private void WriteRedacted(ReadOnlySpan<byte> data)
    {
        Begin();
        Close();
        StartBlock();
        to.Write("{\"type\":\"redacted_thinking\","u8);
        AnswerJson.WriteString("data"u8, data, to);
        to.Write("}}\n\n"u8);
        StopBlock();
    }

    private void Open(Block block)
    {
        Begin();
        if (_open == block) return;
        Close();
        _open = block;
        StartBlock();
        to.Write(block == Block.Text ? "{\"type\":\"text\",\"text\":\"\"}}\n\n"u8 : "{\"type\":\"thinking\",\"thinking\":\"\",\"signature\":\"\"}}\n\n"u8);
    }

    private void Close()
    {
        if (_open == Block.None) return;
        (_open, _signed) = (Block.None, false);
        StopBlock();
    }

    private void StartBlock()
    {
        _index++;
        to.Write("event: content_block_start\ndata: {\"type\":\"content_block_start\",\"index\":"u8);
        WriteIndex();
        to.Write(",\"content_block\":"u8);
    }

    private void StopBlock()
    {
        to.Write("event: content_block_stop\ndata: {\"type\":\"content_block_stop\",\"index\":"u8);
        WriteIndex();
        to.Write("}\n\n"u8);
    }

    private void Delta(ReadOnlySpan<byte> head, ReadOnlySpan<byte> utf8)
    {
        to.Write("event: content_block_delta\ndata: {\"type\":\"content_block_delta\",\"index\":"u8);
        WriteIndex();
        to.Write(",\"delta\":"u8);
        to.Write(head);
        AnswerJson.WriteText(utf8, to);
        to.Write("\"}}\n\n"u8);
    }

    private void WriteIndex()
    {
        var place = to.GetSpan(11);
        _index.TryFormat(place, out var written);
        to.Advance(written);
    }

    // The input's size is not known to most wires before the end: message_delta tells it.
    private void Begin()
    {
        if (_begun) return;
        _begun = true;
        to.Write("event: message_start\ndata: "u8);
        using (var json = new Utf8JsonWriter(to, AnswerJson.Options))
        {
            json.WriteStartObject();
            json.WriteString("type"u8, "message_start"u8);
            json.WriteStartObject("message"u8);
            MessagesWriter.WriteHead(json, id, model);
            json.WriteStartArray("content"u8);
            json.WriteEndArray();
            json.WriteNull("stop_reason"u8);
            json.WriteNull("stop_sequence"u8);
            json.WritePropertyName("usage"u8);
            MessagesUsageJson.Write(json, default);
            json.WriteEndObject();
            json.WriteEndObject();
        }

        to.Write("\n\n"u8);
    }
}
