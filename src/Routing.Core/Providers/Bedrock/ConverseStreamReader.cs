using System.Text.Json;
using Routing.Core.Llm;

namespace Routing.Core.Providers.Bedrock;

/// <summary>Reads ConverseStream: text deltas, stop reason, usage, and exceptions that come after status 200.</summary>
internal sealed class ConverseStreamReader : ChatAnswerReader
{
    private readonly AwsEventStream _frames = new();
    private byte[] _text = new byte[1024];
    private int _textLength;
    private bool _stopped;
    private bool _failed;
    private bool _anything;

    public override void Read(ReadOnlyMemory<byte> bytes, List<ChatEvent> events)
    {
        if (_failed) return;
        _textLength = 0;
        if (_text.Length < bytes.Length) _text = new byte[bytes.Length * 2];
        var rest = _frames.Append(bytes);
        if (_text.Length < rest.Length) _text = new byte[rest.Length];
        while (!_failed)
        {
            if (!AwsEventStream.TryRead(rest, out var frame, out var fault))
            {
                if (fault is null) _frames.Keep(rest.Span);
                else Fail(events, Failure.Of(FailureKind.StreamInterrupted, $"Bedrock sent {fault}."));
                return;
            }

            rest = rest[frame.Length..];
            _anything = true;
            Take(frame, events);
        }
    }

    public override void Complete(List<ChatEvent> events)
    {
        if (_failed || (_stopped && !_frames.HasPartialFrame)) return;
        Fail(events, Failure.Of(FailureKind.StreamInterrupted,
            _anything ? "Bedrock's stream ended without its terminal event." : "Bedrock answered 200 with an empty stream."));
    }

    private void Take(in AwsFrame frame, List<ChatEvent> events)
    {
        if (frame.IsException)
        {
            Fail(events, BedrockFailures.ReadInBand(frame.Type, frame.Payload.Span));
            return;
        }

        try
        {
            switch (frame.Type)
            {
                case "contentBlockDelta": TakeDelta(frame.Payload.Span, events); break;
                case "messageStop": TakeStop(frame.Payload, events); break;
                case "metadata": TakeMetadata(frame.Payload, events); break;
            }
        }
        catch (JsonException)
        {
            Fail(events, Failure.Of(FailureKind.StreamInterrupted, "Bedrock sent an event that is not JSON."));
        }
    }

    // {"contentBlockIndex":0,"delta":{"text":"..."}}: only the text of the answer; reasoning and tool input are not.
    private void TakeDelta(ReadOnlySpan<byte> payload, List<ChatEvent> events)
    {
        var json = new Utf8JsonReader(payload);
        while (json.Read())
        {
            if (json.TokenType != JsonTokenType.PropertyName || json.CurrentDepth != 2 || !json.ValueTextEquals("text"u8)) continue;
            json.Read();
            if (json.TokenType != JsonTokenType.String || json.ValueSpan.IsEmpty) return;
            var length = json.CopyString(_text.AsSpan(_textLength));
            events.Add(ChatEvent.Text(_text.AsMemory(_textLength, length)));
            _textLength += length;
            return;
        }
    }

    private void TakeStop(ReadOnlyMemory<byte> payload, List<ChatEvent> events)
    {
        using var document = JsonDocument.Parse(payload);
        var raw = document.RootElement.TryGetProperty("stopReason", out var reason) ? reason.ToString() : "";
        _stopped = true;
        events.Add(ChatEvent.Stopped(ConverseParts.Stop(raw), raw));
    }

    private static void TakeMetadata(ReadOnlyMemory<byte> payload, List<ChatEvent> events)
    {
        using var document = JsonDocument.Parse(payload);
        if (document.RootElement.TryGetProperty("usage", out var usage) && usage.ValueKind == JsonValueKind.Object)
        {
            events.Add(ChatEvent.Used(ConverseParts.Usage(document.RootElement, usage)));
        }
    }

    private void Fail(List<ChatEvent> events, Failure failure)
    {
        _failed = true;
        events.Add(ChatEvent.Failed(failure));
    }
}
