using System.Collections.Immutable;
using System.Text.Json;
using Routing.Core.Llm;
using static Routing.Edge.OpenAI.ChatRequestParser;

namespace Routing.Edge.Responses;

/// <summary>Builds the canonical request from a body the reader has accepted. Runs only when a candidate speaks another wire.</summary>
internal static class ResponsesParser
{
    public static ChatRequest Parse(ReadOnlyMemory<byte> json)
    {
        using var document = JsonDocument.Parse(json);
        var root = document.RootElement;
        return new ChatRequest
        {
            Messages = InputParser.Parse(Text(root, "instructions"), root.GetProperty("input"u8)),
            MaxOutputTokens = Find(root, "max_output_tokens")?.GetInt32(),
            Temperature = Find(root, "temperature")?.GetDouble(),
            TopP = Find(root, "top_p")?.GetDouble(),
            Tools = Find(root, "tools") is { } tools ? [.. tools.EnumerateArray().Select(Tool)] : [],
            ToolChoice = Choice(root),
            ParallelToolCalls = Find(root, "parallel_tool_calls")?.GetBoolean() ?? true,
            Format = Format(root),
            Reasoning = Find(root, "reasoning") is { } reasoning ? Effort(reasoning) : null,
            EndUser = Text(root, "safety_identifier") ?? Text(root, "user"),
            Metadata = Find(root, "metadata") is { } metadata
                ? metadata.EnumerateObject().ToImmutableDictionary(p => p.Name, p => p.Value.GetString()!, StringComparer.Ordinal) // Checked by the reader.
                : ImmutableDictionary<string, string>.Empty,
            ServiceTier = Text(root, "service_tier"),
            Verbosity = Find(root, "text") is { } text ? Text(text, "verbosity") : null,
        };
    }

    private static ToolDefinition Tool(JsonElement tool) => new(
        tool.GetProperty("name"u8).GetString()!, // Checked by the reader.
        Text(tool, "description") ?? "",
        Find(tool, "parameters")?.GetRawText(),
        Find(tool, "strict")?.GetBoolean() ?? false);

    private static ToolChoice Choice(JsonElement root) => Find(root, "tool_choice") switch
    {
        { ValueKind: JsonValueKind.Object } named => new ToolChoice(ToolChoiceMode.Named, Text(named, "name")),
        { } word when word.ValueEquals("none"u8) => new ToolChoice(ToolChoiceMode.None),
        { } word when word.ValueEquals("required"u8) => new ToolChoice(ToolChoiceMode.Required),
        _ => ToolChoice.Auto,
    };

    private static AnswerFormat Format(JsonElement root)
    {
        if (Find(root, "text") is not { } text || Find(text, "format") is not { } format) return AnswerFormat.Text;
        return Text(format, "type") switch
        {
            "json_object" => new AnswerFormat(AnswerFormatKind.JsonObject),
            "json_schema" => new AnswerFormat(
                AnswerFormatKind.JsonSchema,
                format.GetProperty("name"u8).GetString()!, // Checked by the reader.
                Text(format, "description"),
                format.GetProperty("schema"u8).GetRawText(),
                Find(format, "strict")?.GetBoolean() ?? false),
            _ => AnswerFormat.Text,
        };
    }

    // Who asks for a summary and does not say how much gets OpenAI's own default.
    private static Reasoning? Effort(JsonElement reasoning)
    {
        var (effort, show) = (Text(reasoning, "effort"), (Text(reasoning, "summary") ?? Text(reasoning, "generate_summary")) is not null);
        return effort is null && !show ? null : new Reasoning(effort ?? "medium", null, show);
    }
}
