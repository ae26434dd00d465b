using Routing.Core.Llm;
using Routing.Core.Usage;
using Routing.Simulator.Faults;
using TestKit;

namespace Clients.Tests.Faults;

/// <summary>Fault 16: what a call that failed over is said to have used and cost, to the caller and in the ledger.</summary>
public sealed class AccountingTests
{
    public static TheoryData<string, string, bool> Both() => FaultRows.Both();

    [Theory]
    [MemberData(nameof(Both))]
    public async Task FailedOver_LedgerCallerAndCloudAgreeAndTheRefusalIsFree(string primary, string backup, bool stream)
    {
        await using var lab = await FaultLab.StartAsync(FaultRows.Of(primary, backup));
        lab.Break(lab.Binding.Primary, new FaultRule { Kind = FaultKind.Overloaded });

        var saw = await lab.AskAsync(stream);
        var row = await lab.LedgerAsync(saw);

        Assert.Equal((FaultLab.Feature, backup, RequestOutcome.Answered, null), (row.Feature, row.ServedBy, row.Outcome, row.Failure));
        Assert.Equal([(1, primary, AttemptCause.Primary, AttemptOutcome.Failed), (2, backup, AttemptCause.Failover, AttemptOutcome.Answered)],
            row.Attempts.Select(a => (a.Number, a.ModelEndpoint, a.Cause, a.Outcome)));
        Assert.Equal((FailureKind.CapacityExhausted, 0L, 0L), (row.Attempts[0].Failure, row.Attempts[0].Usage.OutputTotal, row.Attempts[0].CostMicros));
        var (served, cloud) = (row.Attempts[1], Assert.Single(lab.Seen(lab.Binding.Backup!)));
        Assert.Equal(UsageSource.Reported, served.Usage.Source);
        Assert.Equal((cloud.InputTokens, cloud.OutputTokens), (saw.Input, saw.Output));
        Assert.Equal((saw.Input, saw.Output), (served.Usage.InputTotal, served.Usage.OutputTotal));
        Assert.Equal(FaultLab.Cost(saw.Input, saw.Output), served.CostMicros);
    }

    [Fact]
    public async Task GivenUp_WhileTheModelMayHaveWorked_IsBookedAsEstimated()
    {
        await using var lab = await FaultLab.StartAsync(FaultRows.Of("openai", "anthropic"));
        lab.Break(lab.Binding.Primary, new FaultRule { Kind = FaultKind.Silence });

        var asking = lab.AskAsync(stream: true);
        await Eventually.HoldsAsync(() => lab.Struck(lab.Binding.Primary) == 1);
        lab.Time.Advance(lab.Binding.FirstToken);
        var row = await lab.LedgerAsync(await asking);

        Assert.Equal([UsageSource.Estimated, UsageSource.Reported], row.Attempts.Select(a => a.Usage.Source));
        Assert.True(row.Attempts[0].Usage.InputTotal > 0 && row.Attempts[0].CostMicros > 0);
        Assert.Equal(0, row.Attempts[0].Usage.OutputTotal);
    }
}
