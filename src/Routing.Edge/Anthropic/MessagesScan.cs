using System.Text.Json;
using Routing.Core.Llm;
using Routing.Edge.Json;
using Routing.Edge.OpenAI;

namespace Routing.Edge.Anthropic;

/// <summary>Checks <c>messages</c> and says what they need.</summary>
internal static class MessagesScan
{
    // Anthropic's own limit.
    private const int MostMessages = 100_000;

    public static void Read(ref Utf8JsonReader json, ref Needs needs)
    {
        if (json.TokenType != JsonTokenType.StartArray) throw JsonValue.Wrong(ref json, At.Root, "messages", "an array");
        var count = 0;
        var calls = new HashSet<string>(StringComparer.Ordinal);
        var lastIsAssistant = false;
        for (; JsonValue.NextItem(ref json, At.Root, "messages", count, MostMessages); count++)
        {
            lastIsAssistant = ReadMessage(ref json, At.Item("messages", count), calls, ref needs);
        }

        if (count == 0) throw RequestFault.Empty("messages");
        if (lastIsAssistant) needs.Add(Capabilities.AssistantPrefill, At.Item("messages", count - 1));
    }

    private static bool ReadMessage(ref Utf8JsonReader json, in At at, HashSet<string> calls, ref Needs needs)
    {
        JsonValue.BeginObject(ref json, at);
        bool hasRole = false, isAssistant = false, hasContent = false, isEmpty = false;
        var seen = new MemberNames();
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            var name = seen.Take(ref json, at);
            json.Read();
            switch (name)
            {
                case "role":
                    JsonValue.String(ref json, at, name);
                    isAssistant = json.ValueTextEquals("assistant"u8);
                    if (!isAssistant && !json.ValueTextEquals("user"u8)) throw RequestFault.Value(at.Of(name), "must be user or assistant.");
                    hasRole = true;
                    break;
                case "content":
                    isEmpty = !BlockScan.ReadContent(ref json, at, calls, ref needs);
                    hasContent = true;
                    break;
                default: UnknownMember.Skip(ref json, at, name, ref needs); break;
            }
        }

        if (!hasRole) throw RequestFault.Missing(at.Of("role"));
        if (!hasContent) throw RequestFault.Missing(at.Of("content"));
        if (isEmpty && !isAssistant) needs.Add(Capabilities.EmptyTurns, at, "content", "empty");
        return isAssistant;
    }
}
