using System.Collections.Immutable;
using System.Text.Json;
using Routing.Core.Llm;
using Routing.Edge.Json;

namespace Routing.Edge.OpenAI;

/// <summary>Messages that the reader has accepted, as canonical ones.</summary>
internal static class MessageParser
{
    public static ImmutableArray<ChatMessage> Parse(JsonElement messages)
    {
        var tools = new Dictionary<string, string>(StringComparer.Ordinal); // Names by the id of the call.
        var parsed = ImmutableArray.CreateBuilder<ChatMessage>(messages.GetArrayLength());
        foreach (var message in messages.EnumerateArray()) parsed.Add(Message(message, tools));
        return parsed.MoveToImmutable();
    }

    private static ChatMessage Message(JsonElement message, Dictionary<string, string> tools) => message.GetProperty("role"u8).GetString() switch
    {
        "system" or "developer" => new ChatMessage(ChatRole.System, Content(message)),
        "assistant" => new ChatMessage(ChatRole.Assistant, Assistant(message, tools)),
        "tool" => new ChatMessage(ChatRole.Tool, [Result(message, tools)]),
        _ => new ChatMessage(ChatRole.User, Content(message)),
    };

    private static ToolResultPart Result(JsonElement message, Dictionary<string, string> tools)
    {
        var id = message.GetProperty("tool_call_id"u8).GetString()!; // Checked by the reader.
        return new ToolResultPart(id, tools[id], Content(message), IsError: false);
    }

    /// <summary>Reasoning, text, calls: the order in which models produce them, except where a block of reasoning says that calls came before it.</summary>
    private static ImmutableArray<ContentPart> Assistant(JsonElement message, Dictionary<string, string> tools)
    {
        var parts = ImmutableArray.CreateBuilder<ContentPart>();
        var blocks = Blocks(message);
        AddBlocks(0);
        parts.AddRange(Content(message));
        if (ChatRequestParser.Text(message, "refusal") is { } refusal) parts.Add(new TextPart(refusal));
        var count = 0;
        foreach (var call in Items(message, "tool_calls"))
        {
            if (count > 0) AddBlocks(count);
            parts.Add(Call(call, tools));
            count++;
        }

        AddBlocks(int.MaxValue);
        return parts.ToImmutable();

        void AddBlocks(int callsBefore)
        {
            while (blocks.TryPeek(out var next) && next.CallsBefore <= callsBefore) parts.Add(blocks.Dequeue().Part);
        }
    }

    private static ToolCallPart Call(JsonElement call, Dictionary<string, string> tools)
    {
        var function = call.GetProperty("function"u8);
        var (id, name) = (call.GetProperty("id"u8).GetString()!, function.GetProperty("name"u8).GetString()!); // Checked by the reader.
        var arguments = function.GetProperty("arguments"u8).GetString();
        tools[id] = name;
        return new ToolCallPart(id, name, string.IsNullOrWhiteSpace(arguments) ? "{}" : arguments);
    }

    private static Queue<(ContentPart Part, int CallsBefore)> Blocks(JsonElement message)
    {
        var blocks = new Queue<(ContentPart, int)>();
        foreach (var block in Items(message, "thinking_blocks"))
        {
            ContentPart part = block.GetProperty("type"u8).ValueEquals("thinking"u8)
                ? new ReasoningPart(ChatRequestParser.Text(block, "thinking") ?? "", ChatRequestParser.Text(block, "signature") ?? "")
                : new RedactedReasoningPart(block.GetProperty("data"u8).GetString()!); // Checked by the reader.
            blocks.Enqueue((part, ChatRequestParser.Find(block, "tool_calls_before")?.GetInt32() ?? 0));
        }

        // The blocks hold the same text, with its signatures.
        if (blocks.Count == 0 && (Reasoning(message, "reasoning_content") ?? Reasoning(message, "reasoning")) is { } text) blocks.Enqueue((new ReasoningPart(text, ""), 0));
        return blocks;
    }

    // Hosts of OpenAI's wire have two names for it; a value that is no text never leaves its own wire.
    private static string? Reasoning(JsonElement message, string name) =>
        ChatRequestParser.Find(message, name) is { ValueKind: JsonValueKind.String } text && text.GetString() is { Length: > 0 } given ? given : null;

    private static ImmutableArray<ContentPart> Content(JsonElement message) => ChatRequestParser.Find(message, "content") switch
    {
        null => [],
        { ValueKind: JsonValueKind.String } text => [new TextPart(text.GetString()!)], // A string has a value.
        { } parts => [.. parts.EnumerateArray().Select(Part)],
    };

    private static ContentPart Part(JsonElement part)
    {
        ContentPart parsed = part.GetProperty("type"u8).GetString() switch
        {
            "image_url" => Image(part.GetProperty("image_url"u8)),
            "file" => File(part.GetProperty("file"u8)),
            "refusal" => new TextPart(part.GetProperty("refusal"u8).GetString()!), // Checked by the reader.
            _ => new TextPart(part.GetProperty("text"u8).GetString()!), // Checked by the reader; other kinds never leave their own wire.
        };
        return ChatRequestParser.Cache(part) is { } cache ? parsed with { Cache = cache } : parsed;
    }

    private static ImagePart Image(JsonElement image)
    {
        var url = image.GetProperty("url"u8).GetString()!; // Checked by the reader.
        var detail = ChatRequestParser.Text(image, "detail");
        if (url.StartsWith("https:", StringComparison.Ordinal)) return new ImagePart("", "", url, detail);
        var (type, base64) = DataUrl.Split(url);
        return new ImagePart(type == "image/jpg" ? "image/jpeg" : type, base64, null, detail);
    }

    private static DocumentPart File(JsonElement file)
    {
        var (type, base64) = DataUrl.Split(file.GetProperty("file_data"u8).GetString()!); // Checked by the reader.
        return new DocumentPart(type, base64, ChatRequestParser.Text(file, "filename") ?? "");
    }

    private static JsonElement.ArrayEnumerator Items(JsonElement message, string name) => ChatRequestParser.Find(message, name)?.EnumerateArray() ?? default;
}
