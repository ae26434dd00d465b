using Routing.Core.Llm;

namespace Routing.Core.Providers.OpenAI;

/// <summary>
/// Forwards a stream of OpenAI's Responses API: whole SSE events go on as the bytes they came in, one <see cref="ChatEventKind.Raw"/> per read.
/// <para>
/// How it ends: <c>response.completed</c> and <c>response.incomplete</c> carry the whole response, so the edge cannot write them itself; such
/// an event is a <c>Raw</c> of its own behind <see cref="ChatEventKind.Stopped"/>, which the edge holds until the ledger has the request.
/// <c>response.failed</c> and <c>error</c> are a <see cref="ChatEventKind.Failed"/> and never reach the caller as they are: before the first
/// content another candidate answers, after it the edge ends the stream with its own error.
/// </para>
/// </summary>
internal sealed class ResponsesForwarder(OpenAIFailureTable failures) : EventStreamReader(failures)
{
    private RawRun _run = new();
    private ReadOnlyMemory<byte> _input;
    private ReadOnlyMemory<byte> _end;
    private bool _contentSeen;

    // The last event holds everything that was said once more.
    protected override int LargestEventBytes => 64 * 1024 * 1024;

    protected override bool IsWhole => HasEnded;

    protected override void Begin(ReadOnlyMemory<byte> input)
    {
        _input = input;
        _run.Begin(input);
    }

    protected override void End(List<ChatEvent> events) => _run.Flush(events);

    protected override void AfterStop(List<ChatEvent> events) => events.Add(ChatEvent.Raw(_end, hasContent: false));

    protected override void Take(int start, int length, ReadOnlyMemory<byte> data, List<ChatEvent> events)
    {
        if (data.IsEmpty || (_contentSeen && !MayMatter(data.Span)))
        {
            if (_contentSeen) _run.Keep(start, length, hasContent: false);
            else _run.Flush(events);
            return;
        }

        if (!ResponsesEvent.TryRead(data.Span, out var read))
        {
            FailUnreadable();
            return;
        }

        ResponseId ??= read.Response.Id;
        if (read.IsFailure) FailInBand(data.Span);
        else if (read.IsTerminal) Finish(read, start, length);
        else
        {
            _contentSeen |= read.HasContent;
            _run.Keep(start, length, read.HasContent);
        }
    }

    private void Finish(in ResponsesEvent read, int start, int length)
    {
        HasEnded = true;
        _end = _input.Slice(start, length);
        Usage = read.Response.Usage;
        Stopped = read.Response.Stop();
    }

    // Text inside a delta has its quotes escaped: these bytes are names and values only.
    private static bool MayMatter(ReadOnlySpan<byte> data) =>
        data.IndexOf("\"response.completed\""u8) >= 0 || data.IndexOf("\"response.incomplete\""u8) >= 0
        || data.IndexOf("\"response.failed\""u8) >= 0 || data.IndexOf("\"error\""u8) >= 0;
}
