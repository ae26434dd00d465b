using System.Buffers;
using System.Text.Json;
using Routing.Core.Llm;

namespace Routing.Core.Providers.Bedrock;

/// <summary>Embeddings by InvokeModel, whose bodies are the makers': Titan embeds one text a call, Cohere up to 96.</summary>
internal static class EmbeddingWire
{
    private const int MostOfCohere = 96;

    public static bool Is(ModelTarget model) => model.Family is ModelFamily.TitanEmbedding or ModelFamily.CohereEmbedding;

    public static WireSupport Support(ModelTarget model)
    {
        var carries = Capabilities.Embeddings | Capabilities.EndUser | (TakesDimensions(model) ? Capabilities.Dimensions : Capabilities.None);
        var user = new Approximation(Capabilities.EndUser, "user not sent");
        return model.Family == ModelFamily.CohereEmbedding
            ? WireSupport.Of(carries, user, new Approximation(Capabilities.Embeddings, "texts embedded as search documents"))
            : WireSupport.Of(carries, user);
    }

    public static int Rounds(EmbeddingRequest request, ModelTarget model)
    {
        var most = MostOf(model);
        return (request.Inputs.Length + most - 1) / most;
    }

    /// <summary>The inputs of one round.</summary>
    public static Range RoundOf(EmbeddingRequest request, ModelTarget model, int round)
    {
        var most = MostOf(model);
        return (round * most)..Math.Min((round + 1) * most, request.Inputs.Length);
    }

    public static void Write(EmbeddingRequest request, ModelTarget model, int round, IBufferWriter<byte> body)
    {
        var inputs = request.Inputs.AsSpan()[RoundOf(request, model, round)];
        using var json = new Utf8JsonWriter(body, TurnOrder.JsonOptions);
        json.WriteStartObject();
        if (model.Family == ModelFamily.TitanEmbedding) WriteTitan(json, inputs[0], request.Dimensions);
        else WriteCohere(json, inputs, request.Dimensions);
        json.WriteEndObject();
    }

    private static void WriteTitan(Utf8JsonWriter json, string text, int? dimensions)
    {
        json.WriteString("inputText"u8, text);
        if (dimensions is { } length) json.WriteNumber("dimensions"u8, length);
    }

    // Cohere wants to know what for; OpenAI's callers never say, and documents are what most embed.
    private static void WriteCohere(Utf8JsonWriter json, ReadOnlySpan<string> texts, int? dimensions)
    {
        json.WriteStartArray("texts"u8);
        foreach (var text in texts) json.WriteStringValue(text);
        json.WriteEndArray();
        json.WriteString("input_type"u8, "search_document"u8);
        json.WriteStartArray("embedding_types"u8);
        json.WriteStringValue("float"u8);
        json.WriteEndArray();
        if (dimensions is { } length) json.WriteNumber("output_dimension"u8, length);
    }

    private static int MostOf(ModelTarget model) => model.Family == ModelFamily.TitanEmbedding ? 1 : MostOfCohere;

    // Older models have one length only; behind an ARN we cannot know.
    private static bool TakesDimensions(ModelTarget model) =>
        model.Model.Contains(model.Family == ModelFamily.TitanEmbedding ? "titan-embed-text-v2" : "cohere.embed-v4", StringComparison.Ordinal);
}
