using System.Text.Json;
using Routing.Core.Llm;

namespace Routing.Edge.Responses;

/// <summary>Usage as the Responses API has it.</summary>
internal static class ResponsesUsageJson
{
    public static void Write(Utf8JsonWriter json, in TokenUsage usage)
    {
        json.WriteStartObject();
        json.WriteNumber("input_tokens"u8, usage.InputTotal);
        json.WriteStartObject("input_tokens_details"u8);
        json.WriteNumber("cached_tokens"u8, usage.CacheRead);
        json.WriteNumber("cache_write_tokens"u8, usage.CacheWrite);
        json.WriteEndObject();
        json.WriteNumber("output_tokens"u8, usage.OutputTotal);
        json.WriteStartObject("output_tokens_details"u8);
        json.WriteNumber("reasoning_tokens"u8, usage.Reasoning);
        json.WriteEndObject();
        json.WriteNumber("total_tokens"u8, usage.Total);
        json.WriteEndObject();
    }
}
