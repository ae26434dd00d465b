using Routing.Simulator.Answers;

namespace Routing.Simulator.Embeddings;

/// <summary>What any wire's request for vectors says.</summary>
internal sealed record EmbeddingAsk(IReadOnlyList<string> Texts, int Dimensions)
{
    public static readonly EmbeddingAsk Nothing = new([], 0);

    /// <summary>Inputs given as tokens count as many; set instead of counting the texts.</summary>
    public int? GivenTokens { get; init; }

    public int InputTokens => GivenTokens ?? Texts.Sum(text => Tokenizer.Count(text));

    public IEnumerable<float[]> Vectors(string model) => Texts.Select(text => EmbeddingVector.Of(text, model, Dimensions));
}
