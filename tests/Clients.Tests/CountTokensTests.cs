using Clients.Tests.Dialects;

namespace Clients.Tests;

[Collection(OneEdge.Name)]
public sealed class CountTokensTests(EdgeAndClouds edge)
{
    [Theory]
    [InlineData("anthropic")]
    [InlineData("vertex-claude")]
    public async Task Count_ByTheProvidersOwnCounter_AsTheAnswerSays(string feature)
    {
        var client = new MessagesDialect(edge);

        var counted = await client.CountAsync(feature, "How long is this?");

        Assert.Equal((await client.AskAsync(feature, new Ask("How long is this?"))).Input, counted);
    }
}
