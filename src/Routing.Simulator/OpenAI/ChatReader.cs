using System.Text.Json;
using Routing.Simulator.Answers;
using Routing.Simulator.Calls;

namespace Routing.Simulator.OpenAI;

/// <summary>A problem of a request, with the parameter it is about.</summary>
internal sealed record ChatProblem(string Message, string? Param, string? Code = null);

/// <summary>Reads a chat completion request.</summary>
internal static class ChatReader
{
    private const int MostChoices = 128;
    private const int MostAlternatives = 20;
    private static readonly string[] Roles = ["system", "developer", "user", "assistant", "tool", "function"];

    public static ChatAsk? Read(JsonElement root, out ChatProblem? problem)
    {
        var prompt = new PromptText();
        var limit = root.Number("max_completion_tokens") ?? root.Number("max_tokens");
        problem = Check(root, limit) ?? ReadMessages(root, prompt) ?? ToolReading.Check(root, t => t.Get("function"));
        if (problem is not null) return null;
        foreach (var tool in root.Get("tools").Items()) prompt.AddJson(tool);
        var format = root.Get("response_format");
        return new ChatAsk
        {
            LastUserText = prompt.LastUserText, EndsWithModel = prompt.EndsWithModel, Begun = GoesOn(root) ? prompt.ModelText : null, InputTokens = prompt.Tokens, MaxTokens = limit, StopSequences = root.Get("stop").Strings(),
            Tools = ToolReading.Tools(root, t => t.Get("function")), ToolChoice = ToolReading.Choice(root), ToolResults = prompt.ToolResults,
            JsonAnswer = format?.Text("type") is "json_object" or "json_schema", JsonSchema = format?.Get("json_schema")?.Get("schema"),
            ThoughtTokens = Effort.Tokens(root.Text("reasoning_effort")), Choices = root.Number("n") ?? 1, Seed = root.Number("seed"),
        };
    }

    /// <summary>Mistral's way to have a model go on from its turn, and vLLM's; without one OpenAI's wire begins another.</summary>
    private static bool GoesOn(JsonElement root) => root.IsTrue("continue_final_message") || root.Get("messages").Items().LastOrDefault().IsTrue("prefix");

    /// <summary>Null when no probabilities are asked for, else how many alternatives.</summary>
    public static int? LogProbs(JsonElement root) => root.IsTrue("logprobs") ? root.Number("top_logprobs") ?? 0 : null;

    private static ChatProblem? Check(JsonElement root, int? limit)
    {
        if (root.Get("max_tokens") is not null && root.Get("max_completion_tokens") is not null)
            return new("Setting 'max_tokens' and 'max_completion_tokens' at the same time is not supported.", "max_tokens", "invalid_parameter_combination");
        if (limit < 1) return new("Invalid value: the most tokens must be at least 1.", "max_tokens", "integer_below_min_value");
        if (root.Number("n") is < 1 or > MostChoices) return new($"Invalid 'n': it must be 1 to {MostChoices}.", "n", "integer_out_of_range");
        if (root.Get("top_logprobs") is not null && !root.IsTrue("logprobs")) return new("The 'top_logprobs' parameter is only allowed when 'logprobs' is enabled.", "top_logprobs", "invalid_parameter_combination");
        return root.Number("top_logprobs") is < 0 or > MostAlternatives ? new($"Invalid 'top_logprobs': it must be 0 to {MostAlternatives}.", "top_logprobs", "integer_out_of_range") : null;
    }

    private static ChatProblem? ReadMessages(JsonElement root, PromptText prompt)
    {
        var turns = new ToolTurns();
        var at = 0;
        foreach (var message in root.Get("messages").Items())
        {
            var role = message.Text("role") ?? "";
            if (!Roles.Contains(role)) return new($"Invalid value: '{role}'. Supported values are: {string.Join(", ", Roles.Select(r => $"'{r}'"))}.", $"messages[{at}].role", "invalid_value");
            if (role != "tool" && turns.Open.Count > 0) return Unanswered(turns);
            if ((role == "tool" ? ReadToolMessage(message, turns, prompt, at) : ReadContent(message.Get("content"), prompt, at)) is { } wrong) return wrong;
            foreach (var call in message.Get("tool_calls").Items())
            {
                turns.Call(call.Text("id") ?? "");
                prompt.AddJson(call);
            }

            prompt.EndMessage(role == "user", role == "assistant");
            at++;
        }

        if (at == 0) return new("Missing required parameter: 'messages'.", "messages", "missing_required_parameter");
        return turns.Open.Count > 0 ? Unanswered(turns) : null;
    }

    private static ChatProblem Unanswered(ToolTurns turns) =>
        new($"An assistant message with 'tool_calls' must be followed by tool messages responding to each 'tool_call_id'. The following tool_call_ids did not have response messages: {string.Join(", ", turns.Open)}", "messages");

    private static ChatProblem? ReadToolMessage(JsonElement message, ToolTurns turns, PromptText prompt, int at)
    {
        if (!turns.TryAnswer(message.Text("tool_call_id") ?? "")) return new("Invalid parameter: messages with role 'tool' must be a response to a preceding message with 'tool_calls'.", $"messages[{at}].role");
        prompt.AddToolResult(message.Text("content") ?? string.Concat(message.Get("content").Items().Select(p => p.Text("text"))));
        return null;
    }

    private static ChatProblem? ReadContent(JsonElement? content, PromptText prompt, int at)
    {
        if (content is { ValueKind: JsonValueKind.String } text) prompt.Add(text.GetString());
        foreach (var part in content.Items())
        {
            if (part.Text("text") is { } partText) prompt.Add(partText);
            else if (part.Get("image_url") is not { } image) prompt.AddJson(part);
            else if (ImageCheck.IsImageAddress(image.Text("url"))) prompt.AddImage();
            else return new("You uploaded an unsupported image. Please make sure your image has one of the formats png, jpeg, gif, webp.", $"messages[{at}].content", "invalid_image_format");
        }

        return null;
    }
}
