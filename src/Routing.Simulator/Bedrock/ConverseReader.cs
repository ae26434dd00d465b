using System.Text.Json;
using Routing.Simulator.Answers;
using Routing.Simulator.Calls;

namespace Routing.Simulator.Bedrock;

/// <summary>Reads a Converse request; the sentence of a problem is what a ValidationException carries.</summary>
internal static class ConverseReader
{
    // Claude on Bedrock takes no smaller one.
    private const int SmallestThinkingBudget = 1024;

    public static ChatAsk? Read(JsonElement root, string model, out string problem)
    {
        var prompt = new PromptText();
        foreach (var block in root.Get("system").Items()) ReadPlain(block, prompt);
        var limits = root.Get("inferenceConfig") ?? default;
        var tools = root.Get("toolConfig") ?? default;
        foreach (var tool in tools.Get("tools").Items()) ReadPlain(tool, prompt);
        prompt.EndSystem();
        var thinking = Thinking(root);
        problem = ReadMessages(root, prompt, model) ?? CheckToolBlocks(root, tools) ?? Check(limits, tools, thinking) ?? NovaReasoning.Check(root, model) ?? CheckFormat(root, model) ?? "";
        if (problem.Length > 0) return null;
        return new ChatAsk
        {
            LastUserText = prompt.LastUserText, EndsWithModel = prompt.EndsWithModel, Begun = prompt.ModelText, InputTokens = prompt.Tokens, MaxTokens = limits.Number("maxTokens"), MarkedTokens = prompt.MarkedTokens,
            StopSequences = limits.Get("stopSequences").Strings(), Tools = Tools(tools), ToolChoice = Choice(tools), ToolResults = prompt.ToolResults,
            JsonAnswer = root.Get("outputConfig")?.Get("textFormat")?.Text("type") == "json_schema", JsonSchema = Schema(root),
            ThoughtTokens = thinking is { } wanted ? ThoughtTokens(wanted) : NovaReasoning.Tokens(root), ShowsThoughts = thinking is not null || NovaReasoning.Tokens(root) is not null,
            HiddenThought = NovaReasoning.Tokens(root) is null ? null : NovaReasoning.Hidden,
        };
    }

    private static string? ReadMessages(JsonElement root, PromptText prompt, string model)
    {
        var turns = new ToolTurns();
        var last = "";
        foreach (var message in root.Get("messages").Items())
        {
            last = message.Text("role") ?? "";
            if (last is not ("user" or "assistant")) return $"Value '{last}' at 'messages.role' failed to satisfy constraint: Member must satisfy enum value set: [user, assistant]";
            foreach (var block in message.Get("content").Items())
                if (ReadBlock(block, prompt, turns) is { } wrong) return wrong;
            if (last == "user" && turns.Open.Count > 0) return $"Expected toolResult blocks at messages.content for the following Ids: {string.Join(", ", turns.Open)}";
            prompt.EndMessage(last == "user", last == "assistant");
        }

        if (last == "") return "The value at messages is empty. Add at least one message and try again.";
        if (last == "user") return null;
        if (!model.Contains("anthropic.claude", StringComparison.Ordinal)) return "A conversation must end with a user message. Try again with a conversation that ends with a user message.";
        return ClaudePrefill.Check(model, prompt) is { } refused ? $"The model returned the following errors: {refused}" : null;
    }

    private static string? CheckFormat(JsonElement root, string model)
    {
        var isRefused = model.Contains("amazon.nova", StringComparison.Ordinal) || model.Contains("meta.llama", StringComparison.Ordinal);
        return isRefused && root.Get("outputConfig") is not null ? "This model doesn't support the outputConfig field. Remove outputConfig and try again." : null;
    }

    private static string? CheckToolBlocks(JsonElement root, JsonElement tools)
    {
        if (Tools(tools).Count > 0) return null;
        var hasToolBlocks = root.Get("messages").Items().SelectMany(m => m.Get("content").Items()).Any(b => b.Get("toolUse") is not null || b.Get("toolResult") is not null);
        return hasToolBlocks ? "The toolConfig field must be defined when using toolUse and toolResult content blocks." : null;
    }

