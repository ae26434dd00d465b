namespace Routing.Simulator.Tests;

public sealed class SimulatorOptionsTests
{
    [Theory]
    [InlineData("Simulator:Listen")]
    [InlineData("Simulator:Speed")]
    [InlineData("FirstTokenMs")]
    [InlineData("{wire}/{region}/{model}")]
    [InlineData("Simulator:OpenAI:Keys")]
    public async Task StartAsync_WrongSettings_NamesEach(string name)
    {
        var options = new SimulatorOptions
        {
            Listen = "https://127.0.0.1:0", Speed = -1, OpenAI = new OpenAICloud { Keys = ["same-key", "same-key"] },
            Models = [new ModelBehaviour { Key = "gpt-4.1", FirstTokenMs = -1 }],
        };
        var error = await Assert.ThrowsAsync<InvalidOperationException>(() => SimulatorHost.StartAsync(options, TimeProvider.System, CancellationToken.None));

        Assert.Contains(name, error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("same-key", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task StartAsync_HostThatIsAName_IsRefused()
    {
        var error = await Assert.ThrowsAsync<InvalidOperationException>(() =>
            SimulatorHost.StartAsync(new SimulatorOptions { Listen = "http://clouds.internal:0" }, TimeProvider.System, CancellationToken.None));

        Assert.Contains("clouds.internal", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void AcceptsNobody_SampleCredentials_OpenEveryWire()
    {
        var options = new SimulatorOptions();
        Assert.True(options.AcceptsNobody);
        options.UseSampleCredentials();

        Assert.False(options.AcceptsNobody);
        Assert.True(options.Aws.Keys.Count > 0 && options.Google.Tokens.Count > 0 && options.Azure.Keys.Count > 0 && options.OpenAI.Keys.Count > 0);
    }
}
