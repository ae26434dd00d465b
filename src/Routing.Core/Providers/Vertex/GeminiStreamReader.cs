using Routing.Core.Llm;

namespace Routing.Core.Providers.Vertex;

/// <summary>Reads streamGenerateContent with <c>alt=sse</c>: one response an event, split anywhere.</summary>
internal sealed class GeminiStreamReader : GeminiReader
{
    private const int LargestEventBytes = 16 * 1024 * 1024;

    private WireTail _tail = new();
    private bool _anything;
    private bool _bytesSeen;

    public override void Read(ReadOnlyMemory<byte> bytes, List<ChatEvent> events)
    {
        if (HasFailed) return;
        _bytesSeen |= !bytes.IsEmpty;
        var seen = _tail.Length;
        var input = _tail.Join(bytes);
        Rewind();
        while (!HasFailed && SseEvents.Next(input.Span, seen) is { } found)
        {
            seen = 0;
            TakeEvent(input[..found.TextLength], events);
            input = input[found.Length..];
        }

        if (HasFailed) return;
        if (input.Length > LargestEventBytes) Fail(events, Interrupted($"Vertex AI sent a stream event of more than {LargestEventBytes} bytes."));
        else _tail.Keep(input.Span);
    }

    public override void Complete(List<ChatEvent> events)
    {
        if (HasFailed) return;
        Rewind();
        if (_tail.Length > 0) TakeEvent(_tail.Join(default), events);
        if (HasFailed || Stopped) return;
        Fail(events, Interrupted(
            _anything ? "Vertex AI's stream ended without a finish reason."
            : _bytesSeen ? "Vertex AI answered 200 with something that is not an event stream."
            : "Vertex AI answered 200 with an empty stream."));
    }

    private void TakeEvent(ReadOnlyMemory<byte> text, List<ChatEvent> events)
    {
        var data = SseEvents.Data(text.Span);
        if (data.IsEmpty)
        {
            // In mid-stream an error also comes as plain JSON over several lines, without an event's field name.
            if (text.Span.IndexOfAny((byte)'{', (byte)'[') == 0 && VertexFailures.IsError(text.Span)) Fail(events, VertexFailures.ReadInBand(text.Span));
            return;
        }

        _anything = true;
        text.Span.Overlaps(data, out var at);
        Take(text.Slice(at, data.Length), events);
    }

    private static Failure Interrupted(string sentence) => Failure.Of(FailureKind.StreamInterrupted, sentence) with { HttpStatus = 200 };
}
