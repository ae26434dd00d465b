using Routing.Core.Llm;

namespace Routing.Core.Providers.Vertex;

/// <summary>What stream and whole answer of Gemini have in common: one response becomes events.</summary>
internal abstract class GeminiReader : ChatAnswerReader
{
    private byte[] _text = new byte[1024];
    private int _textLength;
    private bool _calledFunction;
    private string? _trafficType;

    protected bool Stopped { get; private set; }

    protected bool HasFailed { get; private set; }

    /// <summary>Text of earlier responses may be overwritten from here on.</summary>
    protected void Rewind(int bytesToCome)
    {
        _textLength = 0;
        if (_text.Length < bytesToCome) _text = new byte[bytesToCome * 2];
    }

    protected void Take(ReadOnlySpan<byte> data, List<ChatEvent> events)
    {
        var chunk = new GeminiChunk(_text.AsSpan(_textLength));
        try
        {
            chunk.Read(data);
        }
        catch (Exception e) when (WireJson.IsUnreadable(e))
        {
            Fail(events, Failure.Of(FailureKind.StreamInterrupted, "Vertex AI sent an event that cannot be read."));
            return;
        }

        ResponseId ??= chunk.ResponseId;
        if (chunk.HasError)
        {
            Fail(events, VertexFailures.ReadInBand(data));
            return;
        }

        _calledFunction |= chunk.HasFunctionCall;
        if (chunk.TextLength > 0)
        {
            events.Add(ChatEvent.Text(_text.AsMemory(_textLength, chunk.TextLength)));
            _textLength += chunk.TextLength;
        }

        _trafficType = chunk.TrafficType ?? _trafficType;
        if (chunk.Usage is { } usage) events.Add(ChatEvent.Used(usage with { CapacityClass = _trafficType }));
        if (chunk.BlockReason is { } block) Fail(events, VertexFailures.Blocked(block));
        else if (chunk.Finish is { } finish)
        {
            Stopped = true;
            events.Add(ChatEvent.Stopped(GeminiStops.Of(finish, _calledFunction), finish));
        }
    }

    protected void Fail(List<ChatEvent> events, Failure failure)
    {
        HasFailed = true;
        events.Add(ChatEvent.Failed(failure));
    }
}

/// <summary>Table 3b, column Vertex.</summary>
internal static class GeminiStops
{
    public static StopReason Of(string raw, bool calledFunction) => raw switch
    {
        "STOP" => calledFunction ? StopReason.ToolCall : StopReason.End,
        "MAX_TOKENS" => StopReason.Length,
        "SAFETY" or "BLOCKLIST" or "PROHIBITED_CONTENT" or "SPII" or "MODEL_ARMOR" or "IMAGE_SAFETY" => StopReason.SafetyFiltered,
        "RECITATION" or "IMAGE_RECITATION" => StopReason.Recitation,
        "MALFORMED_FUNCTION_CALL" or "UNEXPECTED_TOOL_CALL" or "TOO_MANY_TOOL_CALLS" => StopReason.MalformedOutput,
        _ => StopReason.Other,
    };
}
