using System.Text.Json;
using Routing.Simulator.Answers;
using Routing.Simulator.Calls;

namespace Routing.Simulator.Vertex;

/// <summary>Reads a generateContent request; the sentence of a problem is what an INVALID_ARGUMENT carries.</summary>
internal static class GeminiReader
{
    public static ChatAsk? Read(JsonElement root, out string problem, out bool showsThoughts)
    {
        var prompt = new PromptText();
        foreach (var part in (root.Get("systemInstruction")?.Get("parts")).Items()) ReadPart(part, prompt);
        var turns = 0;
        foreach (var content in root.Get("contents").Items())
        {
            turns++;
            var role = content.Text("role") ?? "user";
            if (role is not ("user" or "model" or "function")) return Problem("Please use a valid role: user, model.", out problem, out showsThoughts);
            foreach (var part in content.Get("parts").Items()) ReadPart(part, prompt);
            prompt.EndMessage(role != "model");
        }

        if (turns == 0) return Problem("Unable to submit request because it must have a contents field with at least one content.", out problem, out showsThoughts);
        var generation = root.Get("generationConfig") ?? default;
        if (generation.Number("maxOutputTokens") is < 1)
            return Problem("Unable to submit request because it has a maxOutputTokens value below the supported range, which is from 1 to 65537.", out problem, out showsThoughts);

        foreach (var tool in root.Get("tools").Items()) prompt.AddJson(tool);
        var thinking = generation.Get("thinkingConfig") ?? default;
        (problem, showsThoughts) = ("", thinking.IsTrue("includeThoughts"));
        return new ChatAsk
        {
            LastUserText = prompt.LastUserText, InputTokens = prompt.Tokens, MaxTokens = generation.Number("maxOutputTokens"),
            StopSequences = generation.Get("stopSequences").Strings(), ForcedTool = ForcedTool(root),
            JsonAnswer = generation.Text("responseMimeType") == "application/json", ThoughtTokens = Thoughts(thinking),
        };
    }

    /// <summary>A budget of 0 switches thinking off, -1 leaves it to the model; any other is used to a third.</summary>
    private static int? Thoughts(JsonElement thinking) => thinking.Number("thinkingBudget") switch
    {
        null or < 0 => null,
        0 => 0,
        { } budget => Math.Max(1, budget / 3),
    };

    private static void ReadPart(JsonElement part, PromptText prompt)
    {
        if (part.Text("text") is { } text) prompt.Add(text);
        else prompt.AddJson(part);
    }

    private static string? ForcedTool(JsonElement root)
    {
        if (root.Get("toolConfig")?.Get("functionCallingConfig") is not { } calling || calling.Text("mode") != "ANY") return null;
        foreach (var name in calling.Get("allowedFunctionNames").Strings()) return name;
        foreach (var tool in root.Get("tools").Items())
            foreach (var declaration in tool.Get("functionDeclarations").Items())
                if (declaration.Text("name") is { } first) return first;
        return null;
    }

    private static ChatAsk? Problem(string sentence, out string problem, out bool showsThoughts)
    {
        (problem, showsThoughts) = (sentence, false);
        return null;
    }
}
