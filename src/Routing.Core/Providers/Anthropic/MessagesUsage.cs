using System.Text.Json;
using Routing.Core.Llm;

namespace Routing.Core.Providers.Anthropic;

/// <summary>Usage and stop reason in Anthropic's spelling. A stream tells usage in pieces: the input first, the output last; each figure's last word counts.</summary>
internal struct MessagesUsage
{
    private long _input;
    private long _output;
    private long _cacheRead;
    private long _cacheWrite;
    private long _thinking;
    private string? _tier;

    public bool IsKnown { get; private set; }

    /// <summary>Anthropic counts input without its cache parts; our totals are with them.</summary>
    /// <param name="isWhole">False while the answer goes on: then the output is only what has been counted so far.</param>
    public readonly TokenUsage Total(bool isWhole) => new()
    {
        InputTotal = _input + _cacheRead + _cacheWrite, CacheRead = _cacheRead, CacheWrite = _cacheWrite,
        OutputTotal = _output, Reasoning = Math.Min(_thinking, _output),
        Source = isWhole ? UsageSource.Reported : UsageSource.Estimated, CapacityClass = _tier,
    };

    /// <summary>Reads the value the reader stands before; a null is no report.</summary>
    public void Read(ref Utf8JsonReader json)
    {
        json.Read();
        if (json.TokenType != JsonTokenType.StartObject)
        {
            json.Skip();
            return;
        }

        IsKnown = true;
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            if (json.ValueTextEquals("input_tokens"u8)) Take(ref json, ref _input);
            else if (json.ValueTextEquals("output_tokens"u8)) Take(ref json, ref _output);
            else if (json.ValueTextEquals("cache_read_input_tokens"u8)) Take(ref json, ref _cacheRead);
            else if (json.ValueTextEquals("cache_creation_input_tokens"u8)) Take(ref json, ref _cacheWrite);
            else if (json.ValueTextEquals("output_tokens_details"u8)) ReadDetails(ref json);
            else if (json.ValueTextEquals("service_tier"u8)) _tier = MessagesJson.Text(ref json) ?? _tier;
            else MessagesJson.Skip(ref json);
        }
    }

    public static StopReason Stop(string raw) => raw switch
    {
        "end_turn" => StopReason.End,
        "stop_sequence" => StopReason.StopSequence,
        "max_tokens" => StopReason.Length,
        "tool_use" => StopReason.ToolCall,
        "refusal" => StopReason.SafetyFiltered,
        "model_context_window_exceeded" => StopReason.ContextExhausted,
        "pause_turn" => StopReason.Paused,
        _ => StopReason.Other,
    };

    private void ReadDetails(ref Utf8JsonReader json)
    {
        json.Read();
        if (json.TokenType != JsonTokenType.StartObject)
        {
            json.Skip();
            return;
        }

        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            if (json.ValueTextEquals("thinking_tokens"u8)) Take(ref json, ref _thinking);
            else MessagesJson.Skip(ref json);
        }
    }

    // An event that leaves a figure out, or says null, has nothing new to say of it.
    private static void Take(ref Utf8JsonReader json, ref long figure)
    {
        var ahead = json;
        if (ahead.Read() && ahead.TokenType == JsonTokenType.Null) json.Read();
        else figure = WireNumbers.Tokens(ref json);
    }
}
