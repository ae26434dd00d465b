using System.Text.Json;
using Routing.Simulator.Answers;
using Routing.Simulator.Calls;

namespace Routing.Simulator.Vertex;

/// <summary>Reads a generateContent request; the sentence of a problem is what an INVALID_ARGUMENT carries.</summary>
internal static class GeminiReader
{
    private const int MostCandidates = 8;

    // What Google documents for calls that its model did not make; neither is checked.
    private static readonly string[] Placeholders = ["skip_thought_signature_validator", "context_engineering_is_the_way_to_go"];

    public static ChatAsk? Read(JsonElement root, string model, out string problem)
    {
        var prompt = new PromptText();
        foreach (var part in (root.Get("systemInstruction")?.Get("parts")).Items()) prompt.Add(part.Text("text"));
        prompt.EndSystem();
        var generation = root.Get("generationConfig") ?? default;
        problem = ReadContents(root, prompt) ?? CheckSignatures(root, model) ?? Check(root, generation) ?? CheckFormat(root, generation, model) ?? "";
        if (problem.Length > 0) return null;

        foreach (var tool in root.Get("tools").Items()) prompt.AddJson(tool);
        var thinking = generation.Get("thinkingConfig") ?? default;
        return new ChatAsk
        {
            LastUserText = prompt.LastUserText, EndsWithModel = prompt.EndsWithModel, InputTokens = prompt.Tokens, MaxTokens = generation.Number("maxOutputTokens"),
            StopSequences = generation.Get("stopSequences").Strings(), Tools = Tools(root), ToolChoice = Choice(root), ToolResults = prompt.ToolResults,
            JsonAnswer = generation.Text("responseMimeType") == "application/json", JsonSchema = generation.Get("responseJsonSchema") ?? generation.Get("responseSchema"),
            ThoughtTokens = Thoughts(thinking), ShowsThoughts = thinking.IsTrue("includeThoughts"),
            SignsCalls = thinking.IsTrue("includeThoughts") || IsThird(model),
            Choices = generation.Number("candidateCount") ?? 1, Seed = generation.Number("seed"),
        };
    }

    private static string? ReadContents(JsonElement root, PromptText prompt)
    {
        var (turns, calls, role) = (0, 0, "");
        foreach (var content in root.Get("contents").Items())
        {
            turns++;
            role = content.Text("role") ?? "user";
            if (role is not ("user" or "model" or "function")) return "Please use a valid role: user, model.";
            var results = 0;
            foreach (var part in content.Get("parts").Items())
            {
                if (part.Get("functionResponse") is not null) results++;
                if (ReadPart(part, prompt) is { } wrong) return wrong;
            }

            if (role != "model" && calls != results) return "Please ensure that the number of function response parts is equal to the number of function call parts of the function call turn.";
            calls = role == "model" ? content.Get("parts").Items().Count(p => p.Get("functionCall") is not null) : 0;
            prompt.EndMessage(role != "model", role == "model");
        }

        return turns == 0 ? "Unable to submit request because it must have a contents field with at least one content." : null;
    }

    private static string? Check(JsonElement root, JsonElement generation)
    {
        if (generation.Number("maxOutputTokens") is < 1) return "Unable to submit request because it has a maxOutputTokens value below the supported range, which is from 1 to 65537.";
        if (generation.Number("candidateCount") is < 1 or > MostCandidates) return $"Unable to submit request because candidateCount must be 1 to {MostCandidates}.";
        var declared = Tools(root);
        var unknown = Calling(root).Get("allowedFunctionNames").Strings().FirstOrDefault(name => declared.All(t => t.Name != name));
        return unknown is null ? null : $"Unable to submit request because allowed_function_names has '{unknown}', which is not declared.";
    }

