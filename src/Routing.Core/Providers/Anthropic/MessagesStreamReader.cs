using Routing.Core.Llm;

namespace Routing.Core.Providers.Anthropic;

/// <summary>What both readers of a messages stream have in common: framing, usage, stop, failures, and what a good end is.</summary>
internal abstract class MessagesStreamReader(AnthropicFailures failures) : ChatAnswerReader
{
    // An event is a few hundred bytes; a whole tool input or an image would be the largest. Beyond this it is no messages stream.
    private const int LargestEventBytes = 16 * 1024 * 1024;

    private WireTail _tail = new();
    private MessagesUsage _usage;
    private bool _stopped;
    private bool _anything;
    private bool _bytesSeen;

    protected bool HasFailed { get; private set; }

    /// <summary>The terminal event was there: what follows is ignored.</summary>
    protected bool HasEnded { get; private set; }

    public sealed override bool IsOver => HasEnded && !HasFailed;

    public sealed override void Read(ReadOnlyMemory<byte> bytes, List<ChatEvent> events)
    {
        if (HasFailed || HasEnded) return;
        _bytesSeen |= !bytes.IsEmpty;
        var seen = _tail.Length;
        var input = _tail.Join(bytes);
        Begin(input);
        var start = 0;
        while (!HasFailed && !HasEnded && SseEvents.Next(input.Span[start..], start == 0 ? seen : 0) is { } found)
        {
            var data = DataOf(input.Slice(start, found.TextLength));
            if (ChecksEveryEvent && !data.IsEmpty && !WireJson.IsObject(data.Span)) FailUnreadable(events);
            else Take(start, found.Length, data, events);
            start += found.Length;
        }

        End(events);
        if (HasFailed || HasEnded) return;
        if (input.Length - start > LargestEventBytes) Fail(events, Interrupted($"{failures.Provider} sent a stream event of more than {LargestEventBytes} bytes."));
        else _tail.Keep(input.Span[start..]);
    }

    public sealed override void Complete(List<ChatEvent> events)
    {
        if (HasFailed || HasEnded) return;
        if (_tail.Length > 0)
        {
            if (!_anything && AnthropicFailures.IsError(_tail.Bytes)) Fail(events, failures.ReadInBand(_tail.Bytes));
            else Read("\n\n"u8.ToArray(), events); // A last event without its empty line; or no event stream at all.
        }

        if (HasFailed || HasEnded || _stopped) return;
        Fail(events, Interrupted(
            _anything ? $"{failures.Provider}'s stream ended without its terminal event."
            : _bytesSeen ? $"{failures.Provider} answered 200 with something that is not an event stream."
            : $"{failures.Provider} answered 200 with an empty stream."));
    }

    /// <summary>A read begins: slices given out before are no longer valid.</summary>
    protected abstract void Begin(ReadOnlyMemory<byte> input);

    /// <summary>All whole events of a read were taken.</summary>
    protected virtual void End(List<ChatEvent> events) { }

    /// <param name="start">Where the event lies in the input.</param>
    /// <param name="length">Its length with the empty line that ends it.</param>
    /// <param name="data">The value of its data line; empty for a comment.</param>
    protected abstract void Take(int start, int length, ReadOnlyMemory<byte> data, List<ChatEvent> events);

    /// <summary>Reads one event's data and notes usage, stop and end. False: it failed, or is not to be looked at further.</summary>
    protected bool TryNote(ReadOnlyMemory<byte> data, ref JsonText text, List<ChatEvent> events, out MessagesEvent read)
    {
        _anything = true;
        read = default;
        try
        {
            read = MessagesEvent.Read(data, ref text, ref _usage);
        }
        catch (Exception e) when (WireJson.IsUnreadable(e))
        {
            FailUnreadable(events);
            return false;
        }

        ResponseId ??= read.MessageId;
        switch (read.Type)
        {
            case MessagesEventType.Error:
                Fail(events, failures.ReadInBand(data.Span));
                return false;
            case MessagesEventType.MessageStart when _usage.IsKnown:
                events.Add(ChatEvent.Used(_usage.Total(isWhole: false)));
                break;
            case MessagesEventType.MessageDelta:
                if (_usage.IsKnown) events.Add(ChatEvent.Used(_usage.Total(isWhole: true)));
                if (read.Stop is { } stop)
                {
                    _stopped = true;
                    events.Add(ChatEvent.Stopped(MessagesUsage.Stop(stop), stop));
                }

                break;
            case MessagesEventType.MessageStop:
                HasEnded = true;
                break;
        }

        return true;
    }

    /// <summary>The value of an event's data line, as a slice of the event.</summary>
    private static ReadOnlyMemory<byte> DataOf(ReadOnlyMemory<byte> text)
    {
        var data = SseEvents.Data(text.Span);
        if (data.IsEmpty) return default;
        text.Span.Overlaps(data, out var offset);
        return text.Slice(offset, data.Length);
    }

    private void FailUnreadable(List<ChatEvent> events) => Fail(events, Interrupted($"{failures.Provider} sent an event that cannot be read."));

    private void Fail(List<ChatEvent> events, Failure failure)
    {
        HasFailed = true;
        events.Add(ChatEvent.Failed(failure));
    }

    private static Failure Interrupted(string sentence) => Failure.Of(FailureKind.StreamInterrupted, sentence) with { HttpStatus = 200 };
}
