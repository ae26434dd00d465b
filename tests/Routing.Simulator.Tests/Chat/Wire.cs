using System.Text.Json;
using System.Text.Json.Nodes;

namespace Routing.Simulator.Tests.Chat;

/// <summary>One question, as any wire may ask it.</summary>
internal sealed record Ask
{
    public required string Text { get; init; }
    public string Choice { get; init; } = "auto";
    public bool HasTools { get; init; } = true;
    public IReadOnlyList<Call> Called { get; init; } = [];
    public string? Result { get; init; }
    public string? ResultId { get; init; }
    public bool ResultTwice { get; init; }
    public bool Streamed { get; init; }
    public int MaxTokens { get; init; } = 900;

    /// <summary>Merged into the body as it is.</summary>
    public JsonObject? Extra { get; init; }

    public static Ask Of(string text) => new() { Text = text };
}

internal sealed record Call(string Id, string Name, JsonElement Arguments, int Pieces = 1);

internal sealed record Reply(string Text, IReadOnlyList<Call> Calls, string Stop);

/// <summary>The test's own spelling of every wire, from the vendors' documents; nothing of the simulator's codecs is used.</summary>
// Members of an answer are there, or the test fails where it reads them: that is what the "!" mean here.
internal static class Wire
{
    private const string Find = """{"type":"object","properties":{"limit":{"type":"integer","minimum":1},"kind":{"type":"string","enum":["city"]},"where":{"type":"string"}},"required":["limit"]}""";
    private const string Count = """{"type":"object","properties":{"of":{"type":"array","items":{"type":"string"},"minItems":2}}}""";

    private static readonly (string Name, string Schema)[] Tools = [("find", Find), ("count", Count)];

    public static HttpRequestMessage Request(string wire, Ask ask, string model = "m")
    {
        var body = wire switch { "bedrock" => Bedrock(ask), "vertex" => Gemini(ask), "anthropic" or "claude" => Anthropic(wire, ask, model), _ => OpenAI(ask, model) };
        foreach (var (name, value) in ask.Extra ?? []) body[name] = value?.DeepClone();
        var json = body.ToJsonString();
        return wire switch
        {
            "bedrock" => SimulatorFixture.Converse(model, json, ask.Streamed),
            "vertex" => SimulatorFixture.Gemini(model, json, ask.Streamed ? "streamGenerateContent" : "generateContent", ask.Streamed ? "?alt=sse" : ""),
            "azure" => SimulatorFixture.Azure(model, json),
            "anthropic" => SimulatorFixture.Anthropic(json),
            "claude" => SimulatorFixture.Claude(model, json, ask.Streamed ? "streamRawPredict" : "rawPredict"),
            _ => SimulatorFixture.OpenAI(json),
        };
    }

    public static Reply ReadWhole(string wire, JsonObject answer) => wire switch
    {
        "bedrock" => ReadBlocks(answer["output"]!["message"]!["content"]!.AsArray(), b => (string?)b["text"],
            b => b["toolUse"] is { } t ? new Call((string)t["toolUseId"]!, (string)t["name"]!, Element(t["input"]!)) : null, (string)answer["stopReason"]!),
        "vertex" => ReadBlocks(answer["candidates"]![0]!["content"]!["parts"]!.AsArray(), b => b["thought"] is null ? (string?)b["text"] : null,
            b => b["functionCall"] is { } t ? new Call($"{(string)t["name"]!}-{b.GetElementIndex()}", (string)t["name"]!, Element(t["args"]!)) : null, (string)answer["candidates"]![0]!["finishReason"]!),
        "anthropic" or "claude" => ReadBlocks(answer["content"]!.AsArray(), b => (string?)b["text"],
            b => (string?)b["type"] == "tool_use" ? new Call((string)b["id"]!, (string)b["name"]!, Element(b["input"]!)) : null, (string)answer["stop_reason"]!),
        _ => ReadChoice(answer["choices"]![0]!.AsObject()),
    };

    public static Reply ReadStream(string wire, byte[] body) => wire switch
    {
        "bedrock" => StreamReading.Bedrock(body),
        "vertex" => StreamReading.Gemini(body),
        "anthropic" or "claude" => StreamReading.Anthropic(body),
        _ => StreamReading.OpenAI(body),
    };

