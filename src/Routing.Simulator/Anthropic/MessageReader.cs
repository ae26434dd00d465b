using System.Text.Json;
using Routing.Simulator.Answers;
using Routing.Simulator.Calls;

namespace Routing.Simulator.Anthropic;

/// <summary>Reads a Messages request, direct or on Vertex; the sentence of a problem is what an invalid_request_error carries.</summary>
internal static class MessageReader
{
    private const int SmallestThinkingBudget = 1024;

    /// <param name="model">Null for counting tokens, which looks at no model's habits.</param>
    /// <param name="mustLimit">False for counting tokens: nothing is generated, so no limit is needed.</param>
    public static ChatAsk? Read(JsonElement root, string version, string? model, bool mustLimit, out string problem)
    {
        var prompt = new PromptText();
        foreach (var tool in root.Get("tools").Items()) AddMarked(tool, prompt);
        if (root.Text("system") is { } system) prompt.Add(system);
        else foreach (var block in root.Get("system").Items()) AddMarked(block, prompt);
        prompt.EndSystem();
        var thinking = root.Get("thinking") ?? default;
        problem = ApiVersion.Check(root, version) ?? (mustLimit ? CheckLimit(root) : null) ?? ReadMessages(root, prompt) ?? (model is null ? null : ClaudePrefill.Check(model, prompt)) ?? CheckTools(root) ?? CheckThinking(root, thinking) ?? "";
        if (problem.Length > 0) return null;

        var format = root.Get("output_config")?.Get("format") ?? root.Get("output_format");
        return new ChatAsk
        {
            LastUserText = prompt.LastUserText, EndsWithModel = prompt.EndsWithModel, Begun = prompt.ModelText, InputTokens = prompt.Tokens, MaxTokens = root.Number("max_tokens"), MarkedTokens = prompt.MarkedTokens,
            StopSequences = root.Get("stop_sequences").Strings(), Tools = Tools(root), ToolChoice = Choice(root), ToolResults = prompt.ToolResults,
            JsonAnswer = format?.Text("type") == "json_schema", JsonSchema = format?.Get("schema"),
            ThoughtTokens = ThoughtTokens(root, thinking), ShowsThoughts = IsOn(thinking),
        };
    }

    private static string? CheckLimit(JsonElement root) => root.Number("max_tokens") switch
    {
        null => "max_tokens: Field required",
        < 1 => "max_tokens: must be greater than or equal to 1",
        _ => null,
    };

    private static string? ReadMessages(JsonElement root, PromptText prompt)
    {
        var turns = new ToolTurns();
        var at = 0;
        foreach (var message in root.Get("messages").Items())
        {
            var role = message.Text("role") ?? "";
            if (role is not ("user" or "assistant")) return $"messages: Unexpected role \"{role}\". The Messages API accepts a top-level `system` parameter, not \"system\" as an input message role.";
            if (message.Text("content") is { } text) prompt.Add(text);
            foreach (var block in message.Get("content").Items())
                if (ReadBlock(block, prompt, turns, at) is { } wrong) return wrong;
            if (role == "user" && turns.Open.Count > 0)
                return $"messages.{at}: `tool_use` ids were found without `tool_result` blocks immediately after: {string.Join(", ", turns.Open)}. Each `tool_use` block must have a corresponding `tool_result` block in the next message.";
            prompt.EndMessage(role == "user", role == "assistant");
            at++;
        }

        if (at == 0) return "messages: at least one message is required";
        return turns.Open.Count == 0 ? null : $"messages.{at - 1}: `tool_use` ids were found without `tool_result` blocks immediately after: {string.Join(", ", turns.Open)}.";
    }

    private static string? ReadBlock(JsonElement block, PromptText prompt, ToolTurns turns, int at)
    {
        switch (block.Text("type"))
        {
            case "tool_result":
                if (!turns.TryAnswer(block.Text("tool_use_id") ?? ""))
                    return $"messages.{at}: unexpected `tool_use_id` found in `tool_result` blocks: {block.Text("tool_use_id")}. Each `tool_result` block must have a corresponding `tool_use` block in the previous message.";
                prompt.AddToolResult(block.Text("content") ?? string.Concat(block.Get("content").Items().Select(c => c.Text("text"))));
                break;
            case "tool_use":
                turns.Call(block.Text("id") ?? "");
                prompt.AddJson(block);
                break;
            case "image":
                if (CheckImage(block.Get("source") ?? default) is { } wrong) return wrong;
                prompt.AddImage();
                break;
            case "thinking":
                if (!IsOurs(block)) return $"messages.{at}.content: Invalid `signature` in `thinking` block";
                prompt.AddJson(block);
                break;
            default:
                AddMarked(block, prompt);
                return null;
        }

        Mark(block, prompt);
        return null;
    }

