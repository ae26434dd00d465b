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

    private byte[] _tail = [];
    private int _tailLength;
    private bool _contentSeen;
    private bool _stopped;
    private bool _done;
    private TokenUsage? _usage;
    private string? _finish;
    private Failure? _failure;
    private bool _failureTold;
    private bool _anything;

    public override void Read(ReadOnlyMemory<byte> bytes, List<ChatEvent> events)
    {
        if (_failure is not null || _done) return;
        var input = _tailLength == 0 ? bytes : Append(bytes.Span);
        var consumed = 0;
        var run = new RawRun(input);
        while (_failure is null && !_done && NextEvent(input.Span[consumed..]) is { Length: > 0 } found)
        {
            var start = consumed;
            consumed += found.Length;
            if (Take(input.Span.Slice(start, found.DataLength), out var hasContent)) run.Keep(start, consumed, hasContent);
            else run.Flush(events);
        }

        run.Flush(events);
        KeepTail(input.Span[consumed..]);
        AddNoted(events);
    }

    public override void Complete(List<ChatEvent> events)
    {
        if (_failure is not null) return;
        if (_tailLength > 0 && !_done)
        {
            // A last event without its empty line.
            Read("\n\n"u8.ToArray(), events);
        }

        if (_failure is not null || _stopped || (_done && _contentSeen)) return;
        Fail(Failure.Of(FailureKind.StreamInterrupted,
            _anything ? "The provider's stream ended without its terminal event." : "The provider answered 200 with an empty stream."));
        AddNoted(events);
    }

    /// <summary>Looks at one event. False: it is not to be forwarded.</summary>
    private bool Take(ReadOnlySpan<byte> text, out bool hasContent)
    {
        hasContent = false;
        var data = SseData.Of(text);
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

    /// <summary>The next whole event: its length with, and its data length without, the empty line that ends it.</summary>
    private static (int Length, int DataLength)? NextEvent(ReadOnlySpan<byte> span)
    {
        for (var from = 0; ;)
        {
            var at = span[from..].IndexOfAny((byte)'\n', (byte)'\r');
            if (at < 0) return null;
            at += from;
            var line = LineEnd(span, at);
            if (line == 0) return null;
            var next = at + line;
            if (next >= span.Length) return null;
            var second = LineEnd(span, next);
            if (second > 0) return (next + second, at);
            if (second == 0 && span[next] == '\r') return null;
            from = next;
        }
    }

    /// <summary>Length of the line end at a position: 1 or 2, -1 when there is none, 0 when the next byte decides.</summary>
    private static int LineEnd(ReadOnlySpan<byte> span, int at) => span[at] switch
    {
        (byte)'\n' => 1,
        (byte)'\r' when at + 1 == span.Length => 0,
        (byte)'\r' => span[at + 1] == '\n' ? 2 : 1,
        _ => -1,
    };

    private ReadOnlyMemory<byte> Append(ReadOnlySpan<byte> bytes)
    {
        var joined = new byte[_tailLength + bytes.Length];
        _tail.AsSpan(0, _tailLength).CopyTo(joined);
        bytes.CopyTo(joined.AsSpan(_tailLength));
        return joined;
    }

    private void KeepTail(ReadOnlySpan<byte> rest)
    {
        if (rest.Length > LargestEventBytes)
        {
            Fail(Failure.Of(FailureKind.StreamInterrupted, $"The provider sent a stream event of more than {LargestEventBytes} bytes."));
            return;
        }

        if (rest.Length > _tail.Length) _tail = new byte[Math.Max(rest.Length, 512)];
        rest.CopyTo(_tail);
        _tailLength = rest.Length;
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