    /// <summary>The same few words for every wire's stop reasons.</summary>
    public static string StopWord(string stop, bool hasCalls) => stop switch
    {
        "stop" or "end_turn" or "stop_sequence" => "end",
        "STOP" => hasCalls ? "tools" : "end",
        "tool_calls" or "tool_use" => "tools",
        "length" or "max_tokens" or "MAX_TOKENS" => "length",
        _ => stop,
    };

    private static JsonElement Element(JsonNode node) => JsonDocument.Parse(node.ToJsonString()).RootElement;

    private static Reply ReadBlocks(JsonArray blocks, Func<JsonNode, string?> text, Func<JsonNode, Call?> call, string stop)
    {
        var calls = blocks.Select(b => call(b!)).OfType<Call>().ToList();
        return new(string.Concat(blocks.Select(b => text(b!))), calls, StopWord(stop, calls.Count > 0));
    }

    private static Reply ReadChoice(JsonObject choice)
    {
        var message = choice["message"]!;
        List<Call> calls = [.. (message["tool_calls"]?.AsArray() ?? []).Select(c => new Call((string)c!["id"]!, (string)c["function"]!["name"]!, JsonDocument.Parse((string)c["function"]!["arguments"]!).RootElement))];
        return new((string?)message["content"] ?? "", calls, StopWord((string)choice["finish_reason"]!, calls.Count > 0));
    }

    private static JsonObject OpenAI(Ask ask, string model)
    {
        var messages = new JsonArray(new JsonObject { ["role"] = "user", ["content"] = ask.Text });
        if (ask.Called.Count > 0)
            messages.Add(new JsonObject { ["role"] = "assistant", ["content"] = null, ["tool_calls"] = Array(ask.Called, c => new JsonObject { ["id"] = c.Id, ["type"] = "function", ["function"] = new JsonObject { ["name"] = c.Name, ["arguments"] = c.Arguments.GetRawText() } }) });
        foreach (var c in Results(ask)) messages.Add(new JsonObject { ["role"] = "tool", ["tool_call_id"] = ask.ResultId ?? c.Id, ["content"] = ask.Result });
        var body = new JsonObject { ["model"] = model, ["messages"] = messages, ["max_completion_tokens"] = ask.MaxTokens, ["stream"] = ask.Streamed };
        if (!ask.HasTools) return body;
        body["tools"] = Array(Tools, t => new JsonObject { ["type"] = "function", ["function"] = new JsonObject { ["name"] = t.Name, ["parameters"] = JsonNode.Parse(t.Schema) } });
        body["tool_choice"] = ask.Choice switch { "auto" => "auto", "none" => "none", "any" => "required", var name => new JsonObject { ["type"] = "function", ["function"] = new JsonObject { ["name"] = name } } };
        return body;
    }

    private static JsonObject Anthropic(string wire, Ask ask, string model)
    {
        var messages = new JsonArray(new JsonObject { ["role"] = "user", ["content"] = ask.Text });
        if (ask.Called.Count > 0)
            messages.Add(new JsonObject { ["role"] = "assistant", ["content"] = Array(ask.Called, c => new JsonObject { ["type"] = "tool_use", ["id"] = c.Id, ["name"] = c.Name, ["input"] = JsonNode.Parse(c.Arguments.GetRawText()) }) });
        if (ask.Result is not null)
            messages.Add(new JsonObject { ["role"] = "user", ["content"] = Array(Results(ask), c => new JsonObject { ["type"] = "tool_result", ["tool_use_id"] = ask.ResultId ?? c.Id, ["content"] = ask.Result }) });
        var body = new JsonObject { ["messages"] = messages, ["max_tokens"] = ask.MaxTokens, ["stream"] = ask.Streamed };
        if (wire == "claude") body["anthropic_version"] = "vertex-2023-10-16";
        else body["model"] = model;
        if (!ask.HasTools) return body;
        body["tools"] = Array(Tools, t => new JsonObject { ["name"] = t.Name, ["input_schema"] = JsonNode.Parse(t.Schema) });
        body["tool_choice"] = ask.Choice is "auto" or "none" or "any" ? new JsonObject { ["type"] = ask.Choice } : new JsonObject { ["type"] = "tool", ["name"] = ask.Choice };
        return body;
    }

