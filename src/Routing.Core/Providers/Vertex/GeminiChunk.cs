using System.Text.Json;
using Routing.Core.Llm;

namespace Routing.Core.Providers.Vertex;

/// <summary>
/// One GenerateContentResponse, read in one pass: answer text is copied as UTF-8 into the caller's buffer, nothing is allocated for it.
/// </summary>
internal ref struct GeminiChunk(Span<byte> text)
{
    private readonly Span<byte> _text = text;
    private long _prompt, _toolPrompt, _cached, _candidates, _thoughts;
    private bool _hasUsage;

    public int TextLength { get; private set; }
    public string? Finish { get; private set; }
    public string? BlockReason { get; private set; }
    public bool HasFunctionCall { get; private set; }
    public bool HasError { get; private set; }
    public string? ResponseId { get; private set; }
    public string? TrafficType { get; private set; }

    /// <summary>Google reports thinking beside the answer; ours is inside the output.</summary>
    public readonly TokenUsage? Usage => !_hasUsage ? null : new TokenUsage
    {
        InputTotal = _prompt + _toolPrompt,
        CacheRead = _cached,
        OutputTotal = _candidates + _thoughts,
        Reasoning = _thoughts,
        Source = UsageSource.Reported,
    };

    /// <exception cref="JsonException">Not JSON.</exception>
    public void Read(ReadOnlySpan<byte> data)
    {
        var json = new Utf8JsonReader(data);
        if (!json.Read() || json.TokenType != JsonTokenType.StartObject) throw new JsonException("Not an object.");
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            if (json.ValueTextEquals("candidates"u8)) ReadCandidates(ref json);
            else if (json.ValueTextEquals("usageMetadata"u8)) ReadUsage(ref json);
            else if (json.ValueTextEquals("promptFeedback"u8)) ReadFeedback(ref json);
            else if (json.ValueTextEquals("responseId"u8)) ResponseId = Text(ref json);
            else if (json.ValueTextEquals("error"u8)) { HasError = true; Skip(ref json); }
            else Skip(ref json);
        }
    }

    private void ReadCandidates(ref Utf8JsonReader json)
    {
        json.Read();
        if (json.TokenType != JsonTokenType.StartArray) { json.Skip(); return; }
        var first = true;
        while (json.Read() && json.TokenType != JsonTokenType.EndArray)
        {
            // Only one candidate is ever asked for.
            if (first && json.TokenType == JsonTokenType.StartObject) ReadCandidate(ref json);
            else json.Skip();
            first = false;
        }
    }

    private void ReadCandidate(ref Utf8JsonReader json)
    {
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            if (json.ValueTextEquals("content"u8)) ReadContent(ref json);
            else if (json.ValueTextEquals("finishReason"u8)) Finish = Text(ref json);
            else Skip(ref json);
        }
    }

    private void ReadContent(ref Utf8JsonReader json)
    {
        json.Read();
        if (json.TokenType != JsonTokenType.StartObject) { json.Skip(); return; }
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            if (!json.ValueTextEquals("parts"u8)) { Skip(ref json); continue; }
            json.Read();
            if (json.TokenType != JsonTokenType.StartArray) { json.Skip(); continue; }
            while (json.Read() && json.TokenType != JsonTokenType.EndArray)
            {
                if (json.TokenType == JsonTokenType.StartObject) ReadPart(ref json);
                else json.Skip();
            }
        }
    }

    // A part marked as thought is thinking, not answer; the mark may come before or after its text.
    private void ReadPart(ref Utf8JsonReader json)
    {
        var before = TextLength;
        var isThought = false;
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            if (json.ValueTextEquals("text"u8))
            {
                json.Read();
                if (json.TokenType == JsonTokenType.String) TextLength += json.CopyString(_text[TextLength..]);
                else json.Skip();
            }
            else if (json.ValueTextEquals("thought"u8)) isThought = json.Read() && json.TokenType == JsonTokenType.True;
            else if (json.ValueTextEquals("functionCall"u8)) { HasFunctionCall = true; Skip(ref json); }
            else Skip(ref json);
        }

        if (isThought) TextLength = before;
    }

    private void ReadUsage(ref Utf8JsonReader json)
    {
        json.Read();
        if (json.TokenType != JsonTokenType.StartObject) { json.Skip(); return; }
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            if (json.ValueTextEquals("promptTokenCount"u8)) _prompt = Count(ref json);
            else if (json.ValueTextEquals("toolUsePromptTokenCount"u8)) _toolPrompt = Count(ref json);
            else if (json.ValueTextEquals("cachedContentTokenCount"u8)) _cached = Count(ref json);
            else if (json.ValueTextEquals("candidatesTokenCount"u8)) _candidates = Count(ref json);
            else if (json.ValueTextEquals("thoughtsTokenCount"u8)) _thoughts = Count(ref json);
            else if (json.ValueTextEquals("trafficType"u8)) TrafficType = Traffic(ref json);
            else Skip(ref json);
        }
    }

    // The same word on every chunk: no string for the usual ones.
    private static string? Traffic(ref Utf8JsonReader json)
    {
        json.Read();
        if (json.TokenType != JsonTokenType.String) { json.Skip(); return null; }
        return json.ValueTextEquals("ON_DEMAND"u8) ? "ON_DEMAND"
            : json.ValueTextEquals("PROVISIONED_THROUGHPUT"u8) ? "PROVISIONED_THROUGHPUT" : json.GetString();
    }

    private void ReadFeedback(ref Utf8JsonReader json)
    {
        json.Read();
        if (json.TokenType != JsonTokenType.StartObject) { json.Skip(); return; }
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            if (json.ValueTextEquals("blockReason"u8)) BlockReason = Text(ref json);
            else Skip(ref json);
        }
    }

    // Chunks before the last may name only the traffic type: that is no report of zero tokens.
    private long Count(ref Utf8JsonReader json)
    {
        _hasUsage = true;
        return WireNumbers.Tokens(ref json);
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
