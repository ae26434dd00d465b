using System.Text.Encodings.Web;
using System.Text.Json;
using Routing.Core.Llm;

namespace Routing.Core.Providers;

/// <summary>Writes the text of a conversation for wires on which user and model take turns and system text stands apart.</summary>
internal static class TurnOrder
{
    /// <summary>The body is JSON for a service, never part of a page: nothing but JSON's own characters is escaped.</summary>
    public static readonly JsonWriterOptions JsonOptions = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Whether a message has text to send. Providers refuse empty blocks.</summary>
    public static bool HasText(ChatMessage message)
    {
        foreach (var part in message.Parts)
        {
            if (part is TextPart { Text.Length: > 0 }) return true;
        }

        return false;
    }

    /// <summary>Each text of a message as <c>{"text":…}</c>.</summary>
    public static void WriteTexts(ChatMessage message, Utf8JsonWriter json)
    {
        foreach (var part in message.Parts)
        {
            if (part is not TextPart { Text.Length: > 0 } text) continue;
            json.WriteStartObject();
            json.WriteString("text"u8, text.Text);
            json.WriteEndObject();
        }
    }

    /// <summary>All turns; neighbours of one role become one turn.</summary>
    /// <param name="blocks">Name of a turn's array: <c>content</c> or <c>parts</c>.</param>
    public static void WriteTurns(ChatRequest request, Utf8JsonWriter json, ReadOnlySpan<byte> assistant, ReadOnlySpan<byte> blocks)
    {
        bool? lastWasAssistant = null;
        foreach (var message in request.Messages)
        {
            if (message.Role == ChatRole.System || !HasText(message)) continue;
            var isAssistant = message.Role == ChatRole.Assistant;
            if (lastWasAssistant != isAssistant)
            {
                if (lastWasAssistant is not null) EndTurn(json);
                json.WriteStartObject();
                json.WriteString("role"u8, isAssistant ? assistant : "user"u8);
                json.WriteStartArray(blocks);
                lastWasAssistant = isAssistant;
            }

            WriteTexts(message, json);
        }

        if (lastWasAssistant is not null) EndTurn(json);
    }

    public static bool HasSystem(ChatRequest request)
    {
        foreach (var message in request.Messages)
        {
            if (message.Role == ChatRole.System && HasText(message)) return true;
        }

        return false;
    }

    public static void WriteSystem(ChatRequest request, Utf8JsonWriter json)
    {
        foreach (var message in request.Messages)
        {
            if (message.Role == ChatRole.System) WriteTexts(message, json);
        }
    }

    private static void EndTurn(Utf8JsonWriter json)
    {
        json.WriteEndArray();
        json.WriteEndObject();
    }
}
