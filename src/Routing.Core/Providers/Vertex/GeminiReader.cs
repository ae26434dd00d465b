using Routing.Core.Llm;

namespace Routing.Core.Providers.Vertex;

/// <summary>What stream and whole answer of Gemini have in common: one response becomes events.</summary>
internal abstract class GeminiReader : ChatAnswerReader
{
    private readonly GeminiChunk _chunk = new();
    private string? _answer;

    protected bool Stopped { get; private set; }

    protected bool HasFailed { get; private set; }

    /// <summary>Bytes of earlier events may be overwritten from here on.</summary>
    protected void Rewind() => _chunk.Rewind();

    protected void Take(ReadOnlyMemory<byte> data, List<ChatEvent> events)
    {
        var before = events.Count;
        try
        {
            _chunk.Read(data, events);
        }
        catch (Exception e) when (WireJson.IsUnreadable(e))
        {
            events.RemoveRange(before, events.Count - before);
            Fail(events, Failure.Of(FailureKind.StreamInterrupted, "Vertex AI sent an event that cannot be read."));
            return;
        }

        ResponseId ??= _chunk.ResponseId;
        if (_chunk.HasError)
        {
            events.RemoveRange(before, events.Count - before);
            Fail(events, VertexFailures.ReadInBand(data.Span));
            return;
        }

        if (_chunk.Calls > 0) NameCalls(data.Span, events, before);
        if (_chunk.Usage is { } usage) events.Add(ChatEvent.Used(usage));
        if (_chunk.BlockReason is { } block) Fail(events, VertexFailures.Blocked(block));
        else if (_chunk.Finish is { } finish)
        {
            Stopped = true;
            events.Add(ChatEvent.Stopped(GeminiStops.Of(finish, _chunk.Calls > 0), finish));
        }
    }

    protected void Fail(List<ChatEvent> events, Failure failure)
    {
        HasFailed = true;
        events.Add(ChatEvent.Failed(failure));
    }

    // An answer keeps the name of its first call, whatever ids later responses bring.
    private void NameCalls(ReadOnlySpan<byte> data, List<ChatEvent> events, int from)
    {
        _answer ??= GeminiCallIds.Answer(ResponseId, data);
        for (var i = from; i < events.Count; i++)
        {
            var e = events[i];
            if (e.Kind == ChatEventKind.ToolCallStart) events[i] = e with { Id = GeminiCallIds.Of(_answer, e.Index, e.Utf8.Span), Utf8 = default };
        }
    }
}

/// <summary>Table 3b, column Vertex.</summary>
internal static class GeminiStops
{
    public static StopReason Of(string raw, bool calledFunction) => raw switch
    {
        "STOP" => calledFunction ? StopReason.ToolCall : StopReason.End,
        "MAX_TOKENS" => StopReason.Length,
        "SAFETY" or "BLOCKLIST" or "PROHIBITED_CONTENT" or "SPII" or "MODEL_ARMOR" or "IMAGE_SAFETY" or "IMAGE_PROHIBITED_CONTENT" => StopReason.SafetyFiltered,
        "RECITATION" or "IMAGE_RECITATION" => StopReason.Recitation,
        "MALFORMED_FUNCTION_CALL" or "UNEXPECTED_TOOL_CALL" or "TOO_MANY_TOOL_CALLS" => StopReason.MalformedOutput,
        _ => StopReason.Other,
    };
}
