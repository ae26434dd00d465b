using System.Text.Json;
using Routing.Core.Llm;

namespace Routing.Core.Providers.OpenAI;

/// <summary>What routing reads of one chunk or one whole answer; the rest is forwarded unread.</summary>
internal struct OpenAIChunk
{
    public bool HasContent;
    public bool HasChoices;
    public bool IsObject;
    public string? Finish;
    public TokenUsage? Usage;
    public bool HasError;
    public string? Id;
    private string? _tier;

    /// <summary>False when the bytes are not JSON.</summary>
    public static bool TryRead(ReadOnlySpan<byte> data, out OpenAIChunk chunk)
    {
        chunk = default;
        try
        {
            var json = new Utf8JsonReader(data);
            chunk.Read(ref json);
            return true;
        }
        catch (Exception e) when (WireJson.IsUnreadable(e))
        {
            return false;
        }
    }

    /// <summary>Why a whole answer is none; null when it is one.</summary>
    public readonly Failure? Failure(OpenAIFailureTable failures, ReadOnlySpan<byte> body) =>
        HasError ? failures.ReadInBand(body)
        : HasChoices ? null
        : Llm.Failure.Of(FailureKind.StreamInterrupted, "The provider answered 200 without any choice.") with { HttpStatus = 200 };

    private void Read(ref Utf8JsonReader json)
    {
        if (!json.Read() || json.TokenType != JsonTokenType.StartObject) return;
        IsObject = true;
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            if (json.ValueTextEquals("choices"u8)) ReadChoices(ref json);
            else if (json.ValueTextEquals("usage"u8)) ReadUsage(ref json);
            else if (json.ValueTextEquals("error"u8)) HasError = json.Read() && SkipNonNull(ref json);
            else if (json.ValueTextEquals("id"u8)) Id = Text(ref json);
            else if (json.ValueTextEquals("service_tier"u8)) _tier = Text(ref json);
            else Skip(ref json);
        }

        if (Usage is { } usage && _tier is not null) Usage = usage with { CapacityClass = _tier };
    }

    private void ReadChoices(ref Utf8JsonReader json)
    {
        json.Read();
        if (json.TokenType != JsonTokenType.StartArray) { json.Skip(); return; }
        while (json.Read() && json.TokenType != JsonTokenType.EndArray)
        {
            HasChoices = true;
            if (json.TokenType == JsonTokenType.StartObject) ReadChoice(ref json);
            else json.Skip();
        }
    }

    private void ReadChoice(ref Utf8JsonReader json)
    {
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            if (json.ValueTextEquals("delta"u8) || json.ValueTextEquals("message"u8)) ReadDelta(ref json);
            else if (json.ValueTextEquals("finish_reason"u8)) Finish = Text(ref json) ?? Finish;
            else Skip(ref json);
        }
    }

    // Role, empty strings and nulls are no content; text, refusals, reasoning and tool calls are.
    private void ReadDelta(ref Utf8JsonReader json)
    {
        json.Read();
        if (json.TokenType != JsonTokenType.StartObject) { json.Skip(); return; }
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            var counts = json.ValueTextEquals("content"u8) || json.ValueTextEquals("refusal"u8) || json.ValueTextEquals("reasoning_content"u8)
                || json.ValueTextEquals("reasoning"u8) || json.ValueTextEquals("tool_calls"u8) || json.ValueTextEquals("function_call"u8);
            json.Read();
            if (counts)
            {
                HasContent |= json.TokenType switch
                {
                    JsonTokenType.String => json.ValueSpan.Length > 0,
                    JsonTokenType.StartArray or JsonTokenType.StartObject => true,
                    _ => false,
                };
            }

            json.Skip();
        }
    }

    private void ReadUsage(ref Utf8JsonReader json)
    {
        json.Read();
        if (json.TokenType == JsonTokenType.StartObject) Usage = OpenAIUsage.Read(ref json, _tier);
        else json.Skip();
    }

    private static bool SkipNonNull(ref Utf8JsonReader json)
    {
        var isSet = json.TokenType != JsonTokenType.Null;
        json.Skip();
        return isSet;
    }

    private static string? Text(ref Utf8JsonReader json)
    {
        json.Read();
        if (json.TokenType == JsonTokenType.String) return json.GetString();
        json.Skip();
        return null;
    }

    private static void Skip(ref Utf8JsonReader json)
    {
        json.Read();
        json.Skip();
    }
}
