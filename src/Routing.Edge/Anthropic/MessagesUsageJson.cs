using System.Text.Json;
using Routing.Core.Llm;

namespace Routing.Edge.Anthropic;

/// <summary>Usage as Anthropic has it: input without its cache parts.</summary>
internal static class MessagesUsageJson
{
    public static void Write(Utf8JsonWriter json, in TokenUsage usage)
    {
        json.WriteStartObject();
        json.WriteNumber("input_tokens"u8, usage.InputUncached);
        json.WriteNumber("cache_creation_input_tokens"u8, usage.CacheWrite);
        json.WriteNumber("cache_read_input_tokens"u8, usage.CacheRead);
        json.WriteNumber("output_tokens"u8, usage.OutputTotal);
        json.WriteStartObject("output_tokens_details"u8);
        json.WriteNumber("thinking_tokens"u8, usage.Reasoning);
        json.WriteEndObject();
        json.WriteEndObject();
    }
}
