using System.Text.Json;
using Routing.Simulator.Answers;
using Routing.Simulator.Calls;

namespace Routing.Simulator.Anthropic;

/// <summary>Anthropic's <c>input_tokens</c> leave out what was read from the cache and what was written to it.</summary>
internal static class MessageUsage
{
    public static void Write(Utf8JsonWriter json, SimulatedCall call, Answer answer, int outputTokens)
    {
        json.WriteStartObject("usage");
        WriteInput(json, answer);
        json.WriteStartObject("cache_creation");
        json.WriteNumber("ephemeral_5m_input_tokens", answer.CacheWriteTokens);
        json.WriteNumber("ephemeral_1h_input_tokens", 0);
        json.WriteEndObject();
        json.WriteNumber("output_tokens", outputTokens);
        if (answer.ThoughtTokens > 0 && outputTokens == answer.OutputTokens) WriteDetails(json, answer);
        if (call.ServiceTier is { } tier) json.WriteString("service_tier", tier);
        json.WriteEndObject();
    }

    public static void WriteDelta(Utf8JsonWriter json, Answer answer)
    {
        json.WriteStartObject("usage");
        WriteInput(json, answer);
        json.WriteNumber("output_tokens", answer.OutputTokens);
        if (answer.ThoughtTokens > 0) WriteDetails(json, answer);
        json.WriteEndObject();
    }

    private static void WriteInput(Utf8JsonWriter json, Answer answer)
    {
        json.WriteNumber("input_tokens", answer.InputTokens - answer.CachedTokens - answer.CacheWriteTokens);
        json.WriteNumber("cache_creation_input_tokens", answer.CacheWriteTokens);
        json.WriteNumber("cache_read_input_tokens", answer.CachedTokens);
    }

    private static void WriteDetails(Utf8JsonWriter json, Answer answer)
    {
        json.WriteStartObject("output_tokens_details");
        json.WriteNumber("thinking_tokens", answer.ThoughtTokens);
        json.WriteEndObject();
    }
}
