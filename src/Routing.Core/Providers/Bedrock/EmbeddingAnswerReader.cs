using System.Buffers;
using System.Buffers.Binary;
using System.Globalization;
using System.Text.Json;
using Routing.Core.Llm;

namespace Routing.Core.Providers.Bedrock;

/// <summary>
/// Reads Titan's <c>{"embedding":[…],"inputTextTokenCount":…}</c> and Cohere's <c>{"embeddings":[[…]]}</c> or <c>{"embeddings":{"float":[[…]]}}</c>.
/// Cohere's usage is in a header only.
/// </summary>
/// <param name="first">Position of the round's first vector among all of the call.</param>
/// <param name="count">How many vectors this round must bring.</param>
internal sealed class EmbeddingAnswerReader(int first, int count) : WholeAnswerReader
{
    private const string TokensHeader = "x-amzn-bedrock-input-token-count";

    private readonly ArrayBufferWriter<byte> _floats = new();
    private long? _tokens;
    private int _read;

    public override void ReadHeaders(IWireHeaders headers)
    {
        if (long.TryParse(headers[TokensHeader], NumberStyles.None, CultureInfo.InvariantCulture, out var tokens)) _tokens = tokens;
    }

    protected override void ReadWhole(ReadOnlyMemory<byte> body, List<ChatEvent> events)
    {
        var json = new Utf8JsonReader(body.Span);
        if (!json.Read() || json.TokenType != JsonTokenType.StartObject)
        {
            events.Add(ChatEvent.Failed(NoAnswer));
            return;
        }

        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            var (isOne, isMany, isCount) = (json.ValueTextEquals("embedding"u8), json.ValueTextEquals("embeddings"u8), json.ValueTextEquals("inputTextTokenCount"u8));
            if (isCount) _tokens = WireNumbers.Tokens(ref json);
            else if (isOne && json.Read() && json.TokenType == JsonTokenType.StartArray) ReadVector(ref json, events);
            else if (isMany && json.Read()) ReadVectors(ref json, events);
            else json.Skip();
        }

        if (_tokens is { } tokens) events.Add(ChatEvent.Used(new TokenUsage { InputTotal = tokens, Source = UsageSource.Reported }));
        if (_read == count) events.Add(ChatEvent.Stopped(StopReason.End, null));
        else events.Add(ChatEvent.Failed(Interrupted($"The provider's answer has {_read} vectors for {count} texts.")));
    }

    private void ReadVectors(ref Utf8JsonReader json, List<ChatEvent> events)
    {
        if (json.TokenType == JsonTokenType.StartObject)
        {
            while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
            {
                if (json.ValueTextEquals("float"u8) && json.Read() && json.TokenType == JsonTokenType.StartArray) ReadEach(ref json, events);
                else json.Skip();
            }
        }
        else if (json.TokenType == JsonTokenType.StartArray) ReadEach(ref json, events);
    }

    private void ReadEach(ref Utf8JsonReader json, List<ChatEvent> events)
    {
        while (json.Read() && json.TokenType != JsonTokenType.EndArray)
        {
            if (json.TokenType == JsonTokenType.StartArray) ReadVector(ref json, events);
            else json.Skip();
        }
    }

    // A buffer that grows leaves the vectors already given out where they are.
    private void ReadVector(ref Utf8JsonReader json, List<ChatEvent> events)
    {
        var start = _floats.WrittenCount;
        while (json.Read() && json.TokenType == JsonTokenType.Number)
        {
            BinaryPrimitives.WriteSingleLittleEndian(_floats.GetSpan(sizeof(float)), json.GetSingle());
            _floats.Advance(sizeof(float));
        }

        if (json.TokenType != JsonTokenType.EndArray) throw new JsonException("A vector holds something that is no number.");
        events.Add(ChatEvent.Vector(first + _read++, _floats.WrittenMemory[start..]));
    }
}
