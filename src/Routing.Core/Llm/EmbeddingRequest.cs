using System.Collections.Immutable;

namespace Routing.Core.Llm;

/// <summary>Texts to embed, in no provider's dialect.</summary>
/// <param name="Inputs">One vector each, in this order; never empty.</param>
/// <param name="Dimensions">Length of the vectors; null is the model's own.</param>
public sealed record EmbeddingRequest(ImmutableArray<string> Inputs, int? Dimensions)
{
    /// <summary>The caller wants each vector as base64 of little-endian 32-bit floats, not as numbers.</summary>
    public bool AsBase64 { get; init; }
}
