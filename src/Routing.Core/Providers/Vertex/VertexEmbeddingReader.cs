using System.Buffers;
using System.Buffers.Binary;
using System.Text.Json;
using Routing.Core.Llm;

namespace Routing.Core.Providers.Vertex;

/// <summary>Reads the answer of predict: one vector for each text asked for, in their order.</summary>
internal sealed class VertexEmbeddingReader(TextRange asked) : WholeAnswerReader
{
    private const double TooManyTokens = 1L << 40;

    private int _vectors;
    private long _tokens;
    private bool _hasTokens;

    // {"predictions":[{"embeddings":{"values":[0.1,…],"statistics":{"token_count":4,"truncated":false}}}],"metadata":{…}}
    protected override void ReadWhole(ReadOnlyMemory<byte> body, List<ChatEvent> events)
    {
        var json = new Utf8JsonReader(body.Span);
        while (json.Read())
        {
            if (json.TokenType != JsonTokenType.PropertyName) continue;
            if (json.ValueTextEquals("embeddings"u8)) ReadEmbedding(ref json, events);
        }

        if (_vectors == 0 && VertexFailures.IsError(body.Span)) events.Add(ChatEvent.Failed(VertexFailures.ReadInBand(body.Span)));
        else if (_vectors != asked.Count)
        {
            events.Clear();
            events.Add(ChatEvent.Failed(Interrupted($"Vertex AI answered {_vectors} vectors to {asked.Count} texts.")));
        }
        else if (_hasTokens)
        {
            events.Add(ChatEvent.Used(new TokenUsage { InputTotal = _tokens, Source = UsageSource.Reported }));
        }
    }

    private void ReadEmbedding(ref Utf8JsonReader json, List<ChatEvent> events)
    {
        json.Read();
        if (json.TokenType != JsonTokenType.StartObject) throw new JsonException("Embeddings that are no object.");
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            if (json.ValueTextEquals("values"u8)) events.Add(ChatEvent.Vector(asked.Start + _vectors++, ReadValues(ref json)));
            else if (json.ValueTextEquals("statistics"u8)) ReadStatistics(ref json);
            else Skip(ref json);
        }
    }

    private static ReadOnlyMemory<byte> ReadValues(ref Utf8JsonReader json)
    {
        var floats = new ArrayBufferWriter<byte>(768 * sizeof(float));
        json.Read();
        if (json.TokenType != JsonTokenType.StartArray) throw new JsonException("Values that are no list.");
        while (json.Read() && json.TokenType != JsonTokenType.EndArray)
        {
            if (!json.TryGetSingle(out var value) || !float.IsFinite(value)) throw new JsonException("A value that is no number.");
            BinaryPrimitives.WriteSingleLittleEndian(floats.GetSpan(sizeof(float)), value);
            floats.Advance(sizeof(float));
        }

        return floats.WrittenMemory;
    }

    private void ReadStatistics(ref Utf8JsonReader json)
    {
        json.Read();
        if (json.TokenType != JsonTokenType.StartObject) { json.Skip(); return; }
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            if (!json.ValueTextEquals("token_count"u8)) { Skip(ref json); continue; }
            json.Read();

            // A number of a protobuf Value, so it may come as 4.0.
            if (json.TokenType == JsonTokenType.Number && json.TryGetDouble(out var count) && count is >= 0 and < TooManyTokens)
            {
                _tokens += (long)count;
                _hasTokens = true;
            }

            json.Skip();
        }
    }

    private static void Skip(ref Utf8JsonReader json)
    {
        json.Read();
        json.Skip();
    }
}
