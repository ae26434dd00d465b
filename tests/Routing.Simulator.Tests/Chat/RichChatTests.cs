using System.Text.Json;
using System.Text.Json.Nodes;
using Routing.Simulator.Faults;

namespace Routing.Simulator.Tests.Chat;

/// <summary>What a chat request can ask for besides text and tools.</summary>
// Members of an answer are there, or the test fails where it reads them: that is what the "!" mean here.
public sealed class RichChatTests(SimulatorFixture simulator) : IClassFixture<SimulatorFixture>
{
    private const string Schema = """{"type":"object","properties":{"total":{"type":"integer","minimum":2},"label":{"type":"string","enum":["paid","open"]}},"required":["total","label"]}""";
    private const string Png = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";

    public static TheoryData<string> Wires => ["openai", "azure", "bedrock", "vertex", "anthropic", "claude"];

    [Theory, MemberData(nameof(Wires))]
    public async Task JsonSchema_AnyWire_AnswerSatisfiesIt(string wire)
    {
        var extra = wire switch
        {
            "bedrock" => new JsonObject { ["outputConfig"] = new JsonObject { ["textFormat"] = new JsonObject { ["type"] = "json_schema", ["structure"] = new JsonObject { ["jsonSchema"] = new JsonObject { ["name"] = "bill", ["schema"] = Schema } } } } },
            "vertex" => new JsonObject { ["generationConfig"] = new JsonObject { ["responseMimeType"] = "application/json", ["responseJsonSchema"] = JsonNode.Parse(Schema) } },
            "anthropic" or "claude" => new JsonObject { ["output_config"] = new JsonObject { ["format"] = new JsonObject { ["type"] = "json_schema", ["schema"] = JsonNode.Parse(Schema) } } },
            _ => new JsonObject { ["response_format"] = new JsonObject { ["type"] = "json_schema", ["json_schema"] = new JsonObject { ["name"] = "bill", ["strict"] = true, ["schema"] = JsonNode.Parse(Schema) } } },
        };
        var value = JsonDocument.Parse((await AskAsync(wire, Plain("The bill?") with { Extra = extra })).Text).RootElement;

        Assert.True(value.GetProperty("total").GetInt32() >= 2);
        Assert.True(value.GetProperty("label").GetString() is "paid" or "open");
    }

    [Theory, MemberData(nameof(Wires))]
    public async Task Image_AnyWire_CountedAsAFewHundredTokens(string wire)
    {
        Assert.Equal(258 + 3, await InputTokensAsync(wire, ImageExtra(wire, Png)));
    }

    [Theory, MemberData(nameof(Wires))]
    public async Task Image_BytesThatAreNone_Refused(string wire)
    {
        using var request = Wire.Request(wire, Plain("x") with { Extra = ImageExtra(wire, Convert.ToBase64String("no image at all"u8)) });
        using var response = await simulator.Http.SendAsync(request);

        Assert.Equal(400, (int)response.StatusCode);
    }

    [Theory]
    [InlineData("openai", """{"n":3}""")]
    [InlineData("vertex", """{"generationConfig":{"candidateCount":3}}""")]
    public async Task SeveralChoices_WholeAndStreamed_SameThreeTexts(string wire, string extra)
    {
        var whole = await BodyAsync(wire, Plain("Three ways, please.") with { Extra = JsonNode.Parse(extra)!.AsObject() });
        var texts = wire == "openai" ? whole["choices"]!.AsArray().Select(c => (string)c!["message"]!["content"]!).ToList()
            : whole["candidates"]!.AsArray().Select(c => (string)c!["content"]!["parts"]![0]!["text"]!).ToList();
        var streamed = await StreamAsync(wire, Plain("Three ways, please.") with { Extra = JsonNode.Parse(extra)!.AsObject(), Streamed = true });
        var parts = new string[3];
        foreach (var choice in streamed.Select(e => JsonNode.Parse(e.Data)!).SelectMany(c => (c["choices"] ?? c["candidates"])?.AsArray() ?? []))
            parts[(int?)choice!["index"] ?? 0] += (string?)choice["delta"]?["content"] ?? (string?)choice["content"]?["parts"]?[0]?["text"];

        Assert.Equal(3, texts.Distinct(StringComparer.Ordinal).Count());
        Assert.Equal(string.Join('|', texts), string.Join('|', parts));
    }

