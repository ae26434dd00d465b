using System.Text;
using System.Text.Json;
using Routing.Core.Llm;

namespace Routing.Core.Providers.Bedrock;

/// <summary>Reads a ConverseStream answer: event-stream frames whose payloads are small JSON objects.</summary>
internal sealed class ConverseEventReader(ChatCall call, ModelTarget model) : ChatAnswerReader
{
    private const int NoBlock = -1;

    private readonly List<ToolBlock> _tools = [];
    private WireTail _tail = new();
    private JsonText _text = new();
    private bool _stopped;
    private bool _failed;
    private bool _anything;

    public override void Read(ReadOnlyMemory<byte> bytes, List<ChatEvent> events)
    {
        if (_failed) return;
        _text.Reset();
        var input = _tail.Join(bytes);
        while (!_failed)
        {
            var state = AwsFrame.TryRead(input.Span, out var frame);
            if (state == FrameState.Partial) break;
            if (state == FrameState.Broken)
            {
                Fail(events, _anything ? "The provider sent a damaged event-stream frame." : "The provider answered 200 with something that is not an event stream.");
                return;
            }

            _anything = true;
            Take(frame, input.Slice(frame.PayloadStart, frame.PayloadLength), events);
            input = input[frame.Length..];
        }

        _tail.Keep(input.Span);
    }

    public override void Complete(List<ChatEvent> events)
    {
        if (_failed) return;
        if (_tail.Length > 0) Fail(events, _anything ? "The provider's stream was cut inside a frame." : "The provider answered 200 with something that is not an event stream.");
        else if (!_stopped) Fail(events, _anything ? "The provider's stream ended without its terminal event." : "The provider answered 200 with an empty stream.");
    }

    private void Take(in AwsFrame frame, ReadOnlyMemory<byte> payload, List<ChatEvent> events)
    {
        if (!frame.MessageType.SequenceEqual("event"u8))
        {
            _failed = true;
            events.Add(ChatEvent.Failed(BedrockFailures.ReadInBand(Encoding.UTF8.GetString(frame.Type), payload.Span, model)));
            return;
        }

        try
        {
            if (frame.Type.SequenceEqual("contentBlockDelta"u8)) ReadDelta(payload, events);
            else if (frame.Type.SequenceEqual("contentBlockStart"u8)) ReadStart(payload, events);
            else if (frame.Type.SequenceEqual("contentBlockStop"u8)) ReadBlockStop(payload.Span, events);
            else if (frame.Type.SequenceEqual("messageStop"u8)) ReadStop(payload.Span, events);
            else if (frame.Type.SequenceEqual("metadata"u8)) ReadMetadata(payload.Span, events);
        }
        catch (Exception e) when (WireJson.IsUnreadable(e))
        {
            Fail(events, "The provider sent a stream event that cannot be read.");
        }
    }

    // {"contentBlockIndex":1,"start":{"toolUse":{"toolUseId":"…","name":"…"}}}; text and reasoning begin without anything to say.
    private void ReadStart(ReadOnlyMemory<byte> payload, List<ChatEvent> events)
    {
        var json = new Utf8JsonReader(payload.Span);
        var block = NoBlock;
        ConverseToolUse? tool = null;
        string? novel = null;
        while (json.Read())
        {
            if (json.TokenType != JsonTokenType.PropertyName || json.CurrentDepth is not (1 or 2)) continue;
            var depth = json.CurrentDepth;
            if (depth == 1 && json.ValueTextEquals("contentBlockIndex"u8)) block = (int)WireNumbers.Tokens(ref json);
            else if (depth == 1 && !json.ValueTextEquals("start"u8)) json.Skip();
            else if (depth == 2 && json.ValueTextEquals("toolUse"u8) && json.Read() && json.TokenType == JsonTokenType.StartObject) tool = ConverseToolUse.Read(ref json, payload);
            else if (depth == 2 && json.TokenType == JsonTokenType.PropertyName)
            {
                novel = json.GetString();
                json.Skip();
            }
        }

        if ((tool?.Type ?? novel) is { } kind) Surprise(events, kind);
        else if (tool is { } known)
        {
            events.Add(ConverseAnswer.ToolCall(_tools.Count, known, call.Request));
            _tools.Add(new ToolBlock(block, HasArguments: false));
        }
    }

    // {"contentBlockIndex":0,"delta":{"text":"…"},"p":"…"}
    private void ReadDelta(ReadOnlyMemory<byte> payload, List<ChatEvent> events)
    {
        var json = new Utf8JsonReader(payload.Span);
        var block = NoBlock;
        ReadOnlyMemory<byte> arguments = default;
        while (json.Read())
        {
            if (json.TokenType != JsonTokenType.PropertyName || json.CurrentDepth != 1) continue;
            if (json.ValueTextEquals("contentBlockIndex"u8))
            {
                block = (int)WireNumbers.Tokens(ref json);
                continue;
            }

            var isDelta = json.ValueTextEquals("delta"u8);
            json.Read();
            if (isDelta && json.TokenType == JsonTokenType.StartObject) arguments = ReadPiece(ref json, payload, events);
            else json.Skip();
        }

        if (!arguments.IsEmpty && !_failed) AddArguments(block, arguments, events);
    }

