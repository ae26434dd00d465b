using System.Buffers;
using System.Text.Json;
using Routing.Core.Llm;
using Routing.Edge.Calls;
using Routing.Edge.Json;

namespace Routing.Edge.Responses;

/// <summary>
/// <c>encrypted_content</c> of the reasoning of other wires: a word that says what it is, and behind it what the model's provider wrote,
/// unchanged. Nothing is sealed or checked here; the provider checks its own signature when the item comes back.
/// </summary>
internal static class SealedReasoning
{
    /// <summary>The summary is the reasoning; its signature follows, empty where the provider gave none.</summary>
    private const string Signed = "route.signed:";

    /// <summary>Reasoning that only its provider can read follows.</summary>
    private const string Redacted = "route.redacted:";

    /// <summary>Whether the string the reader stands on was given out by an edge. What OpenAI seals holds no colon.</summary>
    public static bool IsOurs(ref Utf8JsonReader json) => json.ValueSpan.StartsWith(ReasoningSeal.Prefix);

    /// <summary>The member, with its comma before it.</summary>
    public static void Write(AnswerPart part, IBufferWriter<byte> to)
    {
        var isRedacted = part.Kind == ChatEventKind.RedactedReasoning;
        to.Write(",\"encrypted_content\":\""u8);
        to.Write(isRedacted ? "route.redacted:"u8 : "route.signed:"u8);
        AnswerJson.WriteText(isRedacted ? part.Text.WrittenMemory.Span : part.Signature, to);
        to.Write("\""u8);
    }

    public static ContentPart Open(string content, string text) => content.StartsWith(Redacted, StringComparison.Ordinal)
        ? new RedactedReasoningPart(content[Redacted.Length..])
        : new ReasoningPart(text, content[Signed.Length..]);
}
