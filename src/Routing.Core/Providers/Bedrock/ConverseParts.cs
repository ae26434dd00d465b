using System.Text.Json;
using Routing.Core.Llm;

namespace Routing.Core.Providers.Bedrock;

/// <summary>Pieces that stream and whole answer of Converse share.</summary>
internal static class ConverseParts
{
    public static StopReason Stop(string raw) => raw switch
    {
        "end_turn" => StopReason.End,
        "stop_sequence" => StopReason.StopSequence,
        "max_tokens" => StopReason.Length,
        "tool_use" => StopReason.ToolCall,
        "guardrail_intervened" or "content_filtered" => StopReason.SafetyFiltered,
        "model_context_window_exceeded" => StopReason.ContextExhausted,
        "malformed_model_output" or "malformed_tool_use" => StopReason.MalformedOutput,
        _ => StopReason.Other,
    };

    /// <summary>Bedrock reports input without what was read from or written to a cache; ours includes both.</summary>
    public static TokenUsage Usage(JsonElement root, JsonElement usage)
    {
        long read = Count(usage, "cacheReadInputTokens"), write = Count(usage, "cacheWriteInputTokens");
        return new TokenUsage
        {
            InputTotal = Count(usage, "inputTokens") + read + write,
            CacheRead = read,
            CacheWrite = write,
            OutputTotal = Count(usage, "outputTokens"),
            Source = UsageSource.Reported,
            CapacityClass = root.TryGetProperty("serviceTier", out var tier) && tier.ValueKind == JsonValueKind.Object
                && tier.TryGetProperty("type", out var type) && type.ValueKind == JsonValueKind.String ? type.GetString() : null,
        };
    }

    private static long Count(JsonElement usage, string name) =>
        usage.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out var count) && count is >= 0 and < 1L << 40 ? count : 0;
}
