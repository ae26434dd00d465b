using Routing.Core.Llm;
using Routing.Core.Providers.Vertex;

namespace Routing.Core.Providers;

/// <summary>Whose earlier reasoning is: a conversation may go on with another maker's model, and each maker refuses what another has signed.</summary>
public static class ReasoningOrigin
{
    /// <summary>Whether Anthropic's models may have made it: it is signed, and not with a signature that is marked as Gemini's.</summary>
    public static bool MayBeClaudes(ReasoningPart reasoning) => reasoning.Signature.Length > 0 && GeminiSignatures.Own(reasoning.Signature) is null;

    /// <summary>The same of a signature alone, as UTF-8.</summary>
    public static bool MayBeClaudes(ReadOnlySpan<byte> signature) => !signature.IsEmpty && !signature.StartsWith("gemini:"u8);
}
