using System.Buffers;
using System.Text.Json;
using Routing.Core.Llm;
using Routing.Edge.Calls;
using Routing.Edge.Json;

namespace Routing.Edge.OpenAI;

/// <summary>
/// One element of <c>thinking_blocks</c>: reasoning together with what proves it to its provider. A caller hands the elements back in the
/// assistant's message exactly as they came; <c>tool_calls_before</c> keeps their place among the tool calls.
/// </summary>
internal static class ThinkingJson
{
    /// <summary>Reasoning without a signature proves nothing and is in <c>reasoning_content</c> already.</summary>
    public static bool IsBlock(AnswerPart part) =>
        part.Kind == ChatEventKind.RedactedReasoning || part.Kind == ChatEventKind.ReasoningDelta && !part.Signature.IsEmpty;

    public static void Write(AnswerPart part, int callsBefore, IBufferWriter<byte> to)
    {
        if (part.Kind == ChatEventKind.RedactedReasoning)
        {
            to.Write("{\"type\":\"redacted_thinking\","u8);
            AnswerJson.WriteString("data"u8, part.Text.WrittenMemory.Span, to);
        }
        else
        {
            to.Write("{\"type\":\"thinking\","u8);
            AnswerJson.WriteString("thinking"u8, part.Text.WrittenMemory.Span, to);
            to.Write(","u8);
            AnswerJson.WriteString("signature"u8, part.Signature, to);
        }

        if (callsBefore > 0)
        {
            to.Write(",\"tool_calls_before\":"u8);
            using var json = new Utf8JsonWriter(to);
            json.WriteNumberValue(callsBefore);
        }

        to.Write("}"u8);
    }
}
