using Routing.Core.Llm;

namespace Routing.Edge.OpenAI;

/// <summary>
/// Stop reasons in OpenAI's five words. The provider's own word goes along as <c>native_finish_reason</c>, so nothing is lost. One that
/// OpenAI has no word for is no success: the answer is not all there, which is what <c>length</c> makes every client expect.
/// </summary>
internal static class StopReasons
{
    public static ReadOnlySpan<byte> Word(StopReason stop) => stop switch
    {
        StopReason.None or StopReason.End or StopReason.StopSequence => "stop"u8,
        StopReason.ToolCall => "tool_calls"u8,
        StopReason.SafetyFiltered or StopReason.Recitation => "content_filter"u8,
        _ => "length"u8,
    };
}
