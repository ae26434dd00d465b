using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Anthropic.Exceptions;
using Clients.Tests.Dialects;

namespace Clients.Tests;

[Collection(OneEdge.Name)]
public sealed class CountTokensTests(EdgeAndClouds edge)
{
    [Theory]
    [InlineData("anthropic")]
    [InlineData("vertex-claude")]
    [InlineData("vertex-gemini")]
    [InlineData("bedrock-claude")]
    public async Task Count_ByTheProvidersOwnCounter_AsTheAnswerSays(string feature)
    {
        var client = new MessagesDialect(edge);
        var before = edge.Clouds.Log.LastSeq;

        foreach (var ask in (Ask[])[new("How long is this?"), new("How long is this?") { WithTools = true, WithImage = true }])
            Assert.Equal(await client.CountAsync(feature, ask), (await client.AskAsync(feature, ask)).Input);

        Assert.All(edge.CallsAfter(before), c => Assert.Equal((Provider.Of(feature).Key, "completed"), ($"{c.Wire}/{c.Region}/{c.Model}", c.Outcome)));
    }

    // The profile is called by one name and counted by another, as Bedrock wants it.
    [Fact]
    public async Task Count_InferenceProfileOfBedrock_ByTheModelsOwnName()
    {
        var before = edge.Clouds.Log.LastSeq;

        var counted = await new MessagesDialect(edge).CountAsync("bedrock-profile", new Ask("How long is this?"));

        var call = Assert.Single(edge.CallsAfter(before));
        Assert.Equal(("anthropic.claude-sonnet-4-5-20250929-v1:0", counted), (call.Model, (long)call.InputTokens!)); // A count tells its tokens.
    }

    [Fact]
    public async Task Count_ToolMustBeCalled_CountedByGeminiToo()
    {
        var count = """{"model":"vertex-gemini","messages":[{"role":"user","content":"How long is this?"}],"tools":[{"name":"find","input_schema":{"type":"object"}}],"tool_choice":{"type":"any"}}""";
        using var body = new StringContent(count, Encoding.UTF8, "application/json");
        using var answer = await edge.Http.PostAsync(new Uri("v1/messages/count_tokens", UriKind.Relative), body);

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.True((await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("input_tokens").GetInt32() > 0);
    }

    [Theory]
    [InlineData("bedrock-nova")]
    [InlineData("azure")]
    [InlineData("openai")]
    public async Task Count_ProviderHasNoCounter_RefusedAndNotGuessed(string feature)
    {
        var before = edge.Clouds.Log.LastSeq;

        var refusal = await Assert.ThrowsAsync<AnthropicBadRequestException>(() => new MessagesDialect(edge).CountAsync(feature, new Ask("How long is this?")));

        Assert.Contains($"No candidate of feature '{feature}' can do 'token_counting': {feature} on ", refusal.Message, StringComparison.Ordinal);
        Assert.Empty(edge.CallsAfter(before));
    }
}
