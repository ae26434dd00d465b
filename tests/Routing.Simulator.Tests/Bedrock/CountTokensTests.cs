using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Routing.Simulator.Faults;

namespace Routing.Simulator.Tests.Bedrock;

public sealed class CountTokensTests(SimulatorFixture simulator) : IClassFixture<SimulatorFixture>
{
    private const string Claude = "anthropic.claude-sonnet-4-5-20250929-v1:0";
    private const string Converse = """{"messages":[{"role":"user","content":[{"text":"Hello there"}]}]}""";
    private const string Body = $$$"""{"input":{"converse":{{{Converse}}}}}""";

    [Theory]
    [InlineData(Claude)]
    [InlineData($"arn:aws:bedrock:us-east-1::foundation-model/{Claude}")]
    public async Task CountTokens_Converse_LiteralAnswerAsInLog(string model)
    {
        using var request = SimulatorFixture.Bedrock(model, Body, "count-tokens");
        using var response = await simulator.Http.SendAsync(request);

        Assert.Equal("""{"inputTokens":5}""", await response.Content.ReadAsStringAsync());
        Assert.Equal("application/json", response.Content.Headers.ContentType?.MediaType);
        Assert.False(response.Headers.Contains("x-amzn-bedrock-input-token-count"));
        var call = simulator.Logged(response.Headers.GetValues("x-amzn-requestid").Single());
        Assert.Equal(("bedrock", "us-east-1", model, "completed", 5, 0, SimulatorFixture.KeyId), (call.Wire, call.Region, call.Model, call.Outcome, call.InputTokens, call.OutputTokens, call.Principal));
    }

    [Fact]
    public async Task CountTokens_SystemToolsAndExtraFields_AsManyAsTheAnswerSays()
    {
        const string Request = """{"system":[{"text":"Be brief."}],"messages":[{"role":"user","content":[{"text":"Hello there"}]}],"toolConfig":{"tools":[{"toolSpec":{"name":"find","inputSchema":{"json":{"type":"object"}}}}],"toolChoice":{"any":{}}},"additionalModelRequestFields":{"top_k":5}}""";
        using var converse = SimulatorFixture.Converse(Claude, Request);
        using var answer = await simulator.Http.SendAsync(converse);
        var usage = (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("usage");

        Assert.Equal($$$"""{"inputTokens":{{{usage.GetProperty("inputTokens").GetInt32()}}}}""", await CountAsync(Claude, $$$"""{"input":{"converse":{{{Request}}}}}"""));
    }

    [Fact]
    public async Task CountTokens_InvokeModel_CountsTheBodyInside()
    {
        var inside = Convert.ToBase64String("""{"anthropic_version":"bedrock-2023-05-31","max_tokens":4,"messages":[{"role":"user","content":"Hello there"}]}"""u8);

        Assert.Equal("""{"inputTokens":5}""", await CountAsync(Claude, $$$$"""{"input":{"invokeModel":{"body":"{{{{inside}}}}"}}}"""));
    }

    [Theory]
    [InlineData("us.anthropic.claude-sonnet-4-5-20250929-v1:0", Body, "The provided model doesn't support counting tokens.")]
    [InlineData("arn:aws:bedrock:us-east-1:123456789012:application-inference-profile/abc", Body, "The provided model doesn't support counting tokens.")]
    [InlineData("amazon.nova-lite-v1:0", Body, "The provided model doesn't support counting tokens.")]
    [InlineData(Claude, Converse, "Member must not be null")]
    [InlineData(Claude, """{"input":{"converse":{},"invokeModel":{"body":"e30="}}}""", "Exactly one member")]
    [InlineData(Claude, """{"input":{"converse":{"messages":[]}}}""", "Add at least one message")]
    [InlineData(Claude, """{"input":{"invokeModel":{"body":"not base64"}}}""", "Malformed input request")]
    [InlineData(Claude, """{"input":{"invokeModel":{"body":"bm90IGpzb24="}}}""", "Malformed input request")]
    [InlineData(Claude, """{"input":{"invokeModel":{"body":"e30="}}}""", "anthropic_version")]
    public async Task CountTokens_NotToBeCounted_ValidationException(string model, string body, string words)
    {
        using var request = SimulatorFixture.Bedrock(model, body, "count-tokens");
        using var response = await simulator.Http.SendAsync(request);

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.StartsWith("ValidationException:", response.Headers.GetValues("x-amzn-errortype").Single(), StringComparison.Ordinal);
        Assert.Contains(words, (await response.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("message").GetString(), StringComparison.Ordinal);
        Assert.Equal("refused", simulator.Logged(response.Headers.GetValues("x-amzn-requestid").Single()).Outcome);
    }

    [Fact]
    public async Task CountTokens_BodyChangedAfterSigning_Refused()
    {
        using var request = SimulatorFixture.Bedrock(Claude, Body, "count-tokens", signing => signing.SentBody = Body + " ");
        using var response = await simulator.Http.SendAsync(request);

        Assert.Equal(HttpStatusCode.Forbidden, response.StatusCode);
    }

    [Fact]
    public async Task CountTokens_Fault_StrikesAsItDoesAnyCall()
    {
        simulator.Host.Faults.Set("bedrock/*/anthropic.claude-throttled", new FaultRule { Kind = FaultKind.RateLimited });
        using var request = SimulatorFixture.Bedrock("anthropic.claude-throttled", Body, "count-tokens");
        using var response = await simulator.Http.SendAsync(request);

        Assert.Equal(HttpStatusCode.TooManyRequests, response.StatusCode);
        Assert.Equal("rate_limited", simulator.Logged(response.Headers.GetValues("x-amzn-requestid").Single()).Outcome);
    }

    private async Task<string> CountAsync(string model, string body)
    {
        using var request = SimulatorFixture.Bedrock(model, body, "count-tokens");
        using var response = await simulator.Http.SendAsync(request);
        return await response.Content.ReadAsStringAsync();
    }
}
