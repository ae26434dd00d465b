using System.Collections.Immutable;
using System.Text.Json;
using Routing.Core.Llm;
using Routing.Edge.Json;
using static Routing.Edge.OpenAI.ChatRequestParser;

namespace Routing.Edge.Responses;

/// <summary>Items that the reader has accepted, as canonical messages: neighbouring items of the assistant are one turn, as are tools' results.</summary>
internal static class InputParser
{
    public static ImmutableArray<ChatMessage> Parse(string? instructions, JsonElement input)
    {
        var messages = ImmutableArray.CreateBuilder<ChatMessage>();
        if (instructions is not null) messages.Add(ChatMessage.Of(ChatRole.System, instructions));
        if (input.ValueKind == JsonValueKind.String)
        {
            messages.Add(ChatMessage.Of(ChatRole.User, input.GetString()!)); // A string has a value.
            return messages.ToImmutable();
        }

        var tools = new Dictionary<string, string>(StringComparer.Ordinal); // Names by the id of the call.
        foreach (var item in input.EnumerateArray()) Add(messages, Item(item, tools));
        return messages.ToImmutable();
    }

    private static void Add(ImmutableArray<ChatMessage>.Builder messages, ChatMessage next)
    {
        if (next.Role is ChatRole.Assistant or ChatRole.Tool && messages.Count > 0 && messages[^1].Role == next.Role)
        {
            messages[^1] = messages[^1] with { Parts = messages[^1].Parts.AddRange(next.Parts) };
        }
        else
        {
            messages.Add(next);
        }
    }

    private static ChatMessage Item(JsonElement item, Dictionary<string, string> tools) => Text(item, "type") switch
    {
        ItemType.FunctionCall => new ChatMessage(ChatRole.Assistant, [Call(item, tools)]),
        ItemType.FunctionCallOutput => new ChatMessage(ChatRole.Tool, [Result(item, tools)]),
        ItemType.Reasoning => new ChatMessage(ChatRole.Assistant, [Reasoning(item)]),
        _ => new ChatMessage(Role(item), Parts(item.GetProperty("content"u8))), // Other kinds never leave their own wire.
    };

    private static ChatRole Role(JsonElement message) => Text(message, "role") switch
    {
        "assistant" => ChatRole.Assistant,
        "user" => ChatRole.User,
        _ => ChatRole.System,
    };

    private static ToolCallPart Call(JsonElement item, Dictionary<string, string> tools)
    {
        var (id, name, arguments) = (Text(item, "call_id")!, Text(item, "name")!, Text(item, "arguments")); // Checked by the reader.
        tools[id] = name;
        return new ToolCallPart(id, name, string.IsNullOrWhiteSpace(arguments) ? "{}" : arguments);
    }

    private static ToolResultPart Result(JsonElement item, Dictionary<string, string> tools)
    {
        var id = Text(item, "call_id")!; // Checked by the reader.
        return new ToolResultPart(id, tools[id], Parts(item.GetProperty("output"u8)), IsError: false);
    }

    private static ContentPart Reasoning(JsonElement item)
    {
        var texts = Find(item, "summary") is { } summary ? summary.EnumerateArray().Select(t => Text(t, "text")) : [];
        return SealedReasoning.Open(Text(item, "encrypted_content")!, string.Concat(texts)); // Others never leave their own wire.
    }

    private static ImmutableArray<ContentPart> Parts(JsonElement content) => content.ValueKind == JsonValueKind.String
        ? [new TextPart(content.GetString()!)] // A string has a value.
        : [.. content.EnumerateArray().Select(Part)];

    private static ContentPart Part(JsonElement part) => Text(part, "type") switch
    {
        ItemType.InputImage => Image(part),
        ItemType.InputFile => File(part),
        ItemType.Refusal => new TextPart(Text(part, "refusal")!), // Here and below: checked by the reader.
        _ => new TextPart(Text(part, "text")!),
    };

    private static ImagePart Image(JsonElement part)
    {
        var (url, detail) = (Text(part, "image_url")!, Text(part, "detail"));
        if (url.StartsWith("https:", StringComparison.Ordinal)) return new ImagePart("", "", url, detail);
        var (type, base64) = DataUrl.Split(url);
        return new ImagePart(type == "image/jpg" ? "image/jpeg" : type, base64, null, detail);
    }

    private static DocumentPart File(JsonElement part)
    {
        var (type, base64) = DataUrl.Split(Text(part, "file_data")!);
        return new DocumentPart(type, base64, Text(part, "filename") ?? "");
    }
}