    private static JsonObject Bedrock(Ask ask)
    {
        var messages = new JsonArray(new JsonObject { ["role"] = "user", ["content"] = new JsonArray(new JsonObject { ["text"] = ask.Text }) });
        if (ask.Called.Count > 0)
            messages.Add(new JsonObject { ["role"] = "assistant", ["content"] = Array(ask.Called, c => new JsonObject { ["toolUse"] = new JsonObject { ["toolUseId"] = c.Id, ["name"] = c.Name, ["input"] = JsonNode.Parse(c.Arguments.GetRawText()) } }) });
        if (ask.Called.Count > 0)
            messages.Add(new JsonObject { ["role"] = "user", ["content"] = ask.Result is null ? new JsonArray(new JsonObject { ["text"] = "And?" }) : Array(Results(ask), c => new JsonObject { ["toolResult"] = new JsonObject { ["toolUseId"] = ask.ResultId ?? c.Id, ["content"] = new JsonArray(new JsonObject { ["text"] = ask.Result }) } }) });
        var body = new JsonObject { ["messages"] = messages, ["inferenceConfig"] = new JsonObject { ["maxTokens"] = ask.MaxTokens } };

        // Bedrock has no choice "none": a request that wants no call brings no tools.
        if (!ask.HasTools || ask.Choice == "none") return body;
        body["toolConfig"] = new JsonObject
        {
            ["tools"] = Array(Tools, t => new JsonObject { ["toolSpec"] = new JsonObject { ["name"] = t.Name, ["inputSchema"] = new JsonObject { ["json"] = JsonNode.Parse(t.Schema) } } }),
            ["toolChoice"] = ask.Choice is "auto" or "any" ? new JsonObject { [ask.Choice] = new JsonObject() } : new JsonObject { ["tool"] = new JsonObject { ["name"] = ask.Choice } },
        };
        return body;
    }

    private static JsonObject Gemini(Ask ask)
    {
        var contents = new JsonArray(new JsonObject { ["role"] = "user", ["parts"] = new JsonArray(new JsonObject { ["text"] = ask.Text }) });
        if (ask.Called.Count > 0)
            contents.Add(new JsonObject { ["role"] = "model", ["parts"] = Array(ask.Called, c => new JsonObject { ["functionCall"] = new JsonObject { ["name"] = c.Name, ["args"] = JsonNode.Parse(c.Arguments.GetRawText()) } }) });
        if (ask.Called.Count > 0)
            contents.Add(new JsonObject { ["role"] = "user", ["parts"] = ask.Result is null ? new JsonArray(new JsonObject { ["text"] = "And?" }) : Array([.. Results(ask)], c => new JsonObject { ["functionResponse"] = new JsonObject { ["name"] = c.Name, ["response"] = new JsonObject { ["result"] = ask.Result } } }) });
        var body = new JsonObject { ["contents"] = contents, ["generationConfig"] = new JsonObject { ["maxOutputTokens"] = ask.MaxTokens } };
        if (!ask.HasTools) return body;
        body["tools"] = new JsonArray(new JsonObject { ["functionDeclarations"] = Array(Tools, t => new JsonObject { ["name"] = t.Name, ["parametersJsonSchema"] = JsonNode.Parse(t.Schema) }) });
        var calling = new JsonObject { ["mode"] = ask.Choice switch { "auto" => "AUTO", "none" => "NONE", _ => "ANY" } };
        if (ask.Choice is not ("auto" or "none" or "any")) calling["allowedFunctionNames"] = new JsonArray(ask.Choice);
        body["toolConfig"] = new JsonObject { ["functionCallingConfig"] = calling };
        return body;
    }

    private static IEnumerable<Call> Results(Ask ask) => ask.Result is null ? [] : ask.ResultTwice ? ask.Called.Concat(ask.Called) : ask.Called;

    private static JsonArray Array<T>(IEnumerable<T> from, Func<T, JsonObject> make) => [.. from.Select(f => (JsonNode)make(f))];
}