    [Fact]
    public async Task LogProbs_WholeAndStreamed_OnePerTokenWithAlternatives()
    {
        var extra = new JsonObject { ["logprobs"] = true, ["top_logprobs"] = 2 };
        var whole = (await BodyAsync("openai", Plain("Sure?") with { Extra = extra }))["choices"]![0]!["logprobs"]!["content"]!.AsArray();
        var streamed = (await StreamAsync("openai", Plain("Sure?") with { Extra = extra, Streamed = true }))
            .Select(e => JsonNode.Parse(e.Data)!["choices"]?.AsArray()).Where(c => c?.Count > 0).SelectMany(c => c![0]!["logprobs"]?["content"]?.AsArray() ?? []);

        Assert.Equal(string.Join('|', whole.Select(t => t!.ToJsonString())), string.Join('|', streamed.Select(t => t!.ToJsonString())));
        Assert.All(whole, token => Assert.Equal((2, true), (token!["top_logprobs"]!.AsArray().Count, (double)token["logprob"]! <= 0)));
    }

    [Theory]
    [InlineData("openai", "seed")]
    [InlineData("vertex", "generationConfig.seed")]
    public async Task Seed_SameOrAnother_SameOrAnotherText(string wire, string path)
    {
        async Task<string> WithSeed(int seed) => (await AskAsync(wire, Plain("Roll.") with { Extra = path == "seed" ? new JsonObject { ["seed"] = seed } : new JsonObject { ["generationConfig"] = new JsonObject { ["seed"] = seed } } })).Text;

        Assert.Equal(await WithSeed(1), await WithSeed(1));
        Assert.False(string.Equals(await WithSeed(1), await WithSeed(2), StringComparison.Ordinal));
    }

    [Fact]
    public async Task Reasoning_OpenAIEffort_CountedAndHidden()
    {
        var answer = await BodyAsync("openai", Plain("Think.") with { Extra = new JsonObject { ["reasoning_effort"] = "low" } });

        Assert.Equal(16, (int)answer["usage"]!["completion_tokens_details"]!["reasoning_tokens"]!);
        Assert.Null(answer["choices"]![0]!["message"]!["reasoning_content"]);
    }

    [Fact]
    public async Task Reasoning_CompatibleHost_TellsItApart()
    {
        var whole = (await BodyAsync("openai", Plain("Think."), "telling"))["choices"]![0]!["message"]!;
        var deltas = (await StreamAsync("openai", Plain("Think.") with { Streamed = true }, "telling")).Where(e => e.Data != "[DONE]")
            .Select(e => JsonNode.Parse(e.Data)!["choices"]!.AsArray()).Where(c => c.Count > 0).Select(c => c[0]!["delta"]!).ToList();

        Assert.NotEmpty((string)whole["reasoning_content"]!);
        Assert.Equal((string)whole["reasoning_content"]!, string.Concat(deltas.Select(d => (string?)d["reasoning_content"])));
        Assert.Equal((string)whole["content"]!, string.Concat(deltas.Select(d => (string?)d["content"])));
    }

    [Fact]
    public async Task Reasoning_Bedrock_SignedBlockThatComesBackUnchangedOnly()
    {
        var extra = new JsonObject { ["additionalModelRequestFields"] = new JsonObject { ["thinking"] = new JsonObject { ["type"] = "enabled", ["budget_tokens"] = 1024 } } };
        var content = (await BodyAsync("bedrock", Plain("Think.") with { Extra = extra, MaxTokens = 2000 }))["output"]!["message"]!["content"]!.AsArray();
        var thought = content[0]!["reasoningContent"]!["reasoningText"]!;
        Assert.NotEmpty((string)thought["text"]!);

        foreach (var (change, status) in new[] { ("", 200), ("!", 400) })
        {
            var back = content.DeepClone().AsArray();
            back[0]!["reasoningContent"]!["reasoningText"]!["text"] = (string)thought["text"]! + change;
            var messages = new JsonArray(User("Think."), new JsonObject { ["role"] = "assistant", ["content"] = back }, User("And?"));
            using var request = SimulatorFixture.Converse("m", new JsonObject { ["messages"] = messages }.ToJsonString());
            using var response = await simulator.Http.SendAsync(request);
            Assert.Equal(status, (int)response.StatusCode);
        }
    }

    [Fact]
    public async Task Reasoning_Gemini_ThoughtPartsAndASignatureItKnowsAgain()
    {
        var extra = new JsonObject { ["generationConfig"] = new JsonObject { ["thinkingConfig"] = new JsonObject { ["includeThoughts"] = true, ["thinkingBudget"] = 30 } } };
        var ask = Ask.Of("Where is it?") with { Extra = extra };
        var parts = (await BodyAsync("vertex", ask))["candidates"]![0]!["content"]!["parts"]!.AsArray();

        Assert.True((bool)parts[0]!["thought"]!);
        Assert.NotEmpty((string)parts[1]!["thoughtSignature"]!);
        parts[1]!["thoughtSignature"] = "bm90IG91cnM=";
        var contents = new JsonArray(new JsonObject { ["role"] = "model", ["parts"] = parts.DeepClone() });
        using var request = SimulatorFixture.Gemini("m", new JsonObject { ["contents"] = contents }.ToJsonString());
        using var response = await simulator.Http.SendAsync(request);
        Assert.Equal(400, (int)response.StatusCode);
    }

