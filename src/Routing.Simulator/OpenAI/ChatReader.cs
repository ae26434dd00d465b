using System.Text.Json;
using Routing.Simulator.Answers;
using Routing.Simulator.Calls;

namespace Routing.Simulator.OpenAI;

/// <summary>A problem of a chat request, with the parameter it is about.</summary>
internal sealed record ChatProblem(string Message, string? Param, string? Code = null);

/// <summary>Reads a chat completion request.</summary>
internal static class ChatReader
{
    public static ChatAsk? Read(JsonElement root, out ChatProblem? problem)
    {
        var prompt = new PromptText();
        var messages = 0;
        foreach (var message in root.Get("messages").Items())
        {
            messages++;
            ReadContent(message.Get("content"), prompt);
            if (message.Get("tool_calls") is { } calls) prompt.AddJson(calls);
            prompt.EndMessage(message.Text("role") == "user");
        }

        var limit = root.Number("max_completion_tokens") ?? root.Number("max_tokens");
        problem = Check(root, messages, limit);
        if (problem is not null) return null;
        foreach (var tool in root.Get("tools").Items()) prompt.AddJson(tool);
        return new ChatAsk
        {
            LastUserText = prompt.LastUserText, InputTokens = prompt.Tokens, MaxTokens = limit, StopSequences = root.Get("stop").Strings(),
            ForcedTool = ForcedTool(root), JsonAnswer = root.Get("response_format")?.Text("type") is "json_object" or "json_schema",
        };
    }

    private static ChatProblem? Check(JsonElement root, int messages, int? limit)
    {
        if (messages == 0) return new("Missing required parameter: 'messages'.", "messages", "missing_required_parameter");
        if (root.Get("max_tokens") is not null && root.Get("max_completion_tokens") is not null)
            return new("Setting 'max_tokens' and 'max_completion_tokens' at the same time is not supported.", "max_tokens", "invalid_parameter_combination");
        if (limit < 1) return new("Invalid value: the most tokens must be at least 1.", "max_tokens", "integer_below_min_value");
        return root.Number("n") is > 1 ? new("This simulator gives one choice: 'n' must be 1.", "n", "unsupported_value") : null;
    }

    private static void ReadContent(JsonElement? content, PromptText prompt)
    {
        if (content is { ValueKind: JsonValueKind.String } text) prompt.Add(text.GetString());
        foreach (var part in content.Items())
        {
            if (part.Text("text") is { } partText) prompt.Add(partText);
            else prompt.AddJson(part);
        }
    }

    private static string? ForcedTool(JsonElement root)
    {
        var choice = root.Get("tool_choice");
        if (choice?.Get("function")?.Text("name") is { } name) return name;
        if (choice is not { ValueKind: JsonValueKind.String } word || word.GetString() != "required") return null;
        foreach (var tool in root.Get("tools").Items())
            if (tool.Get("function")?.Text("name") is { } first) return first;
        return null;
    }
}
