namespace Routing.Core.Providers.Vertex;

/// <summary>
/// Signatures of Gemini's thinking as callers see them: marked, since a conversation may go on with another maker's model and come back,
/// and each maker refuses a call that holds another's signature.
/// </summary>
internal static class GeminiSignatures
{
    private const string Mark = "gemini:";

    /// <summary>
    /// What Google documents for calls its model did not make: from the third generation on, the first call of each step must have a signature.
    /// </summary>
    public const string ForeignCall = "skip_thought_signature_validator";

    public static byte[] Marked(ReadOnlySpan<byte> signature) => [.. "gemini:"u8, .. signature];

    /// <summary>The provider's own text; null when it is another's.</summary>
    public static string? Own(string signature) => signature.StartsWith(Mark, StringComparison.Ordinal) ? signature[Mark.Length..] : null;
}
