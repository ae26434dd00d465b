namespace EndToEnd.Tests;

public sealed class FailoverTests(RunningProduct product) : IClassFixture<RunningProduct>
{
    private const string BrokenCloud = "bedrock/us-east-1/*";
    private const int Calls = 40;

    [Fact]
    public async Task Chat_PrimaryCloudFails_EveryCallIsAnsweredByAnother()
    {
        var client = new FeatureClient(product, "thread-summary");
        await product.Clouds.BreakAsync(BrokenCloud, new { kind = "internal", rate = 1 });
        var served = new List<string>();
        for (var i = 0; i < Calls; i++) served.Add((await client.AskAsync($"Summarise message {i}.")).Endpoint);
        await product.Clouds.MendAsync(BrokenCloud);

        Assert.Equal(Calls, served.Count);
        Assert.All(served, e => Assert.True(e.StartsWith("vertex-", StringComparison.Ordinal) || e.StartsWith("azure-", StringComparison.Ordinal), e));
    }
}
