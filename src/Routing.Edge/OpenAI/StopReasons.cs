using Routing.Core.Llm;

namespace Routing.Edge.OpenAI;

/// <summary>Stop reasons in OpenAI's five words. The provider's own word goes along as <c>native_finish_reason</c>, so nothing is lost.</summary>
internal static class StopReasons
{
    public static ReadOnlySpan<byte> Word(StopReason stop) => stop switch
    {
        StopReason.Length or StopReason.ContextExhausted => "length"u8,
        StopReason.ToolCall => "tool_calls"u8,
        StopReason.SafetyFiltered or StopReason.Recitation => "content_filter"u8,
        _ => "stop"u8,
    };
}
