using System.Net;
using System.Net.Http.Json;
using System.Text.Json;

namespace Routing.Simulator.Tests.Bedrock;

public sealed class ConverseTests(SimulatorFixture simulator) : IClassFixture<SimulatorFixture>
{
    private const string Body = """{"messages":[{"role":"user","content":[{"text":"Hello there"}]}],"inferenceConfig":{"maxTokens":4}}""";

    [Fact]
    public async Task Converse_MaxTokens_LiteralShape()
    {
        using var request = SimulatorFixture.Converse("amazon.nova-lite-v1:0", Body);
        using var response = await simulator.Http.SendAsync(request);
        var answer = await response.Content.ReadFromJsonAsync<JsonElement>();

        Assert.Equal("application/json", response.Content.Headers.ContentType?.MediaType);
        Assert.Equal("max_tokens", answer.GetProperty("stopReason").GetString());
        Assert.Equal("assistant", answer.GetProperty("output").GetProperty("message").GetProperty("role").GetString());
        Assert.Equal("""{"cacheReadInputTokens":0,"cacheWriteInputTokens":0,"inputTokens":5,"outputTokens":4,"totalTokens":9}""", answer.GetProperty("usage").GetRawText());
        var call = simulator.Logged(response.Headers.GetValues("x-amzn-requestid").Single());
        Assert.Equal(("bedrock", "us-east-1", "amazon.nova-lite-v1:0", 5, 4), (call.Wire, call.Region, call.Model, call.InputTokens, call.OutputTokens));
    }

    [Theory]
    [InlineData("anthropic.claude-sonnet-4-5-20250929-v1:0", HttpStatusCode.OK)]
    [InlineData("anthropic.claude-opus-4-6-v1", HttpStatusCode.BadRequest)]
    [InlineData("amazon.nova-lite-v1:0", HttpStatusCode.BadRequest)]
    public async Task Converse_LastTurnOfTheAssistant_IsGoneOnWithByOlderClaudesOnly(string model, HttpStatusCode status)
    {
        using var request = SimulatorFixture.Converse(model, """{"messages":[{"role":"user","content":[{"text":"Hi"}]},{"role":"assistant","content":[{"text":"The answer is"}]}]}""");
        using var response = await simulator.Http.SendAsync(request);

        Assert.Equal(status, response.StatusCode);
    }