    /// <summary>From the third generation on, the first call of each step must be signed; only since the user last spoke, what was before is not checked.</summary>
    private static string? CheckSignatures(JsonElement root, string model)
    {
        if (!IsThird(model)) return null;
        var contents = root.Get("contents").Items().ToList();
        var spoken = contents.FindLastIndex(c => c.Text("role") != "model" && c.Get("parts").Items().Any(p => p.Get("functionResponse") is null));
        for (var at = spoken + 1; at < contents.Count; at++)
        {
            var first = contents[at].Get("parts").Items().FirstOrDefault(p => p.Get("functionCall") is not null);
            if (first.ValueKind == JsonValueKind.Undefined || first.Text("thoughtSignature") is not null) continue;
            return $"Unable to submit request because function call `{first.Get("functionCall")?.Text("name")}` in the {at + 1}. content block is missing a `thought_signature`.";
        }

        return null;
    }

    private static bool IsThird(string model) => model.StartsWith("gemini-", StringComparison.Ordinal) && !IsOlder(model);

    private static bool IsOlder(string model) => model.StartsWith("gemini-1", StringComparison.Ordinal) || model.StartsWith("gemini-2", StringComparison.Ordinal);

    // Since the third generation both may be asked for at once.
    private static string? CheckFormat(JsonElement root, JsonElement generation, string model)
    {
        return IsOlder(model) && Tools(root).Count > 0 && generation.Text("responseMimeType") == "application/json"
            ? "Function calling with a response mime type: 'application/json' is unsupported" : null;
    }

    private static string? ReadPart(JsonElement part, PromptText prompt)
    {
        if (part.Text("thoughtSignature") is { } signature && !ThoughtSignature.IsOurs(signature) && !Placeholders.Contains(signature, StringComparer.Ordinal)) return "Unable to submit request because Thought signature is not valid.";
        if (part.Text("text") is { } text) prompt.Add(part.IsTrue("thought") ? null : text);
        else if (part.Get("functionResponse") is { } response) prompt.AddToolResult(ResultText(response.Get("response") ?? default));
        else if (part.Get("inlineData") is { } inline) return ReadInline(inline, prompt);
        else if (part.Get("fileData") is not null) prompt.AddImage();
        else prompt.AddJson(part);
        return null;
    }

    // By custom a function says its result under one of these names; anything else is the result itself.
    private static string ResultText(JsonElement response) => (response.Get("output") ?? response.Get("result") ?? response).AsText();

    private static string? ReadInline(JsonElement inline, PromptText prompt)
    {
        prompt.AddImage();
        var isImage = inline.Text("mimeType")?.StartsWith("image/", StringComparison.Ordinal) == true;
        return !isImage || ImageCheck.IsImage(inline.Text("data")) ? null : "Unable to process input image. Please retry or report in a bug.";
    }

    /// <summary>A budget of 0 switches thinking off, -1 leaves it to the model; any other is used to a third. Newer models take a level.</summary>
    private static int? Thoughts(JsonElement thinking) => thinking.Number("thinkingBudget") switch
    {
        0 => 0,
        > 0 and { } budget => Math.Max(1, budget / 3),
        _ => thinking.Text("thinkingLevel")?.ToUpperInvariant() switch { "MINIMAL" => 4, "LOW" => 16, "MEDIUM" => 64, "HIGH" => 256, _ => null },
    };

    private static IReadOnlyList<ToolSpec> Tools(JsonElement root) =>
    [
        .. root.Get("tools").Items().SelectMany(t => t.Get("functionDeclarations").Items())
            .Select(d => new ToolSpec(d.Text("name") ?? "", d.Get("parametersJsonSchema") ?? d.Get("parameters"))),
    ];

    private static ToolChoice Choice(JsonElement root)
    {
        var calling = Calling(root);
        return calling.Text("mode") switch
        {
            "NONE" => new(ToolChoiceKind.None),
            "ANY" => calling.Get("allowedFunctionNames").Strings() is [var name, ..] ? new(ToolChoiceKind.Named, name) : new(ToolChoiceKind.Any),
            _ => ToolChoice.Auto,
        };
    }

    private static JsonElement Calling(JsonElement root) => root.Get("toolConfig")?.Get("functionCallingConfig") ?? default;
}
