using System.Text.Json;
using Routing.Core.Llm;

namespace Routing.Core.Providers.Bedrock;

/// <summary>The pieces of Converse's JSON that its streamed events and its whole answer have in common.</summary>
internal static class ConverseAnswer
{
    /// <summary>Arguments of a tool call that came without any: still a JSON object.</summary>
    public static readonly ReadOnlyMemory<byte> NoArguments = "{}"u8.ToArray();

    /// <summary>Bedrock counts input without its cache parts; our totals are with them. Null when it counted nothing.</summary>
    public static TokenUsage? ReadUsage(ref Utf8JsonReader json)
    {
        long? input = null, output = null, write = null;
        long read = 0, details = 0;
        var depth = json.CurrentDepth;
        while (json.Read() && !(json.TokenType == JsonTokenType.EndObject && json.CurrentDepth == depth))
        {
            if (json.TokenType != JsonTokenType.PropertyName || json.CurrentDepth != depth + 1) continue;
            if (json.ValueTextEquals("inputTokens"u8)) input = WireNumbers.Tokens(ref json);
            else if (json.ValueTextEquals("outputTokens"u8)) output = WireNumbers.Tokens(ref json);
            else if (json.ValueTextEquals("cacheReadInputTokens"u8)) read = WireNumbers.Tokens(ref json);
            else if (json.ValueTextEquals("cacheWriteInputTokens"u8)) write = WireNumbers.Tokens(ref json);
            else if (json.ValueTextEquals("cacheDetails"u8)) details = ReadWrites(ref json);
        }

        if (input is null && output is null) return null;
        var written = write ?? details;
        return new TokenUsage
        {
            InputTotal = (input ?? 0) + read + written, CacheRead = read, CacheWrite = written, OutputTotal = output ?? 0, Source = UsageSource.Reported,
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

    /// <summary>The string that follows; null for anything else, which is skipped.</summary>
    public static string? ReadText(ref Utf8JsonReader json)
    {
        json.Read();
        if (json.TokenType == JsonTokenType.String) return json.GetString();
        json.Skip();
        return null;
    }

    /// <summary>A call whose name the caller can run.</summary>
    public static ChatEvent ToolCall(int index, in ConverseToolUse call, ChatRequest request) => call is { Id: { } id, Name: { } name }
        ? ChatEvent.ToolCall(index, id, ConverseNames.FromWire(name, request))
        : throw new JsonException("A tool call has no id or no name.");

    /// <summary>Content of a kind that did not exist when this was written: passing over it would make half an answer a whole one.</summary>
    public static ChatEvent Novel(string kind) => ChatEvent.Failed(Failure.Of(FailureKind.Unknown, "The provider sent a kind of content that is not known here.") with
    {
        HttpStatus = 200, RawCode = StatusFailures.Short(kind),
    });

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

    // [{"inputTokens":30,"ttl":"5m"},…]: cache writes by how long they live; their sum is what cacheWriteInputTokens says.
    private static long ReadWrites(ref Utf8JsonReader json)
    {
        long sum = 0;
        json.Read();
        var depth = json.CurrentDepth;
        if (json.TokenType != JsonTokenType.StartArray) return sum;
        while (json.Read() && !(json.TokenType == JsonTokenType.EndArray && json.CurrentDepth == depth))
        {
            if (json.TokenType == JsonTokenType.PropertyName && json.ValueTextEquals("inputTokens"u8)) sum += WireNumbers.Tokens(ref json);
        }

        return sum;
    }
}