    // Thinking whose text was left out keeps only its signature.
    private static bool IsOurs(JsonElement block)
    {
        var (text, signature) = (block.Text("thinking") ?? "", block.Text("signature") ?? "");
        return text.Length == 0 ? ThoughtSignature.IsOurs(signature) : ThoughtSignature.Matches(text, signature);
    }

    private static string? CheckImage(JsonElement source) => source.Text("type") switch
    {
        "base64" => ImageCheck.IsImage(source.Text("data")) ? null : "Could not process image",
        "url" => ImageCheck.IsImageAddress(source.Text("url")) ? null : "Unable to download the file. Please verify the URL and try again.",
        "file" => null,
        var other => $"image.source.type: unexpected value '{other}'",
    };

    private static void AddMarked(JsonElement block, PromptText prompt)
    {
        if (block.Text("text") is { } text) prompt.Add(text);
        else prompt.AddJson(block);
        Mark(block, prompt);
    }

    private static void Mark(JsonElement block, PromptText prompt)
    {
        if (block.Get("cache_control") is not null) prompt.MarkForCache();
    }

    private static string? CheckTools(JsonElement root)
    {
        var (tools, choice) = (Tools(root), Choice(root));
        if (root.Get("tool_choice") is not null && tools.Count == 0) return "tool_choice may only be specified while providing tools.";
        return choice.Kind == ToolChoiceKind.Named && tools.All(t => t.Name != choice.Name) ? $"Tool '{choice.Name}' not found in provided tools" : null;
    }

    private static string? CheckThinking(JsonElement root, JsonElement thinking)
    {
        if (!IsOn(thinking)) return null;
        if (Choice(root).Kind is ToolChoiceKind.Any or ToolChoiceKind.Named) return "Thinking may not be enabled when tool_choice forces tool use.";
        if (root.Get("temperature") is { ValueKind: JsonValueKind.Number } temperature && temperature.GetDouble() != 1) return "`temperature` may only be set to 1 when thinking is enabled.";
        if (thinking.Text("type") == "adaptive") return null;
        if (thinking.Number("budget_tokens") is not >= SmallestThinkingBudget) return $"thinking.enabled.budget_tokens: Input should be greater than or equal to {SmallestThinkingBudget}";
        if (root.Number("max_tokens") <= thinking.Number("budget_tokens")) return "`max_tokens` must be greater than `thinking.budget_tokens`.";
        return CheckThinkingIsKept(root);
    }

    /// <summary>While tools are being used, the thinking that led to the call must come back with it.</summary>
    private static string? CheckThinkingIsKept(JsonElement root)
    {
        var messages = root.Get("messages").Items().ToList();
        if (messages.Count < 2 || !messages[^1].Get("content").Items().Any(b => b.Text("type") == "tool_result")) return null;
        var first = messages[^2].Get("content").Items().Select(b => b.Text("type")).FirstOrDefault();
        return first is "thinking" or "redacted_thinking" ? null
            : $"messages.{messages.Count - 2}.content.0.type: Expected `thinking` or `redacted_thinking`, but found `{first}`. When `thinking` is enabled, a final `assistant` message must start with a thinking block.";
    }

    private static bool IsOn(JsonElement thinking) => thinking.Text("type") is "enabled" or "adaptive";

    private static int? ThoughtTokens(JsonElement root, JsonElement thinking)
    {
        if (!IsOn(thinking)) return 0;
        return thinking.Number("budget_tokens") is { } budget ? Math.Max(1, budget / 32) : Math.Max(1, Effort(root));
    }

    private static int Effort(JsonElement root) => root.Get("output_config")?.Text("effort") switch { "low" => 16, "high" => 256, "xhigh" or "max" => 512, _ => 64 };

    private static IReadOnlyList<ToolSpec> Tools(JsonElement root) => [.. root.Get("tools").Items().Select(t => new ToolSpec(t.Text("name") ?? "", t.Get("input_schema")))];

    private static ToolChoice Choice(JsonElement root)
    {
        if (root.Get("tool_choice") is not { } choice) return ToolChoice.Auto;
        return new(choice.Text("type") switch
        {
            "any" => ToolChoiceKind.Any,
            "tool" => ToolChoiceKind.Named,
            "none" => ToolChoiceKind.None,
            _ => ToolChoiceKind.Auto,
        }, choice.Text("name"), choice.IsTrue("disable_parallel_tool_use"));
    }
}
