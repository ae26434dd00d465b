using System.Text.Json;

namespace Routing.Edge.Tests.Calls;

/// <summary>A call that a candidate of an earlier tier could not take: the answer says which field it was, a refusal which candidate.</summary>
public sealed class KeptFromTests
{
    private const string Claude = """{"id":"m1","type":"message","role":"assistant","content":[{"type":"text","text":"x"}],"stop_reason":"end_turn","usage":{"input_tokens":1,"output_tokens":1}}""";

    // The first tier is a model of another wire, which thinks with 1,024 tokens at least.
    private static Task<EdgeFixture> StartAsync() => EdgeFixture.StartAsync(yaml: y => y
        .Replace("model: claude-x", "model: claude-sonnet-4-5", StringComparison.Ordinal)
        .Replace("candidates: [ { modelEndpoint: first }, { modelEndpoint: second, tier: 2, role: backup } ]",
            "candidates: [ { modelEndpoint: third }, { modelEndpoint: second, tier: 2, role: backup } ]", StringComparison.Ordinal));

    [Theory]
    [InlineData(",\"temprature\":0.3", "'temprature' kept this call from third")]
    [InlineData(",\"t, \\u00e4\\n\":1", "'t????' kept this call from third")]
    [InlineData(",\"response_format\":{\"type\":\"json_object\"}", "'response_format.type' kept this call from third")]
    [InlineData(",\"reasoning_effort\":\"low\",\"max_completion_tokens\":50", "'max_completion_tokens' kept this call from third")]
    public async Task Answer_OfALaterTier_NamesTheFieldThatKeptTheCall(string member, string warning)
    {
        await using var edge = await StartAsync();
        edge.Provider.OnStatus("model-b", 200, ScriptedProvider.Whole);
        using var response = await edge.ChatAsync(EdgeFixture.Body(stream: false, member));

        Assert.Equal(("second", "1"), (response.Headers.GetValues("x-route-endpoint").Single(), response.Headers.GetValues("x-route-attempts").Single()));
        Assert.Equal(warning, response.Headers.GetValues("x-route-warnings").First());
    }

    [Fact]
    public async Task Answer_OfTheFirstTier_WarnsOfNothing()
    {
        await using var edge = await StartAsync();
        edge.Provider.OnStatus("claude-sonnet-4-5", 200, Claude);
        using var response = await edge.ChatAsync(EdgeFixture.Body(stream: false, ",\"temperature\":0.3"));
        Assert.Equal("third", response.Headers.GetValues("x-route-endpoint").Single());
        Assert.False(response.Headers.Contains("x-route-warnings"));
    }

    [Theory]
    [InlineData("/v1/chat/completions", """{"model":"translated","reasoning_effort":"low","max_completion_tokens":50,"messages":[{"role":"user","content":"hi"}]}""", "max_completion_tokens")]
    [InlineData("/v1/chat/completions", """{"model":"translated","reasoning_effort":"low","max_tokens":50,"messages":[{"role":"user","content":"hi"}]}""", "max_tokens")]
    [InlineData("/v1/responses", """{"model":"translated","reasoning":{"effort":"low"},"max_output_tokens":50,"input":"hi"}""", "max_output_tokens")]
    public async Task Refused_ByTheAdapterAlone_NamesFeatureCandidateAndTheCallersField(string path, string body, string param)
    {
        await using var edge = await StartAsync();
        using var response = await edge.PostAsync(path, body);

        using var json = JsonDocument.Parse(await response.Content.ReadAsStringAsync());
        var error = json.RootElement.GetProperty("error");
        Assert.Equal((400, "unsupported_capability", param), ((int)response.StatusCode, error.GetProperty("code").GetString(), error.GetProperty("param").GetString()));
        Assert.Equal("third on Anthropic cannot take this call of feature 'translated': This model thinks with at least 1024 tokens, and the limit is 50.", error.GetProperty("message").GetString());
        Assert.Equal("0", response.Headers.GetValues("x-route-attempts").Single());
        Assert.Empty(edge.Provider.Bodies);
    }

    [Fact]
    public async Task Explain_AdapterWouldRefuse_SaysWhatItWouldSay()
    {
        await using var edge = await StartAsync();
        const string Body = """{"model":"MODEL","reasoning_effort":"low","max_tokens":50,"messages":[{"role":"user","content":"hi"}]}""";
        using var chat = JsonDocument.Parse(await TextAsync(edge, Body.Replace("MODEL", "chat", StringComparison.Ordinal)));
        using var alone = JsonDocument.Parse(await TextAsync(edge, Body.Replace("MODEL", "translated", StringComparison.Ordinal)));

        Assert.Equal(["incapable", "eligible"], chat.RootElement.GetProperty("candidates").EnumerateArray().Select(c => c.GetProperty("verdict").GetString()), StringComparer.Ordinal);
        Assert.Equal("This model thinks with at least 1024 tokens, and the limit is 50.", chat.RootElement.GetProperty("candidates")[0].GetProperty("reason").GetString());
        Assert.Equal(JsonValueKind.Null, chat.RootElement.GetProperty("refusal").ValueKind);
        Assert.StartsWith("third on Anthropic cannot take this call of feature 'translated': ", alone.RootElement.GetProperty("refusal").GetString(), StringComparison.Ordinal);
    }

    private static async Task<string> TextAsync(EdgeFixture edge, string body)
    {
        using var response = await edge.PostAsync("/v1/routing/explain", body);
        return await response.Content.ReadAsStringAsync();
    }
}
