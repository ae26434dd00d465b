using Routing.Core.Llm;

namespace Routing.Core.Providers.OpenAI;

/// <summary>
/// Forwards a stream of OpenAI's shape: whole SSE events go on as the bytes they came in, one <see cref="ChatEventKind.Raw"/> per read.
/// Until the first content every event is parsed; afterwards only those that can hold a stop reason, usage or an error.
/// <c>[DONE]</c> is not forwarded: the edge ends the stream itself, after the ledger.
/// </summary>
internal sealed class OpenAIStreamReader(bool forwardUsage, OpenAIFailureTable failures) : ChatAnswerReader
{
    // One event of a chat stream is a few hundred bytes; tool schemas can be large. Beyond this it is no chat stream.
    private const int LargestEventBytes = 4 * 1024 * 1024;

    private WireTail _tail = new();
    private bool _contentSeen;
    private bool _stopped;
    private bool _done;
    private TokenUsage? _usage;
    private string? _finish;
    private Failure? _failure;
    private bool _failureTold;
    private bool _anything;
    private long _bytes;

    public override void Read(ReadOnlyMemory<byte> bytes, List<ChatEvent> events)
    {
        if (_failure is not null || _done) return;
        _bytes += bytes.Length;
        var input = _tail.Join(bytes);
        var consumed = 0;
        var run = new RawRun(input);
        while (_failure is null && !_done && SseEvents.Next(input.Span[consumed..]) is { } found)
        {
            var start = consumed;
            consumed += found.Length;
            if (Take(input.Span.Slice(start, found.TextLength), out var hasContent)) run.Keep(start, consumed, hasContent);
            else run.Flush(events);
        }

        run.Flush(events);
        KeepTail(input.Span[consumed..]);
        AddNoted(events);
    }

    public override void Complete(List<ChatEvent> events)
    {
        if (_failure is not null) return;
        if (_tail.Length > 0 && !_done)
        {
            // A last event without its empty line; or no event stream at all.
            if (!_anything && OpenAIError.TryRead(_tail.Bytes, out _)) Fail(failures.ReadInBand(_tail.Bytes));
            else Read("\n\n"u8.ToArray(), events);
        }

        if (_failure is null && (_stopped || (_done && _contentSeen))) return;
        Fail(Failure.Of(FailureKind.StreamInterrupted, Ending()) with { HttpStatus = 200 });
        AddNoted(events);
    }

    private string Ending() => _anything ? "The provider's stream ended without its terminal event."
        : _bytes == 0 ? "The provider answered 200 with an empty stream."
        : "The provider answered 200 with something that is not an event stream.";

    /// <summary>Looks at one event. False: it is not to be forwarded.</summary>
    private bool Take(ReadOnlySpan<byte> text, out bool hasContent)
    {
        hasContent = false;
        var data = SseEvents.Data(text);
        if (data.IsEmpty) return _contentSeen; // A comment or a keep-alive.
        _anything = true;
        if (data.SequenceEqual("[DONE]"u8))
        {
            _done = true;
            return false;
        }

        if (_contentSeen && !MayMatter(data)) return true;
        if (!OpenAIChunk.TryRead(data, out var chunk) || !chunk.IsObject)
        {
            Fail(Failure.Of(FailureKind.StreamInterrupted, "The provider sent a stream event that is not JSON."));
            return false;
        }

        if (chunk.HasError)
        {
            Fail(failures.ReadInBand(data));
            return false;
        }

        ResponseId ??= chunk.Id;
        hasContent = chunk.HasContent;
        _contentSeen |= hasContent;
        _usage = chunk.Usage ?? _usage;
        if (chunk.Finish is { } finish)
        {
            _stopped = true;
            _finish = finish;
        }

        return chunk.HasChoices || chunk.Usage is null || forwardUsage;
    }

    /// <summary>Vectorised look for the words that matter; a false hit costs a parse, a miss cannot happen.</summary>
    private static bool MayMatter(ReadOnlySpan<byte> data)
    {
        if (data.IndexOf("\"error\""u8) >= 0) return true;
        return HasValue(data, "\"finish_reason\""u8) || HasValue(data, "\"usage\""u8);
    }

    private static bool HasValue(ReadOnlySpan<byte> data, ReadOnlySpan<byte> name)
    {
        for (int at; (at = data.IndexOf(name)) >= 0;)
        {
            data = data[(at + name.Length)..].TrimStart(" :\t"u8);
            if (!data.StartsWith("null"u8)) return true;
        }

        return false;
    }

    private void Fail(Failure failure) => _failure ??= failure;

    /// <summary>Bytes go first; what was read in them follows, a failure last.</summary>
    private void AddNoted(List<ChatEvent> events)
    {
        if (_usage is { } usage) events.Add(ChatEvent.Used(usage));
        if (_finish is { } finish) events.Add(ChatEvent.Stopped(OpenAIUsage.Stop(finish), finish));
        if (_failure is { } failure && !_failureTold)
        {
            _failureTold = true;
            events.Add(ChatEvent.Failed(failure));
        }

        _usage = null;
        _finish = null;
    }

    private void KeepTail(ReadOnlySpan<byte> rest)
    {
        if (rest.Length > LargestEventBytes)
        {
            Fail(Failure.Of(FailureKind.StreamInterrupted, $"The provider sent a stream event of more than {LargestEventBytes} bytes."));
            return;
        }

        _tail.Keep(rest);
    }

    /// <summary>Joins neighbouring events into one slice of the input.</summary>
    private ref struct RawRun(ReadOnlyMemory<byte> input)
    {
        private int _start = -1;
        private int _end;
        private bool _hasContent;

        public void Keep(int start, int end, bool hasContent)
        {
            if (_start < 0) _start = start;
            _end = end;
            _hasContent |= hasContent;
        }

        public void Flush(List<ChatEvent> events)
        {
            if (_start >= 0) events.Add(ChatEvent.Raw(input[_start.._end], _hasContent));
            _start = -1;
            _hasContent = false;
        }
    }
}
