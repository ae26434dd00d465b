using System.Text.Json;
using Routing.Simulator.Answers;
using Routing.Simulator.Calls;

namespace Routing.Simulator.OpenAI;

/// <summary>Reads a Responses request. Nothing is stored here, so a conversation must bring all of itself.</summary>
internal static class ResponsesReader
{
    private const int SmallestLimit = 16;

    public static ChatAsk? Read(JsonElement root, out ChatProblem? problem)
    {
        var prompt = new PromptText();
        prompt.Add(root.Text("instructions"));
        if (prompt.Tokens > 0) prompt.EndMessage(fromUser: false);
        problem = Check(root) ?? ReadInput(root.Get("input"), prompt) ?? ToolReading.Check(root, AsFunction);
        if (problem is not null) return null;
        foreach (var tool in root.Get("tools").Items()) prompt.AddJson(tool);
        var format = root.Get("text")?.Get("format");
        return new ChatAsk
        {
            LastUserText = prompt.LastUserText, EndsWithModel = prompt.EndsWithModel, InputTokens = prompt.Tokens, MaxTokens = root.Number("max_output_tokens"),
            Tools = ToolReading.Tools(root, AsFunction), ToolChoice = ToolReading.Choice(root), ToolResults = prompt.ToolResults,
            JsonAnswer = format?.Text("type") is "json_object" or "json_schema", JsonSchema = format?.Get("schema"),
            ThoughtTokens = Effort.Tokens(root.Get("reasoning")?.Text("effort")), ShowsThoughts = TellsSummary(root) || WantsSealedReasoning(root),
        };
    }

    public static bool TellsSummary(JsonElement root) => root.Get("reasoning")?.Text("summary") is not null;

    /// <summary>Reasoning comes back sealed, for callers that store nothing either.</summary>
    public static bool WantsSealedReasoning(JsonElement root) => root.Get("include").Strings().Contains("reasoning.encrypted_content", StringComparer.Ordinal);

    private static JsonElement? AsFunction(JsonElement tool) => tool.Text("type") == "function" ? tool : null;

    private static ChatProblem? Check(JsonElement root)
    {
        if (root.Text("previous_response_id") is { } previous) return new($"Previous response with id '{previous}' not found.", "previous_response_id", "previous_response_not_found");
        return root.Number("max_output_tokens") is < SmallestLimit
            ? new($"Invalid 'max_output_tokens': integer below minimum value. Expected a value >= {SmallestLimit}.", "max_output_tokens", "integer_below_min_value") : null;
    }

    private static ChatProblem? ReadInput(JsonElement? input, PromptText prompt)
    {
        if (input is { ValueKind: JsonValueKind.String } text)
        {
            prompt.Add(text.GetString());
            prompt.EndMessage(fromUser: true);
            return null;
        }

        var (turns, at) = (new ToolTurns(), 0);
        foreach (var item in input.Items())
            if (ReadItem(item, turns, prompt, at++) is { } wrong) return wrong;
        if (at == 0) return new("Missing required parameter: 'input'.", "input", "missing_required_parameter");
        return turns.Open.Count > 0 ? new($"No tool output found for function call {turns.Open[0]}.", "input") : null;
    }

    private static ChatProblem? ReadItem(JsonElement item, ToolTurns turns, PromptText prompt, int at)
    {
        switch (item.Text("type") ?? "message")
        {
            case "function_call":
                turns.Call(item.Text("call_id") ?? "");
                prompt.AddJson(item);
                prompt.EndMessage(fromUser: false, fromModel: true);
                return null;
            case "function_call_output":
                if (!turns.TryAnswer(item.Text("call_id") ?? "")) return new($"No tool call found for function call output with call_id {item.Text("call_id")}.", "input");
                prompt.AddToolResult(item.Text("output") ?? string.Concat(item.Get("output").Items().Select(o => o.Text("text"))));
                return null;
            case "reasoning":
                prompt.AddJson(item);
                return item.Text("encrypted_content") is { } seal && !ThoughtSignature.IsOurs(seal)
                    ? new("The encrypted content could not be verified. Reason: Encrypted content could not be decrypted or parsed.", null, "invalid_encrypted_content") : null;
            case "message":
                return ReadMessage(item, prompt, at);
            default:
                return new($"Invalid value: '{item.Text("type")}'.", $"input[{at}]", "invalid_value");
        }
    }

    private static ChatProblem? ReadMessage(JsonElement message, PromptText prompt, int at)
    {
        prompt.Add(message.Text("content"));
        foreach (var part in message.Get("content").Items())
        {
            if (part.Text("text") is { } text) prompt.Add(text);
            else if (part.Text("type") != "input_image") prompt.AddJson(part);
            else if (part.Text("file_id") is not null || ImageCheck.IsImageAddress(part.Text("image_url"))) prompt.AddImage();
            else return new("The image data you provided does not represent a valid image.", $"input[{at}].content", "invalid_value");
        }

        prompt.EndMessage(message.Text("role") == "user", message.Text("role") == "assistant");
        return null;
    }
}