    [Theory]
    [InlineData("openai", """{"service_tier":"flex"}""", "\"service_tier\":\"flex\"")]
    [InlineData("openai", """{"service_tier":"priority"}""", "\"service_tier\":\"priority\"")]
    [InlineData("bedrock", """{"serviceTier":{"type":"flex"}}""", "\"serviceTier\":{\"type\":\"flex\"}")]
    [InlineData("anthropic", "{}", "\"service_tier\":\"standard\"")]
    public async Task ServiceTier_Asked_IsTold(string wire, string extra, string told) =>
        Assert.Contains(told, (await BodyAsync(wire, Plain("Hi") with { Extra = JsonNode.Parse(extra)!.AsObject() })).ToJsonString(), StringComparison.Ordinal);

    [Fact]
    public async Task Spill_ReservedFullAndTargetNamed_ServedAndMarked()
    {
        simulator.Host.Faults.Set("azure/*/ptu", new FaultRule { Kind = FaultKind.ReservedExhausted });
        using var request = Wire.Request("azure", Plain("Hi"), "ptu");
        request.Headers.Add("x-ms-spillover-deployment", "paygo");
        using var response = await simulator.Http.SendAsync(request);

        Assert.Equal(200, (int)response.StatusCode);
        Assert.Equal("ptu paygo 429", string.Join(' ', ((string[])["x-ms-spillover-from-deployment", "x-ms-deployment-name", "x-ms-spillover-error"]).Select(h => response.Headers.GetValues(h).Single())));
    }

    [Fact]
    public async Task Spill_VertexFault_TrafficTypeSaysOnDemand()
    {
        simulator.Host.Faults.Set("vertex/*/spilling", new FaultRule { Kind = FaultKind.Spilled });
        using var request = Wire.Request("vertex", Plain("Hi"), "spilling");
        request.Headers.Add("x-vertex-ai-llm-request-type", "dedicated");
        using var response = await simulator.Http.SendAsync(request);

        Assert.Contains("\"trafficType\":\"ON_DEMAND\"", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    private static Ask Plain(string text) => Ask.Of(text) with { HasTools = false };

    private static JsonObject User(string text) => new() { ["role"] = "user", ["content"] = new JsonArray(new JsonObject { ["text"] = text }) };

    private static JsonObject ImageExtra(string wire, string data) => wire switch
    {
        "bedrock" => Messages(new JsonObject { ["image"] = new JsonObject { ["format"] = "png", ["source"] = new JsonObject { ["bytes"] = data } } }),
        "vertex" => new JsonObject { ["contents"] = new JsonArray(new JsonObject { ["role"] = "user", ["parts"] = new JsonArray(new JsonObject { ["inlineData"] = new JsonObject { ["mimeType"] = "image/png", ["data"] = data } }) }) },
        "anthropic" or "claude" => Messages(new JsonObject { ["type"] = "image", ["source"] = new JsonObject { ["type"] = "base64", ["media_type"] = "image/png", ["data"] = data } }),
        _ => Messages(new JsonObject { ["type"] = "image_url", ["image_url"] = new JsonObject { ["url"] = $"data:image/png;base64,{data}" } }),
    };

    private static JsonObject Messages(JsonObject part) => new() { ["messages"] = new JsonArray(new JsonObject { ["role"] = "user", ["content"] = new JsonArray(part) }) };

    private async Task<int> InputTokensAsync(string wire, JsonObject extra)
    {
        var before = simulator.Host.Log.LastSeq;
        await BodyAsync(wire, Plain("x") with { Extra = extra }, $"image-{wire}");
        return simulator.Host.Log.After(before).Single(c => c.Model == $"image-{wire}").InputTokens ?? 0;
    }

    private async Task<Reply> AskAsync(string wire, Ask ask) => Wire.ReadWhole(wire, await BodyAsync(wire, ask));

    private async Task<JsonObject> BodyAsync(string wire, Ask ask, string model = "m")
    {
        using var request = Wire.Request(wire, ask, model);
        using var response = await simulator.Http.SendAsync(request);
        var text = await response.Content.ReadAsStringAsync();
        Assert.True(response.IsSuccessStatusCode, text);
        return JsonNode.Parse(text)!.AsObject(); // An answer is an object.
    }

    private async Task<List<(string? Name, string Data)>> StreamAsync(string wire, Ask ask, string model = "m")
    {
        using var request = Wire.Request(wire, ask, model);
        using var response = await simulator.Http.SendAsync(request);
        return [.. StreamReading.Events(await response.Content.ReadAsByteArrayAsync()).Where(e => e.Data != "[DONE]")];
    }
}
