using System.Text.Json;
using Routing.Core.Llm;

namespace Routing.Core.Providers.OpenAI;

/// <summary>Usage and stop reason in OpenAI's spellings, of chat completions and of responses. Its totals are inclusive already.</summary>
internal static class OpenAIUsage
{
    /// <summary>Reads the object the reader stands on.</summary>
    public static TokenUsage Read(ref Utf8JsonReader json, string? tier)
    {
        long input = 0, output = 0, cacheRead = 0, cacheWrite = 0, reasoning = 0, total = 0;
        var depth = json.CurrentDepth;
        while (json.Read() && !(json.TokenType == JsonTokenType.EndObject && json.CurrentDepth == depth))
        {
            if (json.TokenType != JsonTokenType.PropertyName) continue;
            if (json.ValueTextEquals("prompt_tokens"u8) || json.ValueTextEquals("input_tokens"u8)) input = Number(ref json);
            else if (json.ValueTextEquals("completion_tokens"u8) || json.ValueTextEquals("output_tokens"u8)) output = Number(ref json);
            else if (json.ValueTextEquals("total_tokens"u8)) total = Number(ref json);
            else if (json.ValueTextEquals("cached_tokens"u8)) cacheRead = Number(ref json);
            else if (json.ValueTextEquals("cache_write_tokens"u8)) cacheWrite = Number(ref json);
            else if (json.ValueTextEquals("reasoning_tokens"u8)) reasoning = Number(ref json);
        }

        // Some hosts count reasoning beside the completion: their total says so, or it is the larger of the two.
        if (reasoning > output || (reasoning > 0 && total == input + output + reasoning)) output += reasoning;
        return new TokenUsage
        {
            InputTotal = input, OutputTotal = output, CacheRead = cacheRead, CacheWrite = cacheWrite, Reasoning = reasoning,
            Source = UsageSource.Reported, CapacityClass = tier,
        };
    }

    public static StopReason Stop(string raw) => raw switch
    {
        "stop" => StopReason.End,
        "length" => StopReason.Length,
        "tool_calls" or "function_call" => StopReason.ToolCall,
        "content_filter" => StopReason.SafetyFiltered,
        _ => StopReason.Other,
    };

    // A negative or absurd count is a provider's mistake; it must neither crash nor pay us back.
    private static long Number(ref Utf8JsonReader json) =>
        json.Read() && json.TokenType == JsonTokenType.Number && json.TryGetInt64(out var value) && value is >= 0 and < 1L << 40 ? value : 0;
}
