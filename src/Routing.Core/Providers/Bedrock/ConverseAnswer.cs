using System.Text.Json;
using Routing.Core.Llm;

namespace Routing.Core.Providers.Bedrock;

/// <summary>The pieces of Converse's JSON that its streamed events and its whole answer have in common.</summary>
internal static class ConverseAnswer
{
    /// <summary>Bedrock counts input without its cache parts; our totals are with them.</summary>
    public static TokenUsage ReadUsage(ref Utf8JsonReader json)
    {
        long input = 0, output = 0, read = 0, write = 0;
        var depth = json.CurrentDepth;
        while (json.Read() && !(json.TokenType == JsonTokenType.EndObject && json.CurrentDepth == depth))
        {
            if (json.TokenType != JsonTokenType.PropertyName) continue;
            if (json.CurrentDepth != depth + 1) continue;
            if (json.ValueTextEquals("inputTokens"u8)) input = WireNumbers.Tokens(ref json);
            else if (json.ValueTextEquals("outputTokens"u8)) output = WireNumbers.Tokens(ref json);
            else if (json.ValueTextEquals("cacheReadInputTokens"u8)) read = WireNumbers.Tokens(ref json);
            else if (json.ValueTextEquals("cacheWriteInputTokens"u8)) write = WireNumbers.Tokens(ref json);
        }

        return new TokenUsage
        {
            InputTotal = input + read + write, CacheRead = read, CacheWrite = write, OutputTotal = output, Source = UsageSource.Reported,
        };
    }

    /// <summary>The tier that served the call: <c>{"type":"priority"}</c>.</summary>
    public static string? ReadTier(ref Utf8JsonReader json)
    {
        string? tier = null;
        var depth = json.CurrentDepth;
        if (json.TokenType != JsonTokenType.StartObject) return null;
        while (json.Read() && !(json.TokenType == JsonTokenType.EndObject && json.CurrentDepth == depth))
        {
            if (json.TokenType == JsonTokenType.PropertyName && json.ValueTextEquals("type"u8) && json.Read() && json.TokenType == JsonTokenType.String) tier = json.GetString();
        }

        return tier;
    }

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
}
