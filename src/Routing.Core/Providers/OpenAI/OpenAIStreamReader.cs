using Routing.Core.Llm;

namespace Routing.Core.Providers.OpenAI;

/// <summary>
/// Forwards a stream of chat completions: whole SSE events go on as the bytes they came in, one <see cref="ChatEventKind.Raw"/> per read.
/// Until the first content every event is parsed; afterwards only those that can hold a stop reason, usage or an error, and what a read
/// brings before the first of them goes on in one piece: told by its <see cref="ChatTextFrame"/> where it can be, else by <see cref="ChatWords"/>.
/// <c>[DONE]</c> is not forwarded: the edge ends the stream itself, after the ledger.
/// </summary>
internal sealed class OpenAIStreamReader(bool forwardUsage, OpenAIFailureTable failures) : EventStreamReader(failures)
{
    private RawRun _run = new();
    private ChatTextFrame _frame;
    private bool _contentSeen;
    private bool _stopSeen;

    protected override bool IsWhole => _stopSeen || (HasEnded && _contentSeen);

    protected override bool PassesUnread => _contentSeen;

    protected override void Begin(ReadOnlyMemory<byte> input) => _run.Begin(input);

    protected override void End(List<ChatEvent> events) => _run.Flush(events);

    protected override int PassUnread(int start, ReadOnlySpan<byte> rest)
    {
        var length = _frame.LengthOfSame(rest);
        rest = rest[length..];
        var first = ChatWords.IndexOfMatter(rest);
        var border = (first < 0 ? rest : rest[..first]).LastIndexOf("\n\n"u8);
        if (border >= 0) length += LengthOfObjects(rest[..(border + 2)]);
        if (length > 0) _run.Keep(start, length, hasContent: false);
        return length;
    }

    /// <summary>Of the events at the beginning that end as an object does: one that was broken off on its way is not passed on for its client to stumble over.</summary>
    private static int LengthOfObjects(ReadOnlySpan<byte> events)
    {
        var length = 0;
        while (events[length..].IndexOf("\n\n"u8) is var end and > 0 && events[length + end - 1] == (byte)'}') length += end + 2;
        return length;
    }

    protected override void Take(int start, int length, ReadOnlyMemory<byte> data, List<ChatEvent> events)
    {
        if (IsForwarded(data.Span, out var hasContent, out var isPlain)) _run.Keep(start, length, hasContent);
        else _run.Flush(events);
        if (isPlain && !_frame.IsLearned) _frame.Learn(_run.Slice(start, length));
    }

    private bool IsForwarded(ReadOnlySpan<byte> data, out bool hasContent, out bool isPlain)
    {
        (hasContent, isPlain) = (false, false);
        if (data.IsEmpty) return _contentSeen;
        if (data.SequenceEqual("[DONE]"u8))
        {
            HasEnded = true;
            return false;
        }

        if (_contentSeen && data[^1] == (byte)'}' && !ChatWords.MayMatter(data)) return true;
        if (!OpenAIChunk.TryRead(data, out var chunk) || !chunk.IsObject)
        {
            FailUnreadable();
            return false;
        }

        if (chunk.HasError)
        {
            FailInBand(data);
            return false;
        }

        ResponseId ??= chunk.Id;
        hasContent = chunk.HasContent;
        isPlain = hasContent && chunk.Usage is null && chunk.Finish is null;
        _contentSeen |= hasContent;
        Usage = chunk.Usage ?? Usage;
        if (chunk.Finish is { } finish)
        {
            _stopSeen = true;
            Stopped = (OpenAIUsage.Stop(finish), finish);
        }

        return chunk.HasChoices || chunk.Usage is null || forwardUsage;
    }
}
