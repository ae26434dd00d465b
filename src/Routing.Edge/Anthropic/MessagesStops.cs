using Routing.Core.Llm;

namespace Routing.Edge.Anthropic;

/// <summary>Stop reasons in Anthropic's words. One it has no word for goes out as the provider wrote it: a client sees that it is unknown.</summary>
internal static class MessagesStops
{
    public static string Word(StopReason stop, string? raw) => stop switch
    {
        StopReason.End or StopReason.None => "end_turn",
        StopReason.StopSequence => "stop_sequence",
        StopReason.Length => "max_tokens",
        StopReason.ToolCall => "tool_use",
        StopReason.SafetyFiltered or StopReason.Recitation => "refusal",
        StopReason.ContextExhausted => "model_context_window_exceeded",
        StopReason.Paused => "pause_turn",
        _ => raw ?? "other",
    };
}