    /// <summary>Adds text and reasoning; arguments of a tool call are given back, since which call they belong to may stand behind them.</summary>
    private ReadOnlyMemory<byte> ReadPiece(ref Utf8JsonReader json, ReadOnlyMemory<byte> payload, List<ChatEvent> events)
    {
        ReadOnlyMemory<byte> arguments = default;
        var isKnown = false;
        string? novel = null;
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            // Text first: nearly every event of a stream is text.
            var isText = json.ValueTextEquals("text"u8);
            var isTool = !isText && json.ValueTextEquals("toolUse"u8);
            var isReasoning = !isText && !isTool && json.ValueTextEquals("reasoningContent"u8);
            if (isText || isTool || isReasoning || json.ValueTextEquals("citation"u8)) isKnown = true;
            else novel ??= json.GetString();
            json.Read();
            if (isText && json.TokenType == JsonTokenType.String && json.ValueSpan.Length > 0) events.Add(ChatEvent.Text(_text.Of(json, payload)));
            else if (isTool && json.TokenType == JsonTokenType.StartObject) arguments = ReadArguments(ref json, payload);
            else if (isReasoning && json.TokenType == JsonTokenType.StartObject) ReadReasoning(ref json, payload, events);
            else json.Skip();
        }

        if (!isKnown && novel is not null) Surprise(events, novel);
        return arguments;
    }

    // {"input":"{\"ci"}: a piece of JSON text, escaped into a string.
    private ReadOnlyMemory<byte> ReadArguments(ref Utf8JsonReader json, ReadOnlyMemory<byte> payload)
    {
        ReadOnlyMemory<byte> arguments = default;
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            var isInput = json.ValueTextEquals("input"u8);
            json.Read();
            if (isInput && json.TokenType == JsonTokenType.String) arguments = _text.Of(json, payload);
            else json.Skip();
        }

        return arguments;
    }

    private void AddArguments(int block, ReadOnlyMemory<byte> arguments, List<ChatEvent> events)
    {
        var index = ToolOf(block);
        if (index < 0)
        {
            Fail(events, "The provider sent arguments of a tool call that has not begun.");
            return;
        }

        _tools[index] = new ToolBlock(block, HasArguments: true);
        events.Add(ChatEvent.Arguments(index, arguments));
    }

    // {"text":"…"}, {"signature":"…"} or {"redactedContent":"…"}
    private void ReadReasoning(ref Utf8JsonReader json, ReadOnlyMemory<byte> payload, List<ChatEvent> events)
    {
        var isKnown = false;
        string? novel = null;
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            ChatEventKind? kind = json.ValueTextEquals("text"u8) ? ChatEventKind.ReasoningDelta
                : json.ValueTextEquals("signature"u8) ? ChatEventKind.ReasoningSignature
                : json.ValueTextEquals("redactedContent"u8) ? ChatEventKind.RedactedReasoning
                : null;
            isKnown |= kind is not null;
            if (kind is null) novel ??= json.GetString();
            json.Read();
            if (kind is { } known && json.TokenType == JsonTokenType.String && json.ValueSpan.Length > 0)
            {
                events.Add(new ChatEvent { Kind = known, Utf8 = _text.Of(json, payload), HasContent = true });
            }
            else json.Skip();
        }

        if (!isKnown && novel is not null) Surprise(events, novel);
    }

    // A tool without arguments sends no piece of them; the caller's dialect wants an object all the same.
    private void ReadBlockStop(ReadOnlySpan<byte> payload, List<ChatEvent> events)
    {
        var json = new Utf8JsonReader(payload);
        var block = NoBlock;
        while (json.Read())
        {
            if (json.TokenType == JsonTokenType.PropertyName && json.CurrentDepth == 1 && json.ValueTextEquals("contentBlockIndex"u8)) block = (int)WireNumbers.Tokens(ref json);
        }

        var index = ToolOf(block);
        if (index >= 0 && !_tools[index].HasArguments) events.Add(ChatEvent.Arguments(index, ConverseAnswer.NoArguments));
    }

    /// <summary>Position among the tool calls of the one in a content block; -1 when that is none.</summary>
    private int ToolOf(int block)
    {
        for (var i = _tools.Count - 1; i >= 0; i--)
        {
            if (_tools[i].Block == block) return i;
        }

        return -1;
    }

    private void ReadStop(ReadOnlySpan<byte> payload, List<ChatEvent> events)
    {
        var json = new Utf8JsonReader(payload);
        while (json.Read())
        {
            if (json.TokenType != JsonTokenType.PropertyName || json.CurrentDepth != 1) continue;
            var isReason = json.ValueTextEquals("stopReason"u8);
            json.Read();
            if (isReason && json.TokenType == JsonTokenType.String && json.GetString() is { } raw)
            {
                _stopped = true;
                events.Add(ChatEvent.Stopped(ConverseAnswer.Stop(raw), raw));
            }

            json.Skip();
        }
    }

    private static void ReadMetadata(ReadOnlySpan<byte> payload, List<ChatEvent> events)
    {
        TokenUsage? usage = null;
        string? tier = null;
        var json = new Utf8JsonReader(payload);
        while (json.Read())
        {
            if (json.TokenType != JsonTokenType.PropertyName || json.CurrentDepth != 1) continue;
            var isUsage = json.ValueTextEquals("usage"u8);
            var isTier = json.ValueTextEquals("serviceTier"u8);
            json.Read();
            if (isUsage && json.TokenType == JsonTokenType.StartObject) usage = ConverseAnswer.ReadUsage(ref json);
            else if (isTier) tier = ConverseAnswer.ReadTier(ref json);
            else json.Skip();
        }

        if (usage is { } used) events.Add(ChatEvent.Used(used with { CapacityClass = tier }));
    }

    private void Surprise(List<ChatEvent> events, string kind)
    {
        _failed = true;
        events.Add(ConverseAnswer.Novel(kind));
    }

    private void Fail(List<ChatEvent> events, string sentence)
    {
        _failed = true;
        events.Add(ChatEvent.Failed(Failure.Of(FailureKind.StreamInterrupted, sentence) with { HttpStatus = 200 }));
    }

    private readonly record struct ToolBlock(int Block, bool HasArguments);
}