    private static string? Check(JsonElement limits, JsonElement tools, JsonElement? thinking)
    {
        if (limits.Number("maxTokens") is < 1) return "Value at 'inferenceConfig.maxTokens' failed to satisfy constraint: Member must have value greater than or equal to 1";
        if (tools.Get("toolChoice")?.Get("tool")?.Text("name") is { } name && Tools(tools).All(t => t.Name != name)) return $"The tool choice names '{name}', which is not among the tools.";
        if (thinking?.Number("budget_tokens") is not { } budget) return null;
        if (budget < SmallestThinkingBudget) return $"The model returned the following errors: thinking.enabled.budget_tokens: Input should be greater than or equal to {SmallestThinkingBudget}";
        if (limits.Number("maxTokens") <= budget) return "The model returned the following errors: `max_tokens` must be greater than `thinking.budget_tokens`.";
        return Choice(tools).Kind is ToolChoiceKind.Any or ToolChoiceKind.Named ? "The model returned the following errors: Thinking may not be enabled when tool_choice forces tool use." : null;
    }

    private static string? ReadBlock(JsonElement block, PromptText prompt, ToolTurns turns)
    {
        if (block.Get("toolResult") is { } result)
        {
            if (!turns.TryAnswer(result.Text("toolUseId") ?? "")) return $"The toolResult block with id {result.Text("toolUseId")} has no corresponding toolUse block in the previous message.";
            prompt.AddToolResult(string.Concat(result.Get("content").Items().Select(c => c.Text("text") ?? c.Get("json")?.AsText())));
            return null;
        }

        if (block.Get("image") is { } image) return ReadImage(image, prompt);
        if (block.Get("reasoningContent") is { } reasoning) return ReadReasoning(reasoning, prompt);
        if (block.Get("toolUse") is { } use) turns.Call(use.Text("toolUseId") ?? "");
        ReadPlain(block, prompt);
        return null;
    }

    private static string? ReadImage(JsonElement image, PromptText prompt)
    {
        prompt.AddImage();
        if (image.Text("format") is not ("png" or "jpeg" or "gif" or "webp")) return "Value at 'image.format' failed to satisfy constraint: Member must satisfy enum value set: [png, jpeg, gif, webp]";
        var bytes = image.Get("source")?.Text("bytes");
        return bytes is null || ImageCheck.IsImage(bytes) ? null : "The model returned the following errors: Could not process image";
    }

    private static string? ReadReasoning(JsonElement reasoning, PromptText prompt)
    {
        prompt.AddJson(reasoning);
        if (reasoning.Get("reasoningText") is not { } text) return null;
        return ThoughtSignature.Matches(text.Text("text") ?? "", text.Text("signature") ?? "") ? null : "The model returned the following errors: Invalid `signature` in `thinking` block";
    }

    private static void ReadPlain(JsonElement block, PromptText prompt)
    {
        if (block.Get("cachePoint") is not null) prompt.MarkForCache();
        else if (block.Text("text") is { } text) prompt.Add(text);
        else prompt.AddJson(block);
    }

    private static IReadOnlyList<ToolSpec> Tools(JsonElement tools) =>
        [.. tools.Get("tools").Items().Select(t => t.Get("toolSpec")).OfType<JsonElement>().Select(t => new ToolSpec(t.Text("name") ?? "", t.Get("inputSchema")?.Get("json")))];

    private static ToolChoice Choice(JsonElement tools)
    {
        if (tools.Get("toolChoice") is not { } choice) return ToolChoice.Auto;
        if (choice.Get("tool")?.Text("name") is { } name) return new(ToolChoiceKind.Named, name);
        return choice.Get("any") is null ? ToolChoice.Auto : new(ToolChoiceKind.Any);
    }

    /// <summary>The reasoning a request switches on, under either of its names; null = none.</summary>
    private static JsonElement? Thinking(JsonElement root)
    {
        var fields = root.Get("additionalModelRequestFields");
        var thinking = fields?.Get("thinking") ?? fields?.Get("reasoning_config");
        return thinking?.Text("type") is "enabled" or "adaptive" ? thinking : null;
    }

    private static int? ThoughtTokens(JsonElement thinking) => thinking.Number("budget_tokens") is { } budget ? Math.Max(1, budget / 32) : 32;

    // The schema comes as a text of JSON.
    private static JsonElement? Schema(JsonElement root)
    {
        var definition = root.Get("outputConfig")?.Get("textFormat")?.Get("structure")?.Get("jsonSchema");
        if (definition?.Text("schema") is not { } text) return null;
        try
        {
            return JsonSerializer.Deserialize<JsonElement>(text);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
