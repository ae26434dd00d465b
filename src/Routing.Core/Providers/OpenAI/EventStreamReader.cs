using Routing.Core.Llm;

namespace Routing.Core.Providers.OpenAI;

/// <summary>What the readers of OpenAI's event streams have in common: framing, what was noted on the way, failures, and what a good end is.</summary>
internal abstract class EventStreamReader(OpenAIFailureTable failures) : ChatAnswerReader
{
    private WireTail _tail = new();
    private Failure? _failure;
    private bool _failureTold;
    private bool _anything;
    private bool _bytesSeen;
    private string? _capacity;

    /// <summary>One event of a chat stream is a few hundred bytes; tool schemas can be large. Beyond this it is no such stream.</summary>
    protected virtual int LargestEventBytes => 4 * 1024 * 1024;

    protected bool HasFailed => _failure is not null;

    /// <summary>The terminal event was there: what follows is ignored.</summary>
    protected bool HasEnded { get; set; }

    public sealed override bool IsOver => HasEnded && IsWhole && !HasFailed;

    /// <summary>Whether the stream may end here.</summary>
    protected abstract bool IsWhole { get; }

    /// <summary>Reported since the last events were given out.</summary>
    protected TokenUsage? Usage { get; set; }

    /// <summary>The reason of a stop since the last events were given out, in the provider's word.</summary>
    protected (StopReason Stop, string Raw)? Stopped { get; set; }

    public sealed override void ReadHeaders(IWireHeaders headers) => _capacity = Spillover.CapacityOf(headers);

    public sealed override void Read(ReadOnlyMemory<byte> bytes, List<ChatEvent> events)
    {
        if (HasFailed || HasEnded) return;
        _bytesSeen |= !bytes.IsEmpty;

        // Where bytes go on as they are, only the event that was cut is put together again; what follows it is read where it lies.
        var border = _tail.Length == 0 || !PassesUnread ? -1 : bytes.Span.IndexOf("\n\n"u8);
        if (border >= 0)
        {
            ReadPiece(bytes[..(border + 2)], events);
            _tail.LeaveJoined();
            bytes = bytes[(border + 2)..];
        }

        if (!HasFailed && !HasEnded) ReadPiece(bytes, events);
        AddNoted(events);
    }

    public sealed override void Complete(List<ChatEvent> events)
    {
        if (HasFailed) return;
        if (_tail.Length > 0 && !HasEnded)
        {
            // A last event without its empty line; or no event stream at all.
            if (!_anything && OpenAIError.TryRead(_tail.Bytes, out _)) Fail(failures.ReadInBand(_tail.Bytes));
            else Read("\n\n"u8.ToArray(), events);
        }

        if (!HasFailed && IsWhole) return;
        Fail(Interrupted(Ending()));
        AddNoted(events);
    }

    /// <summary>A read begins: slices given out before are no longer valid.</summary>
    protected abstract void Begin(ReadOnlyMemory<byte> input);

    /// <summary>Whether whole events may go on without being looked at one by one.</summary>
    protected virtual bool PassesUnread => false;

    /// <summary>Passes on as many events as surely hold nothing of interest.</summary>
    /// <param name="start">Where they lie in the input.</param>
    /// <returns>Their length.</returns>
    protected virtual int PassUnread(int start, ReadOnlySpan<byte> rest) => 0;

    /// <summary>All whole events of a read were taken.</summary>
    protected virtual void End(List<ChatEvent> events) { }

    /// <summary>What belongs behind the stop.</summary>
    protected virtual void AfterStop(List<ChatEvent> events) { }

    /// <param name="start">Where the event lies in the input.</param>
    /// <param name="length">Its length with the empty line that ends it.</param>
    /// <param name="data">The value of its data line; empty for a comment or a keep-alive.</param>
    protected abstract void Take(int start, int length, ReadOnlyMemory<byte> data, List<ChatEvent> events);

    private void ReadPiece(ReadOnlyMemory<byte> bytes, List<ChatEvent> events)
    {
        var seen = _tail.Length;
        var input = _tail.Join(bytes);
        Begin(input);
        var (start, passed) = (0, false);
        while (!HasFailed && !HasEnded)
        {
            if (!passed && PassesUnread && !ChecksEveryEvent)
            {
                passed = true; // Once a piece: a stream in which every event matters must not be searched again for each.
                start += PassUnread(start, input.Span[start..]);
            }

            if (SseEvents.Next(input.Span[start..], start == 0 ? seen : 0) is not { } found) break;
            var data = DataOf(input.Slice(start, found.TextLength));
            _anything |= !data.IsEmpty;
            if (ChecksEveryEvent && !IsEmptyOrEnd(data.Span) && !WireJson.IsObject(data.Span)) FailUnreadable();
            else Take(start, found.Length, data, events);
            start += found.Length;
        }

        End(events);
        if (input.Length - start > LargestEventBytes) Fail(Interrupted($"The provider sent a stream event of more than {LargestEventBytes} bytes."));
        else _tail.Keep(input.Span[start..]);
    }

    /// <summary>The first failure counts; nothing is read after it.</summary>
    protected void Fail(Failure failure) => _failure ??= failure;

    protected void FailInBand(ReadOnlySpan<byte> data) => Fail(failures.ReadInBand(data));

    protected void FailUnreadable() => Fail(Interrupted("The provider sent a stream event that is not JSON."));

    private static bool IsEmptyOrEnd(ReadOnlySpan<byte> data) => data.IsEmpty || data.SequenceEqual("[DONE]"u8);

    private string Ending() => _anything ? "The provider's stream ended without its terminal event."
        : !_bytesSeen ? "The provider answered 200 with an empty stream."
        : "The provider answered 200 with something that is not an event stream.";

    /// <summary>Content goes first; what was read in it follows, a failure last.</summary>
    private void AddNoted(List<ChatEvent> events)
    {
        if (Usage is { } usage) events.Add(ChatEvent.Used(_capacity is null ? usage : usage with { CapacityClass = _capacity }));
        if (Stopped is { } stopped)
        {
            events.Add(ChatEvent.Stopped(stopped.Stop, stopped.Raw));
            AfterStop(events);
        }

        if (_failure is { } failure && !_failureTold)
        {
            _failureTold = true;
            events.Add(ChatEvent.Failed(failure));
        }

        Usage = null;
        Stopped = null;
    }

    /// <summary>The value of an event's data line, as a slice of the event.</summary>
    private static ReadOnlyMemory<byte> DataOf(ReadOnlyMemory<byte> text)
    {
        var data = SseEvents.Data(text.Span);
        if (data.IsEmpty) return default;
        text.Span.Overlaps(data, out var offset);
        return text.Slice(offset, data.Length);
    }

    private static Failure Interrupted(string sentence) => Failure.Of(FailureKind.StreamInterrupted, sentence) with { HttpStatus = 200 };
}
