using System.Buffers;
using System.Text.Json;
using Routing.Core.Llm;

namespace Routing.Core.Providers.Vertex;

/// <summary>Which of a call's texts go into one request: some that follow each other.</summary>
internal readonly record struct TextRange(int Start, int Count)
{
    public int End => Start + Count;
}

/// <summary>
/// Text embeddings by predict. gemini-embedding-001 takes one text a request; the others up to 250, and 20,000 tokens, which are
/// counted here as one to a character: never too many, in no language.
/// </summary>
internal static class VertexEmbeddings
{
    private const int MostTexts = 250;
    private const int MostCharacters = 20_000;

    private static readonly WireSupport Vectors = WireSupport.Of(
        Capabilities.Embeddings | Capabilities.Dimensions | Capabilities.EndUser, new Approximation(Capabilities.EndUser, "user not sent"));

    /// <summary>gemini-embedding-2 speaks another method, embedContent.</summary>
    public static WireSupport Support(CallerApi api, string model) =>
        api == CallerApi.Embeddings && !model.StartsWith("gemini-embedding-2", StringComparison.Ordinal) ? Vectors : WireSupport.None;

    public static int Rounds(EmbeddingRequest request, string model)
    {
        var rounds = 0;
        for (var next = 0; next < request.Inputs.Length; rounds++) next = From(request, model, next).End;
        return rounds;
    }

    public static TextRange Part(EmbeddingRequest request, string model, int round)
    {
        var part = From(request, model, 0);
        for (var i = 0; i < round; i++) part = From(request, model, part.End);
        return part;
    }

    // A text that would be cut is refused instead, as the caller's own API does.
    public static void Write(EmbeddingRequest request, TextRange part, IBufferWriter<byte> body)
    {
        using var json = new Utf8JsonWriter(body, TurnOrder.JsonOptions);
        json.WriteStartObject();
        json.WriteStartArray("instances"u8);
        for (var i = part.Start; i < part.End; i++)
        {
            json.WriteStartObject();
            json.WriteString("content"u8, request.Inputs[i]);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteStartObject("parameters"u8);
        json.WriteBoolean("autoTruncate"u8, false);
        if (request.Dimensions is { } dimensions) json.WriteNumber("outputDimensionality"u8, dimensions);
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static TextRange From(EmbeddingRequest request, string model, int start)
    {
        var most = model.StartsWith("gemini-", StringComparison.Ordinal) ? 1 : MostTexts;
        var (end, characters) = (start, 0);
        while (end < request.Inputs.Length && end - start < most)
        {
            characters += request.Inputs[end].Length;
            if (end > start && characters > MostCharacters) break;
            end++;
        }

        return new TextRange(start, end - start);
    }
}
