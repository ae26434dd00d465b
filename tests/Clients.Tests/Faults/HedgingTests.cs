using Routing.Core.Usage;
using Routing.Simulator.Faults;

namespace Clients.Tests.Faults;

/// <summary>A provider that is not down but slow this once: another one answers beside it, long before its first-token limit.</summary>
public sealed class HedgingTests
{
    private const int Percent = 5;

    [Theory]
    [InlineData("openai", "anthropic", true)]
    [InlineData("openai", "anthropic", false)]
    [InlineData("anthropic", "bedrock-claude", true)]
    [InlineData("anthropic", "bedrock-claude", false)]
    [InlineData("bedrock-claude", "vertex-gemini", true)]
    [InlineData("vertex-gemini", "azure", true)]
    public async Task Silence_HedgedAfterTwentyCalls_IsServedByTheOtherAndTheFirstIsHungUp(string primary, string backup, bool stream)
    {
        await using var lab = await FaultLab.StartAsync(FaultRows.Of(primary, backup) with { HedgePercent = Percent });
        var (first, second) = (lab.Binding.Primary, lab.Binding.Backup!);
        var healthy = await lab.HealthyAsync(second, stream);
        for (var i = 0; i < 100 / Percent; i++) Assert.Equal((primary, 1), await ServedAsync(lab, stream));
        lab.Break(first, new FaultRule { Kind = FaultKind.Silence });

        var late = lab.Time.TimerDueInAsync(TimeSpan.FromMilliseconds(1), TimeSpan.FromMilliseconds(20));
        var asking = lab.AskAsync(stream);
        await late;
        lab.Time.Advance(TimeSpan.FromMilliseconds(20));
        var saw = await asking;

        Verdict.IsServedBy(second, healthy, saw, attempts: 2);
        var row = await lab.LedgerAsync(saw);
        Assert.Equal((RequestOutcome.Answered, backup), (row.Outcome, row.ServedBy));
        Assert.Equal([(AttemptCause.Primary, AttemptOutcome.Cancelled), (AttemptCause.Hedge, AttemptOutcome.Answered)], row.Attempts.Select(a => (a.Cause, a.Outcome)));
        Assert.Equal((100 / Percent) + 1, (await lab.SeenAsync(first, (100 / Percent) + 1)).Count); // Told of when its client is gone.
    }

    private static async Task<(string?, int)> ServedAsync(FaultLab lab, bool stream)
    {
        var saw = await lab.AskAsync(stream);
        return (saw.ServedBy, saw.Attempts);
    }
}
