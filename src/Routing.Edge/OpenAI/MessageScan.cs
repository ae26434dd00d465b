using System.Text.Json;
using Routing.Core.Llm;

namespace Routing.Edge.OpenAI;

/// <summary>Checks <c>messages</c> and says what they need of a model.</summary>
internal static class MessageScan
{
    // A thread of ten thousand messages is beyond any context window.
    private const int MostMessages = 10_000;
    private const int MostParts = 10_000;
    private const int LongestName = 256;

    public static Capabilities Read(ref Utf8JsonReader json)
    {
        if (json.TokenType != JsonTokenType.StartArray) throw RequestFault.Type("messages", "an array", JsonValue.Word(json.TokenType));
        var needs = Capabilities.None;
        var count = 0;
        while (json.Read() && json.TokenType != JsonTokenType.EndArray)
        {
            if (count == MostMessages) throw RequestFault.TooMany("messages", count + 1, MostMessages);
            needs |= Message(ref json, count++);
        }

        return count > 0 ? needs : throw RequestFault.Empty("messages");
    }

    private static Capabilities Message(ref Utf8JsonReader json, int index)
    {
        if (json.TokenType != JsonTokenType.StartObject) throw RequestFault.Type(new At(index).ToString(), "an object", JsonValue.Word(json.TokenType));
        var needs = Capabilities.None;
        var seen = new MemberNames();
        bool hasRole = false, hasContent = false, isAssistant = false, contentIsNull = false;
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            var name = seen.Take(ref json, new At(index));
            json.Read();
            switch (name)
            {
                case "role":
                    needs |= Role(ref json, index, out isAssistant);
                    hasRole = true;
                    break;
                case "content":
                    hasContent = true;
                    contentIsNull = json.TokenType == JsonTokenType.Null;
                    needs |= Content(ref json, index);
                    break;
                case "name" or "tool_call_id": JsonValue.Text(ref json, new At(index).Of(name), LongestName); break;
                case "tool_calls":
                    if (JsonValue.Array(ref json, new At(index).Of("tool_calls"), MostParts) > 0) needs |= Capabilities.Tools;
                    break;
                default:
                    if (json.TokenType != JsonTokenType.Null) needs |= Capabilities.SameWireFields;
                    json.Skip();
                    break;
            }
        }

        if (!hasRole) throw RequestFault.Missing(new At(index).Of("role"));
        if ((!hasContent || contentIsNull) && !isAssistant) throw RequestFault.Missing(new At(index).Of("content"));
        return needs;
    }

    private static Capabilities Role(ref Utf8JsonReader json, int index, out bool isAssistant)
    {
        isAssistant = false;
        if (json.TokenType != JsonTokenType.String) throw RequestFault.Type(new At(index).Of("role"), "a string", JsonValue.Word(json.TokenType));
        if (json.ValueTextEquals("user"u8)) return Capabilities.None;
        if (json.ValueTextEquals("system"u8) || json.ValueTextEquals("developer"u8)) return Capabilities.SystemPrompt;
        if (json.ValueTextEquals("tool"u8)) return Capabilities.Tools;
        if (json.ValueTextEquals("function"u8)) return Capabilities.SameWireFields;
        isAssistant = json.ValueTextEquals("assistant"u8);
        return isAssistant ? Capabilities.None
            : throw RequestFault.Value(new At(index).Of("role"), "must be one of system, developer, user, assistant, tool.");
    }

    private static Capabilities Content(ref Utf8JsonReader json, int index)
    {
        if (json.TokenType is JsonTokenType.String or JsonTokenType.Null) return Capabilities.None;
        if (json.TokenType != JsonTokenType.StartArray)
        {
            throw RequestFault.Type(new At(index).Of("content"), "a string or an array of parts", JsonValue.Word(json.TokenType));
        }

        var needs = Capabilities.None;
        var count = 0;
        while (json.Read() && json.TokenType != JsonTokenType.EndArray)
        {
            if (count == MostParts) throw RequestFault.TooMany(new At(index).Of("content"), count + 1, MostParts);
            needs |= PartScan.Read(ref json, new At(index, count++));
        }

        return count > 0 ? needs : throw RequestFault.Empty(new At(index).Of("content"));
    }
}
