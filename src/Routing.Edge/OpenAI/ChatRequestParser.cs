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
            Messages = MessageParser.Parse(root.GetProperty("messages"u8)),
            MaxOutputTokens = (int?)(Number(root, "max_completion_tokens") ?? Number(root, "max_tokens")),
            Temperature = Number(root, "temperature"),
            TopP = Number(root, "top_p"),
            StopSequences = Stops(root),
            Seed = Find(root, "seed")?.GetInt64(),
            PresencePenalty = Number(root, "presence_penalty"),
            FrequencyPenalty = Number(root, "frequency_penalty"),
            Tools = Find(root, "tools") is { } tools ? [.. tools.EnumerateArray().Select(Tool)] : [],
            ToolChoice = Choice(root),
            ParallelToolCalls = Find(root, "parallel_tool_calls")?.GetBoolean() ?? true,
            Format = Format(root),
            Reasoning = Text(root, "reasoning_effort") is { } effort ? new Reasoning(effort, null) : null,
            EndUser = Text(root, "safety_identifier") ?? Text(root, "user"),
            Metadata = Find(root, "metadata") is { } metadata
                ? metadata.EnumerateObject().ToImmutableDictionary(p => p.Name, p => p.Value.GetString()!, StringComparer.Ordinal) // Checked by the reader.
                : ImmutableDictionary<string, string>.Empty,
            ServiceTier = Text(root, "service_tier"),
            Verbosity = Text(root, "verbosity"),
        };
    }

    /// <summary>The member's value; null when it is absent or null.</summary>
    public static JsonElement? Find(JsonElement element, string name) =>
        element.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null ? value : null;

    public static string? Text(JsonElement element, string name) => Find(element, name)?.GetString();

    public static CacheMark? Cache(JsonElement element) => Find(element, "cache_control") is { } mark ? new CacheMark(Text(mark, "ttl")) : null;

    private static double? Number(JsonElement root, string name) => Find(root, name)?.GetDouble();

    private static ImmutableArray<string> Stops(JsonElement root) => Find(root, "stop") switch
    {
        null => [],
        { ValueKind: JsonValueKind.String } one => [one.GetString()!], // A string has a value.
        { } several => [.. several.EnumerateArray().Select(s => s.GetString()!)], // Checked by the reader.
    };

    private static ToolDefinition Tool(JsonElement tool)
    {
        var function = tool.GetProperty("function"u8);
        return new ToolDefinition(
            function.GetProperty("name"u8).GetString()!, // Checked by the reader.
            Text(function, "description") ?? "",
            Find(function, "parameters")?.GetRawText(),
            Find(function, "strict")?.GetBoolean() ?? false)
        {
            Cache = Cache(tool),
        };
    }

    private static ToolChoice Choice(JsonElement root) => Find(root, "tool_choice") switch
    {
        { ValueKind: JsonValueKind.Object } named => new ToolChoice(ToolChoiceMode.Named, named.GetProperty("function"u8).GetProperty("name"u8).GetString()),
        { } word when word.ValueEquals("none"u8) => new ToolChoice(ToolChoiceMode.None),
        { } word when word.ValueEquals("required"u8) => new ToolChoice(ToolChoiceMode.Required),
        _ => ToolChoice.Auto,
    };

    private static AnswerFormat Format(JsonElement root)
    {
        if (Find(root, "response_format") is not { } format) return AnswerFormat.Text;
        if (format.GetProperty("type"u8).ValueEquals("json_object"u8)) return new AnswerFormat(AnswerFormatKind.JsonObject);
        if (!format.GetProperty("type"u8).ValueEquals("json_schema"u8)) return AnswerFormat.Text;
        var schema = format.GetProperty("json_schema"u8);
        return new AnswerFormat(
            AnswerFormatKind.JsonSchema,
            schema.GetProperty("name"u8).GetString()!, // Checked by the reader.
            Text(schema, "description"),
            Find(schema, "schema")?.GetRawText(),
            Find(schema, "strict")?.GetBoolean() ?? false);
    }
}
