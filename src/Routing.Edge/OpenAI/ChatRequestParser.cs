using System.Collections.Immutable;
using System.Text.Json;
using Routing.Core.Llm;

namespace Routing.Edge.OpenAI;

/// <summary>Builds the canonical request from a body the reader has accepted. Runs only when a candidate speaks another wire.</summary>
internal static class ChatRequestParser
{
    public static ChatRequest Parse(ReadOnlyMemory<byte> json)
    {
        using var document = JsonDocument.Parse(json);
        var root = document.RootElement;
        return new ChatRequest
        {
            Messages = [.. root.GetProperty("messages"u8).EnumerateArray().Select(Message)],
            MaxOutputTokens = Number(root, "max_completion_tokens") is { } most ? (int)most : (int?)Number(root, "max_tokens"),
            Temperature = Number(root, "temperature"),
            TopP = Number(root, "top_p"),
            StopSequences = Stops(root),
        };
    }

    private static ChatMessage Message(JsonElement message) => new(Role(message.GetProperty("role"u8).GetString()), Parts(message));

    private static ChatRole Role(string? role) => role switch
    {
        "system" or "developer" => ChatRole.System,
        "assistant" => ChatRole.Assistant,
        "tool" => ChatRole.Tool,
        _ => ChatRole.User,
    };

    private static ImmutableArray<ContentPart> Parts(JsonElement message)
    {
        if (!message.TryGetProperty("content"u8, out var content)) return [];
        return content.ValueKind switch
        {
            JsonValueKind.String => [new TextPart(content.GetString()!)], // A string has a value.
            JsonValueKind.Array => [.. content.EnumerateArray().Where(IsText).Select(p => new TextPart(p.GetProperty("text"u8).GetString()!))],
            _ => [],
        };
    }

    private static bool IsText(JsonElement part) => part.GetProperty("type"u8).ValueEquals("text"u8);

    private static double? Number(JsonElement root, string name) =>
        root.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number ? value.GetDouble() : null;

    private static ImmutableArray<string> Stops(JsonElement root)
    {
        if (!root.TryGetProperty("stop"u8, out var stop)) return [];
        return stop.ValueKind switch
        {
            JsonValueKind.String => [stop.GetString()!], // A string has a value.
            JsonValueKind.Array => [.. stop.EnumerateArray().Select(s => s.GetString()!)],
            _ => [],
        };
    }
}
