using System.Collections.Immutable;
using System.Text;
using System.Text.Json;
using Routing.Core.Llm;
using static Routing.Edge.OpenAI.ChatRequestParser;

namespace Routing.Edge.Anthropic;

/// <summary>Builds the canonical request from a body the reader has accepted. Runs only when a candidate speaks another wire.</summary>
internal static class MessagesParser
{
    public static ChatRequest Parse(ReadOnlyMemory<byte> json)
    {
        using var document = JsonDocument.Parse(json);
        var root = document.RootElement;
        var choice = Find(root, "tool_choice");
        return new ChatRequest
        {
            Messages = Messages(root),
            MaxOutputTokens = Find(root, "max_tokens")?.GetInt32(),
            Temperature = Find(root, "temperature")?.GetDouble(),
            TopP = Find(root, "top_p")?.GetDouble(),
            TopK = Find(root, "top_k")?.GetInt32(),
            StopSequences = Find(root, "stop_sequences") is { } stops ? [.. stops.EnumerateArray().Select(s => s.GetString()!)] : [], // Checked by the reader.
            Tools = Find(root, "tools") is { } tools ? [.. tools.EnumerateArray().Select(Tool)] : [],
            ToolChoice = Choice(choice),
            ParallelToolCalls = choice is not { } set || Find(set, "disable_parallel_tool_use")?.GetBoolean() != true,
            Format = Format(root),
            Reasoning = Thinking(root),
            EndUser = Find(root, "metadata") is { } metadata ? Text(metadata, "user_id") : null,
            ServiceTier = Text(root, "service_tier"),
        };
    }

    private static ImmutableArray<ChatMessage> Messages(JsonElement root)
    {
        var tools = new Dictionary<string, string>(StringComparer.Ordinal); // Names by the id of the call.
        var messages = ImmutableArray.CreateBuilder<ChatMessage>();
        if (Find(root, "system") is { } system) messages.Add(new ChatMessage(ChatRole.System, Parts(system, tools)));
        foreach (var message in root.GetProperty("messages"u8).EnumerateArray())
        {
            var role = message.GetProperty("role"u8).ValueEquals("assistant"u8) ? ChatRole.Assistant : ChatRole.User;
            Add(messages, role, Parts(message.GetProperty("content"u8), tools));
        }

        if (Cache(root) is { } mark) Mark(messages, mark);
        return messages.ToImmutable();
    }

    /// <summary>A mark on the whole request stands for one on its last piece.</summary>
    private static void Mark(ImmutableArray<ChatMessage>.Builder messages, CacheMark mark)
    {
        if (messages is not [.., { Parts: [.., { Cache: null } part] } last]) return;
        messages[^1] = last with { Parts = last.Parts.SetItem(last.Parts.Length - 1, part with { Cache = mark }) };
    }

    // A user's turn may hold what tools gave back and what the user says; other wires keep the two apart.
    private static void Add(ImmutableArray<ChatMessage>.Builder messages, ChatRole role, ImmutableArray<ContentPart> parts)
    {
        var results = parts.RemoveAll(p => p is not ToolResultPart);
        if (results.Length > 0) messages.Add(new ChatMessage(ChatRole.Tool, results));
        if (parts.Length > results.Length || parts.IsEmpty) messages.Add(new ChatMessage(role, parts.RemoveAll(p => p is ToolResultPart)));
    }

    private static ImmutableArray<ContentPart> Parts(JsonElement content, Dictionary<string, string> tools) => content.ValueKind == JsonValueKind.String
        ? [new TextPart(content.GetString()!)] // A string has a value.
        : [.. content.EnumerateArray().Select(b => Part(b, tools)).OfType<ContentPart>()];

    private static ContentPart? Part(JsonElement block, Dictionary<string, string> tools)
    {
        ContentPart? part = Text(block, "type") switch
        {
            "text" => new TextPart(Text(block, "text")!), // Here and below: checked by the reader.
            "image" => Image(block.GetProperty("source"u8)),
            "document" => Document(block),
            "tool_use" => Call(block, tools),
            "tool_result" => Result(block, tools),
            "thinking" => new ReasoningPart(Text(block, "thinking")!, Text(block, "signature")!),
            "redacted_thinking" => new RedactedReasoningPart(Text(block, "data")!),
            _ => null,
        };
        return part is not null && Cache(block) is { } mark ? part with { Cache = mark } : part;
    }

    // By its type: only then has the reader judged the address.
    private static ImagePart Image(JsonElement source) => Text(source, "type") == "url"
        ? new ImagePart("", "", Text(source, "url")!)
        : new ImagePart(Text(source, "media_type")!, Text(source, "data")!);

    private static DocumentPart Document(JsonElement block)
    {
        var source = block.GetProperty("source"u8);
        var data = Text(source, "data")!;
        if (Text(source, "type") == "text") data = Convert.ToBase64String(Encoding.UTF8.GetBytes(data));
        return new DocumentPart(Text(source, "media_type")!, data, Text(block, "title") ?? "");
    }

    private static ToolCallPart Call(JsonElement block, Dictionary<string, string> tools)
    {
        var (id, name) = (Text(block, "id")!, Text(block, "name")!);
        tools[id] = name;
        return new ToolCallPart(id, name, block.GetProperty("input"u8).GetRawText());
    }

    private static ToolResultPart Result(JsonElement block, Dictionary<string, string> tools)
    {
        var id = Text(block, "tool_use_id")!;
        var content = Find(block, "content") is { } given ? Parts(given, tools) : [];
        return new ToolResultPart(id, tools[id], content, Find(block, "is_error")?.GetBoolean() ?? false);
    }

    private static ToolDefinition Tool(JsonElement tool) => new(
        Text(tool, "name")!, Text(tool, "description") ?? "", Find(tool, "input_schema")?.GetRawText(), Find(tool, "strict")?.GetBoolean() ?? false)
    {
        Cache = Cache(tool),
    };

    private static ToolChoice Choice(JsonElement? choice) => choice is not { } set ? ToolChoice.Auto : Text(set, "type") switch
    {
        "any" => new ToolChoice(ToolChoiceMode.Required),
        "tool" => new ToolChoice(ToolChoiceMode.Named, Text(set, "name")),
        "none" => new ToolChoice(ToolChoiceMode.None),
        _ => ToolChoice.Auto,
    };

    private static AnswerFormat Format(JsonElement root) =>
        Find(root, "output_config") is { } config && Find(config, "format") is { } format
            ? new AnswerFormat(AnswerFormatKind.JsonSchema, "answer", null, format.GetProperty("schema"u8).GetRawText(), Strict: true)
            : AnswerFormat.Text;

    private static Reasoning? Thinking(JsonElement root)
    {
        var thinking = Find(root, "thinking");
        var type = thinking is { } given ? Text(given, "type") : null;
        if (type == "enabled") return new Reasoning(null, Find(thinking!.Value, "budget_tokens")?.GetInt32()); // A type has its object; the reader wants the budget.
        if (type == "disabled") return new Reasoning("none", null, Show: false);
        var (effort, isAdaptive) = (Find(root, "output_config") is { } config ? Text(config, "effort") : null, type == "adaptive");
        return effort is null && !isAdaptive ? null : new Reasoning(effort ?? "medium", null, Show: isAdaptive) { Thinks = isAdaptive };
    }
}
