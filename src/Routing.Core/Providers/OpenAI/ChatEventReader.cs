using Routing.Core.Llm;

namespace Routing.Core.Providers.OpenAI;

/// <summary>Reads a stream of chat completions into events, for a caller of another API.</summary>
internal sealed class ChatEventReader(OpenAIFailureTable failures) : EventStreamReader(failures)
{
    private readonly ChatContent _content = new();
    private bool _contentSeen;
    private bool _stopSeen;

    protected override bool IsWhole => _stopSeen || (HasEnded && _contentSeen);

    protected override void Begin(ReadOnlyMemory<byte> input) => _content.Begin();

    protected override void Take(int start, int length, ReadOnlyMemory<byte> data, List<ChatEvent> events)
    {
        if (data.IsEmpty) return;
        if (data.Span.SequenceEqual("[DONE]"u8))
        {
            HasEnded = true;
            _content.CompleteCalls(events);
            return;
        }

        if ((_contentSeen && !ChatWords.MayMatter(data.Span)) || TryNote(data.Span)) ReadContent(data, events);
        if (Stopped is { } stopped && !HasFailed)
        {
            Stopped = (_content.Judge(stopped.Stop), stopped.Raw);
            _content.CompleteCalls(events);
        }
    }

    private bool TryNote(ReadOnlySpan<byte> data)
    {
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
        Usage = chunk.Usage ?? Usage;
        if (chunk.Finish is { } finish)
        {
            _stopSeen = true;
            Stopped = (OpenAIUsage.Stop(finish), finish);
        }

        return chunk.HasContent;
    }

    private void ReadContent(ReadOnlyMemory<byte> data, List<ChatEvent> events)
    {
        var before = events.Count;
        try
        {
            _content.Read(data, ResponseId, events);
        }
        catch (Exception e) when (WireJson.IsUnreadable(e))
        {
            events.RemoveRange(before, events.Count - before);
            FailUnreadable();
        }

        _contentSeen |= events.Count > before;
    }
}
