namespace EndToEnd.Tests;

/// <summary>What somebody sees who presses Ctrl+C.</summary>
public sealed class StopTests(RunningProduct product) : IClassFixture<RunningProduct>
{
    // Far below the half minute that a server waits for an answer which has no end.
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);

    [Fact]
    public async Task Interrupt_WithAnEdgeListening_EndsWithoutAComplaint()
    {
        await new FeatureClient(product, "thread-summary").AskAsync("hello");
        Assert.Equal(0, await product.InterruptAsync(Limit));
        Assert.DoesNotContain("Exception", product.Printed(), StringComparison.Ordinal);
        Assert.DoesNotContain("could not be", product.Printed(), StringComparison.Ordinal);
    }
}
