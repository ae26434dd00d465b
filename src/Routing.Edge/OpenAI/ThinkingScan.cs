using System.Text.Json;
using Routing.Core.Llm;
using Routing.Edge.Json;

namespace Routing.Edge.OpenAI;

/// <summary>Checks <c>thinking_blocks</c>: reasoning of an earlier answer with its signatures, handed back as this edge gave it out.</summary>
internal static class ThinkingScan
{
    private const int Most = 1000;

    public static void Read(ref Utf8JsonReader json, in At message, ref Needs needs)
    {
        if (!JsonValue.TryBeginArray(ref json, message, "thinking_blocks")) return;
        var count = 0;
        for (; JsonValue.NextItem(ref json, message, "thinking_blocks", count, Most); count++) ReadBlock(ref json, message.Then("thinking_blocks", count));
        if (count == 0) return;
        needs.Add(Capabilities.ReasoningHistory, message, "thinking_blocks");
        needs.Add(Rewrites.ForeignReasoning);
    }

    private static void ReadBlock(ref Utf8JsonReader json, in At at)
    {
        JsonValue.BeginObject(ref json, at);
        bool isThinking = false, isRedacted = false, hasData = false;
        var seen = new MemberNames();
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            var name = seen.Take(ref json, at);
            json.Read();
            switch (name)
            {
                case "type":
                    JsonValue.String(ref json, at, name);
                    isThinking = json.ValueTextEquals("thinking"u8);
                    isRedacted = json.ValueTextEquals("redacted_thinking"u8);
                    break;
                case "thinking" or "signature": JsonValue.Text(ref json, at, name); break;
                case "data": hasData = JsonValue.Text(ref json, at, name); break;
                case "tool_calls_before": JsonValue.Whole(ref json, at, name, 0, Most); break;
                default: throw RequestFault.Unsupported(at.Of(name), "is not known; there are type, thinking, signature, data and tool_calls_before.");
            }
        }

        if (!isThinking && !isRedacted) throw RequestFault.Value(at.Of("type"), "must be thinking or redacted_thinking.");
        if (isRedacted && !hasData) throw RequestFault.Missing(at.Of("data"));
    }
}