    [Theory]
    [InlineData("anthropic.claude-sonnet-4-5-20250929-v1:0", null)]
    [InlineData("us.amazon.nova-2-lite-v1:0", "This model doesn't support the outputConfig field. Remove outputConfig and try again.")]
    [InlineData("meta.llama3-3-70b-instruct-v1:0", "This model doesn't support the outputConfig field. Remove outputConfig and try again.")]
    public async Task Converse_Schema_RefusedByModelsWithoutStructuredOutput(string model, string? refusal)
    {
        using var request = SimulatorFixture.Converse(model, """{"messages":[{"role":"user","content":[{"text":"Hi"}]}],"outputConfig":{"textFormat":{"type":"json_schema","structure":{"jsonSchema":{"schema":"{\"type\":\"object\"}"}}}}}""");
        using var response = await simulator.Http.SendAsync(request);

        Assert.Equal(refusal is null ? HttpStatusCode.OK : HttpStatusCode.BadRequest, response.StatusCode);
        if (refusal is not null) Assert.Equal(refusal, (await response.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("message").GetString());
    }

    [Fact]
    public async Task ConverseStream_MaxTokens_EventsInOrder()
    {
        using var request = SimulatorFixture.Converse("amazon.nova-lite-v1:0", Body, stream: true);
        using var response = await simulator.Http.SendAsync(request);
        var frames = EventStreamReading.Read(await response.Content.ReadAsByteArrayAsync());

        Assert.Equal("application/vnd.amazon.eventstream", response.Content.Headers.ContentType?.MediaType);
        Assert.Equal("messageStart contentBlockDelta contentBlockDelta contentBlockDelta contentBlockDelta contentBlockStop messageStop metadata", string.Join(' ', frames.Select(f => f.Headers[":event-type"])));
        Assert.All(frames, frame => Assert.Equal(("event", "application/json"), (frame.Headers[":message-type"], frame.Headers[":content-type"])));
        Assert.Equal("max_tokens", frames[^2].Payload.GetProperty("stopReason").GetString());
        Assert.Equal(9, frames[^1].Payload.GetProperty("usage").GetProperty("totalTokens").GetInt32());
    }

    [Theory]
    [InlineData("low", 16)]
    [InlineData("medium", 64)]
    public async Task Converse_Nova2Reasons_CountedAndRedacted(string effort, int thoughts)
    {
        var body = Reasoning(effort, $$"""{"maxTokens":{{thoughts + 4}}}""");
        using var request = SimulatorFixture.Converse("us.amazon.nova-2-lite-v1:0", body);
        using var response = await simulator.Http.SendAsync(request);
        var answer = await response.Content.ReadFromJsonAsync<JsonElement>();
        using var streaming = SimulatorFixture.Converse("us.amazon.nova-2-lite-v1:0", body, stream: true);
        using var streamed = await simulator.Http.SendAsync(streaming);
        var frames = EventStreamReading.Read(await streamed.Content.ReadAsByteArrayAsync());

        Assert.Equal("""{"reasoningContent":{"reasoningText":{"text":"[REDACTED]"}}}""", answer.GetProperty("output").GetProperty("message").GetProperty("content")[0].GetRawText());
        Assert.Equal(thoughts + 4, answer.GetProperty("usage").GetProperty("outputTokens").GetInt32());
        Assert.Equal("""{"reasoningContent":{"text":"[REDACTED]"}}""", frames[1].Payload.GetProperty("delta").GetRawText());
        Assert.Equal("contentBlockStop", frames[2].Headers[":event-type"]);
        Assert.Equal(thoughts + 4, frames[^1].Payload.GetProperty("usage").GetProperty("outputTokens").GetInt32());
    }

    [Theory]
    [InlineData("us.amazon.nova-2-lite-v1:0", "high", """{"maxTokens":400}""", "cannot be used with a maxReasoningEffort of high")]
    [InlineData("us.amazon.nova-2-lite-v1:0", "utmost", "{}", "maxReasoningEffort")]
    [InlineData("amazon.nova-lite-v1:0", "low", "{}", "extraneous key [reasoningConfig]")]
    public async Task Converse_ReasoningTheModelDoesNotTake_ValidationException(string model, string effort, string limits, string words)
    {
        using var request = SimulatorFixture.Converse(model, Reasoning(effort, limits));
        using var response = await simulator.Http.SendAsync(request);

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Contains(words, (await response.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("message").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Converse_CachedPrompt_InputExcludesIt()
    {
        using var request = SimulatorFixture.Converse("cached", """{"messages":[{"role":"user","content":[{"text":"one two three four five"}]}]}""");
        using var response = await simulator.Http.SendAsync(request);
        var usage = (await response.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("usage");

        Assert.Equal((4, 4), (usage.GetProperty("inputTokens").GetInt32(), usage.GetProperty("cacheReadInputTokens").GetInt32()));
        Assert.Equal(8, simulator.Logged(response.Headers.GetValues("x-amzn-requestid").Single()).InputTokens);
    }

    [Theory]
    [InlineData("secret", "InvalidSignatureException", "The request signature we calculated")]
    [InlineData("region", "InvalidSignatureException", "Credential should be scoped to a valid region")]
    [InlineData("service", "InvalidSignatureException", "Credential should be scoped to correct service: 'bedrock'")]
    [InlineData("body", "InvalidSignatureException", "The request signature we calculated")]
    [InlineData("past", "InvalidSignatureException", "Signature expired")]
    [InlineData("future", "InvalidSignatureException", "Signature not yet current")]
    [InlineData("order", "InvalidSignatureException", "The request signature we calculated")]
    [InlineData("case", "InvalidSignatureException", "The request signature we calculated")]
    [InlineData("key", "UnrecognizedClientException", "The security token included in the request is invalid.")]
    public async Task Converse_OnePartWrong_RefusedByName(string part, string type, string message)
    {
        using var request = SimulatorFixture.Converse("amazon.nova-lite-v1:0", Body, change: signing =>
        {
            if (part == "secret") signing.Secret = "another";
            if (part == "region") signing.Region = "eu-central-1";
            if (part == "service") signing.Service = "bedrock-runtime";
            if (part == "body") signing.SentBody = Body.Replace("4", "5", StringComparison.Ordinal);
            if (part == "past") signing.At = signing.At.AddMinutes(-6);
            if (part == "future") signing.At = signing.At.AddMinutes(6);
            if (part == "order") signing.SignedHeaders = ["x-amz-date", "host"];
            if (part == "case") signing.SignedHeaders = ["host", "X-Amz-Date"];
            if (part == "key") signing.KeyId = "AKIANOBODY";
        });
        using var response = await simulator.Http.SendAsync(request);

        Assert.Equal(HttpStatusCode.Forbidden, response.StatusCode);
        Assert.StartsWith(type + ":", response.Headers.GetValues("x-amzn-errortype").Single(), StringComparison.Ordinal);
        Assert.StartsWith(message, (await response.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("message").GetString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", HttpStatusCode.Forbidden, "MissingAuthenticationTokenException")]
    [InlineData("AWS4-HMAC-SHA256 Credential=x", HttpStatusCode.BadRequest, "IncompleteSignatureException")]
    public async Task Converse_NoFullSignature_Refused(string authorization, HttpStatusCode status, string type)
    {
        using var request = SimulatorFixture.Converse("m", Body);
        request.Headers.Remove("Authorization");
        if (authorization.Length > 0) request.Headers.Add("Authorization", authorization);
        using var response = await simulator.Http.SendAsync(request);

        Assert.Equal(status, response.StatusCode);
        Assert.StartsWith(type, response.Headers.GetValues("x-amzn-errortype").Single(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("not json", "SerializationException")]
    [InlineData("""{"messages":[]}""", "ValidationException")]
    [InlineData("""{"messages":[{"role":"assistant","content":[{"text":"x"}]}]}""", "ValidationException")]
    [InlineData("""{"messages":[{"role":"user","content":[{"text":"x"}]}],"inferenceConfig":{"maxTokens":0}}""", "ValidationException")]
    [InlineData("""{"messages":[{"role":"user","content":[{"text":"x"}]},{"role":"assistant","content":[{"toolUse":{"toolUseId":"t","name":"f","input":{}}}]},{"role":"user","content":[{"toolResult":{"toolUseId":"t","content":[{"text":"y"}]}}]}]}""", "ValidationException")]
    public async Task Converse_BadBody_Refused(string body, string type)
    {
        using var request = SimulatorFixture.Converse("m", body);
        using var response = await simulator.Http.SendAsync(request);

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.StartsWith(type, response.Headers.GetValues("x-amzn-errortype").Single(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Converse_PromptBeyondContext_Refused()
    {
        using var request = SimulatorFixture.Converse("small-context", """{"messages":[{"role":"user","content":[{"text":"one two three"}]}]}""");
        using var response = await simulator.Http.SendAsync(request);

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Contains("Input is too long", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Converse_StopSequence_EndsBeforeIt()
    {
        using var whole = SimulatorFixture.Converse("m", """{"messages":[{"role":"user","content":[{"text":"stop here"}]}]}""");
        using var wholeResponse = await simulator.Http.SendAsync(whole);
        var text = Text(await wholeResponse.Content.ReadFromJsonAsync<JsonElement>());
        var word = text.Split(' ')[3];

        using var request = SimulatorFixture.Converse("m", JsonSerializer.Serialize(new
        {
            messages = new[] { new { role = "user", content = new[] { new { text = "stop here" } } } }, inferenceConfig = new { stopSequences = new[] { word } },
        }));
        using var response = await simulator.Http.SendAsync(request);
        var answer = await response.Content.ReadFromJsonAsync<JsonElement>();

        Assert.Equal("stop_sequence", answer.GetProperty("stopReason").GetString());
        Assert.Equal(text[..text.IndexOf(word, StringComparison.Ordinal)], Text(answer));
    }

    private static string Reasoning(string effort, string limits) =>
        $$$$"""{"messages":[{"role":"user","content":[{"text":"Hello there"}]}],"inferenceConfig":{{{{limits}}}},"additionalModelRequestFields":{"reasoningConfig":{"type":"enabled","maxReasoningEffort":"{{{{effort}}}}"}}}""";

    private static string Text(JsonElement answer) => answer.GetProperty("output").GetProperty("message").GetProperty("content")[0].GetProperty("text").GetString()!; // Answers have text.
}
