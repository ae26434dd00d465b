using System.Text.Json;
using Routing.Core.Llm;

namespace Routing.Core.Providers.OpenAI;

/// <summary>Collects a list of vectors of OpenAI's shape and forwards it as it came, reading only usage.</summary>
internal sealed class OpenAIEmbeddingReader(OpenAIFailureTable failures) : WholeAnswerReader
{
    // 2,048 vectors of 3,072 numbers as text are about 90 MB.
    protected override int LargestBytes => 256 * 1024 * 1024;

    protected override void ReadWhole(ReadOnlyMemory<byte> body, List<ChatEvent> events)
    {
        var (hasVectors, hasError, usage) = Scan(body.Span);
        if (hasError)
        {
            events.Add(ChatEvent.Failed(failures.ReadInBand(body.Span)));
            return;
        }

        if (!hasVectors)
        {
            events.Add(ChatEvent.Failed(Interrupted("The provider answered 200 without any vector.")));
            return;
        }

        events.Add(ChatEvent.Raw(body, hasContent: true));
        if (usage is { } used) events.Add(ChatEvent.Used(used));
        events.Add(ChatEvent.Stopped(StopReason.End, null));
    }

    private static (bool HasVectors, bool HasError, TokenUsage? Usage) Scan(ReadOnlySpan<byte> body)
    {
        var json = new Utf8JsonReader(body);
        if (!json.Read() || json.TokenType != JsonTokenType.StartObject) throw new JsonException("It is no object.");
        var (hasVectors, hasError) = (false, false);
        TokenUsage? usage = null;
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            if (json.ValueTextEquals("data"u8)) hasVectors = HasElements(ref json);
            else if (json.ValueTextEquals("usage"u8)) usage = Usage(ref json);
            else if (json.ValueTextEquals("error"u8)) hasError = json.Read() && json.TokenType != JsonTokenType.Null;
            else json.Read();
            json.Skip();
        }

        return (hasVectors, hasError, usage);
    }

    /// <summary>Leaves the reader at the array's end.</summary>
    private static bool HasElements(ref Utf8JsonReader json)
    {
        json.Read();
        if (json.TokenType != JsonTokenType.StartArray) return false;
        var any = false;
        while (json.Read() && json.TokenType != JsonTokenType.EndArray)
        {
            any = true;
            json.Skip();
        }

        return any;
    }

    private static TokenUsage? Usage(ref Utf8JsonReader json)
    {
        json.Read();
        return json.TokenType == JsonTokenType.StartObject ? OpenAIUsage.Read(ref json, null) : null;
    }
}
