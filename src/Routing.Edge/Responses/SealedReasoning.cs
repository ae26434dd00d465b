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

    /// <summary>Whether the string the reader stands on was given out by an edge. What OpenAI seals holds no such word, so one cut short is refused.</summary>
    public static bool IsOurs(ref Utf8JsonReader json, in At at, string member)
    {
        if (!json.ValueSpan.StartsWith(ReasoningSeal.Prefix)) return false;
        var content = json.GetString()!; // A string has a value.
        return IsRedacted(content) || content.StartsWith(Signed, StringComparison.Ordinal)
            ? true : throw RequestFault.Value(at.Of(member), $"must begin with {Signed} or {Redacted}, as it was given out.");
    }

    /// <summary>The member, with its comma before it.</summary>
    public static void Write(AnswerPart part, IBufferWriter<byte> to)
    {
        var isRedacted = part.Kind == ChatEventKind.RedactedReasoning;
        to.Write(",\"encrypted_content\":\""u8);
        to.Write(isRedacted ? "route.redacted:"u8 : "route.signed:"u8);
        AnswerJson.WriteText(isRedacted ? part.Text.WrittenMemory.Span : part.Signature, to);
        to.Write("\""u8);
    }

    public static ContentPart Open(string content, string text) => IsRedacted(content)
        ? new RedactedReasoningPart(content[Redacted.Length..])
        : new ReasoningPart(text, content[Signed.Length..]);

    private static bool IsRedacted(string content) => content.StartsWith(Redacted, StringComparison.Ordinal);
}
