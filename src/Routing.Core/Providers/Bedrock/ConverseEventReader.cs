using System.Text;
using System.Text.Json;
using Routing.Core.Llm;

namespace Routing.Core.Providers.Bedrock;

/// <summary>Reads a ConverseStream answer: event-stream frames whose payloads are small JSON objects.</summary>
internal sealed class ConverseEventReader : ChatAnswerReader
{
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
            events.Add(ChatEvent.Failed(BedrockFailures.ReadInBand(Encoding.UTF8.GetString(frame.Type), payload.Span)));
            return;
        }

        try
        {
            if (frame.Type.SequenceEqual("contentBlockDelta"u8)) ReadDelta(payload, events);
            else if (frame.Type.SequenceEqual("messageStop"u8)) ReadStop(payload.Span, events);
            else if (frame.Type.SequenceEqual("metadata"u8)) ReadMetadata(payload.Span, events);
        }
        catch (Exception e) when (WireJson.IsUnreadable(e))
        {
            Fail(events, "The provider sent a stream event that cannot be read.");
        }
    }

    // {"contentBlockIndex":0,"delta":{"text":"…"},"p":"…"}; reasoning comes under another name and is no answer text.
    private void ReadDelta(ReadOnlyMemory<byte> payload, List<ChatEvent> events)
    {
        var json = new Utf8JsonReader(payload.Span);
        while (json.Read())
        {
            if (json.TokenType != JsonTokenType.PropertyName || json.CurrentDepth != 1) continue;
            var isDelta = json.ValueTextEquals("delta"u8);
            json.Read();
            if (!isDelta || json.TokenType != JsonTokenType.StartObject)
            {
                json.Skip();
                continue;
            }

            while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
            {
                var isText = json.ValueTextEquals("text"u8);
                json.Read();
                if (isText && json.TokenType == JsonTokenType.String && json.ValueSpan.Length > 0) events.Add(ChatEvent.Text(_text.Of(json, payload)));
                json.Skip();
            }
        }
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

    private void Fail(List<ChatEvent> events, string sentence)
    {
        _failed = true;
        events.Add(ChatEvent.Failed(Failure.Of(FailureKind.StreamInterrupted, sentence) with { HttpStatus = 200 }));
    }
}
