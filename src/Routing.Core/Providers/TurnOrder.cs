using System.Text.Encodings.Web;
using System.Text.Json;
using Routing.Core.Llm;

namespace Routing.Core.Providers;

/// <summary>Walks a conversation for wires on which user and model take turns and system text stands apart.</summary>
internal static class TurnOrder
{
    /// <summary>The body is JSON for a service, never part of a page: nothing but JSON's own characters is escaped.</summary>
    public static readonly JsonWriterOptions JsonOptions = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>For <c>x-route-warnings</c>.</summary>
    public const string SystemMoved = "system messages moved to the top of the conversation";

    /// <summary>Writes one piece of a turn, or several values, or nothing where its wire has no place for it.</summary>
    public delegate void PartWriter(Utf8JsonWriter json, ContentPart part);

    /// <summary>Whether a wire has a place for a piece. A turn of which it keeps nothing is left out: providers refuse one that is empty.</summary>
    public delegate bool PartFilter(ContentPart part);

    /// <summary>All turns; neighbours of one side become one turn, and what tools gave back is the user's.</summary>
    /// <param name="blocks">Name of a turn's array: <c>content</c> or <c>parts</c>.</param>
    public static void WriteTurns(ChatRequest request, Utf8JsonWriter json, ReadOnlySpan<byte> assistant, ReadOnlySpan<byte> blocks, PartFilter keeps, PartWriter write)
    {
        bool? lastWasAssistant = null;
        foreach (var message in request.Messages)
        {
            if (message.Role == ChatRole.System || !HasAny(message, keeps)) continue;
            var isAssistant = message.Role == ChatRole.Assistant;
            if (lastWasAssistant != isAssistant)
            {
                if (lastWasAssistant is not null) EndTurn(json);
                json.WriteStartObject();
                json.WriteString("role"u8, isAssistant ? assistant : "user"u8);
                json.WriteStartArray(blocks);
                lastWasAssistant = isAssistant;
            }

            WriteParts(message, json, write);
        }

        if (lastWasAssistant is not null) EndTurn(json);
    }

    public static bool HasSystem(ChatRequest request)
    {
        foreach (var message in request.Messages)
        {
            if (message.Role == ChatRole.System && HasAny(message, static _ => true)) return true;
        }

        return false;
    }

    /// <summary>Whether there is a system message behind another: all of them go to the top.</summary>
    public static bool MovesSystem(ChatRequest request)
    {
        var isLate = false;
        foreach (var message in request.Messages)
        {
            if (message.Role != ChatRole.System) isLate = true;
            else if (isLate && HasAny(message, static _ => true)) return true;
        }

        return false;
    }

    /// <summary>Whether a wire leaves out any of the earlier reasoning.</summary>
    public static bool LeavesOutReasoning(ChatRequest request, PartFilter keeps)
    {
        foreach (var message in request.Messages)
        {
            foreach (var part in message.Parts)
            {
                if (part is ReasoningPart or RedactedReasoningPart && !keeps(part)) return true;
            }
        }

        return false;
    }

    public static void WriteSystem(ChatRequest request, Utf8JsonWriter json, PartWriter write)
    {
        foreach (var message in request.Messages)
        {
            if (message.Role == ChatRole.System) WriteParts(message, json, write);
        }
    }

    /// <summary><c>{"text":…}</c>, the shape that two clouds share.</summary>
    public static void WriteText(Utf8JsonWriter json, ContentPart part)
    {
        if (part is not TextPart text) return;
        json.WriteStartObject();
        json.WriteString("text"u8, text.Text);
        json.WriteEndObject();
    }

    /// <summary>Providers refuse empty text blocks.</summary>
    public static bool IsEmpty(ContentPart part) => part is TextPart { Text.Length: 0 };

    private static void WriteParts(ChatMessage message, Utf8JsonWriter json, PartWriter write)
    {
        foreach (var part in message.Parts)
        {
            if (!IsEmpty(part)) write(json, part);
        }
    }

    private static bool HasAny(ChatMessage message, PartFilter keeps)
    {
        foreach (var part in message.Parts)
        {
            if (!IsEmpty(part) && keeps(part)) return true;
        }

        return false;
    }

    private static void EndTurn(Utf8JsonWriter json)
    {
        json.WriteEndArray();
        json.WriteEndObject();
    }
}
