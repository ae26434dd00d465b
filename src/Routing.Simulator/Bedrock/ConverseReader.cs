using System.Text.Json;
using Routing.Simulator.Answers;
using Routing.Simulator.Calls;

namespace Routing.Simulator.Bedrock;

/// <summary>Reads a Converse request; the sentence of a problem is what a ValidationException carries.</summary>
internal static class ConverseReader
{
    public static ChatAsk? Read(JsonElement root, out string problem)
    {
        var prompt = new PromptText();
        foreach (var block in root.Get("system").Items()) prompt.Add(block.Text("text"));
        var last = "";
        foreach (var message in root.Get("messages").Items())
        {
            last = message.Text("role") ?? "";
            if (last is not ("user" or "assistant")) return Problem($"Value '{last}' at 'messages.role' failed to satisfy constraint: Member must satisfy enum value set: [user, assistant]", out problem);
            foreach (var block in message.Get("content").Items()) ReadBlock(block, prompt);
            prompt.EndMessage(last == "user");
        }

        if (last == "") return Problem("The value at messages is empty. Add at least one message and try again.", out problem);
        if (last != "user") return Problem("A conversation must end with a user message. Try again with a conversation that ends with a user message.", out problem);

        var limits = root.Get("inferenceConfig") ?? default;
        if (limits.Number("maxTokens") is < 1) return Problem("Value at 'inferenceConfig.maxTokens' failed to satisfy constraint: Member must have value greater than or equal to 1", out problem);
        var tools = root.Get("toolConfig") ?? default;
        foreach (var tool in tools.Get("tools").Items()) prompt.AddJson(tool);
        problem = "";
        return new ChatAsk
        {
            LastUserText = prompt.LastUserText, InputTokens = prompt.Tokens, MaxTokens = limits.Number("maxTokens"),
            StopSequences = limits.Get("stopSequences").Strings(), ForcedTool = ForcedTool(tools),
            JsonAnswer = root.Get("outputConfig")?.Get("textFormat")?.Text("type") == "json_schema",
        };
    }

    private static void ReadBlock(JsonElement block, PromptText prompt)
    {
        if (block.Text("text") is { } text) prompt.Add(text);
        else prompt.AddJson(block);
    }

    private static string? ForcedTool(JsonElement tools)
    {
        if (tools.Get("toolChoice") is not { } choice) return null;
        if (choice.Get("tool")?.Text("name") is { } name) return name;
        if (choice.Get("any") is null) return null;
        foreach (var tool in tools.Get("tools").Items())
            if (tool.Get("toolSpec")?.Text("name") is { } first) return first;
        return null;
    }

    private static ChatAsk? Problem(string sentence, out string problem)
    {
        problem = sentence;
        return null;
    }
}
