using Routing.Simulator.Answers;

namespace Routing.Simulator.Embeddings;

/// <summary>A vector of length one, the same for the same text, model and size. Texts that share words lie nearer than texts that do not.</summary>
internal static class EmbeddingVector
{
    public static float[] Of(string text, string model, int dimensions)
    {
        var vector = new double[dimensions];
        var seed = StableRandom.Hash(0, model);
        foreach (var token in Tokenizer.Split(text).Append("")) Add(vector, new StableRandom(StableRandom.Hash(seed, token.Trim())));
        var length = Math.Sqrt(vector.Sum(v => v * v));
        return [.. vector.Select(v => (float)(v / length))];
    }

    private static void Add(double[] vector, StableRandom random)
    {
        for (var at = 0; at < vector.Length; at++) vector[at] += random.Fraction() - 0.5;
    }
}
