using Routing.Core.Health;
using Routing.Core.Llm;
using Routing.Core.Snapshots;
using static Routing.Core.Tests.Health.BreakerLab;
using TestKit;

namespace Routing.Core.Tests.Health;

public sealed class HealthBreakerTripTests
{
    [Fact]
    public void Return_FourOfTwentyFailed_StaysClosed()
    {
        // 20 % observed, but the interval begins at 8.1 %.
        var lab = new BreakerLab();
        for (var i = 0; i < 4; i++)
        {
            lab.Call(Ok(), 4);
            lab.Call(Bad());
        }
        Assert.Equal(BreakerState.Closed, lab.State);
        Assert.Empty(lab.Moves);
    }

    [Fact]
    public void Return_EightOfTwentyFailedWithoutARun_Opens()
    {
        var lab = new BreakerLab();
        for (var i = 0; i < 8; i++) { lab.Call(Ok()); lab.Call(Bad()); }
        Assert.Equal(BreakerState.Closed, lab.State);
        lab.Call(Ok(), 3);
        lab.Call(Bad());

        var move = Assert.Single(lab.Moves);
        Assert.Equal((BreakerState.Closed, BreakerState.Open, TransitionCause.FailureRatio), (move.From, move.To, move.Cause));
        Assert.Equal((9, 20, 25, 20, 0), (move.Failures, move.Samples, move.Observed, move.Limit, move.SharePercent));
        Assert.Equal($"Tripped: 9 of 20 calls failed (Wilson lower bound 25\u00A0%, limit 20\u00A0%). Next try at {move.Until!.Value:HH:mm:ss} UTC.", move.Sentence);
        Assert.False(lab.Health.TryAcquire(out _, out var rejection));
        Assert.Equal(FailureKind.CircuitOpen, rejection);
    }

    [Fact]
    public void Return_ThinTrafficFailsFiveTimesInARow_OpensBelowMinimumSamples()
    {
        var lab = new BreakerLab();
        for (var i = 0; i < 5; i++) { lab.Call(Bad(FailureKind.Transport)); lab.Time.Advance(20); }

        var move = Assert.Single(lab.Moves);
        Assert.Equal((TransitionCause.ConsecutiveFailures, 5, 5), (move.Cause, move.Observed, move.Limit));
        Assert.StartsWith("Tripped: 5 calls in a row failed, the last one with transport.", move.Sentence, StringComparison.Ordinal);
    }

    [Fact]
    public void Return_OneAnswerInARun_ResetsTheRun()
    {
        var lab = new BreakerLab();
        lab.Call(Bad(), 4);
        lab.Call(Ok());
        lab.Call(Bad(), 4);
        Assert.Equal(BreakerState.Closed, lab.State);
    }

    [Fact]
    public void Return_FailuresLeaveTheWindow_StaysClosed()
    {
        var lab = new BreakerLab();
        for (var i = 0; i < 9; i++) { lab.Call(Bad()); lab.Call(Ok()); }
        lab.Time.Advance(31);
        Assert.Equal((0, 0), (lab.View.Failed, lab.View.Answered));
        lab.Call(Ok(), 12);
        lab.Call(Bad(), 4);
        Assert.Equal(BreakerState.Closed, lab.State);
    }

    [Theory]
    [InlineData(FailureKind.InvalidRequest)]
    [InlineData(FailureKind.ContentBlocked)]
    [InlineData(FailureKind.ClientCancelled)]
    [InlineData(FailureKind.ContextTooLong)]
    [InlineData(FailureKind.ReservedExhausted)]
    [InlineData(FailureKind.RateLimited)]
    public void Return_KindThatSaysNothingAboutTheEndpoint_NeverTrips(FailureKind kind)
    {
        var lab = new BreakerLab();
        for (var i = 0; i < 200; i++)
        {
            lab.Call(Bad(kind));
            lab.Time.Advance(10);
        }
        Assert.Equal(BreakerState.Closed, lab.State);
        Assert.Equal(0, lab.View.Failed);
    }

    [Theory]
    [MemberData(nameof(CountedKinds))]
    public void Return_KindThatCounts_Trips(FailureKind kind)
    {
        var lab = new BreakerLab();
        lab.Call(Bad(kind), 5);
        Assert.Equal(BreakerState.Open, lab.State);
    }

    public static TheoryData<FailureKind> CountedKinds() =>
        [.. Enum.GetValues<FailureKind>().Where(k => FailureRules.Of(k).Health == HealthEffect.Failure)];

    [Fact]
    public void Return_FirstTokenTurnsSlow_GoesToATrickleAndKeepsIt()
    {
        var lab = new BreakerLab(BreakerPolicyConfig.Default with { FirstTokenP90Ms = 2_000 });
        for (var i = 0; i < 49; i++) lab.Call(Ok(firstTokenMs: i % 8 == 0 ? 3_000 : 400));
        Assert.Equal(BreakerState.Closed, lab.State);
        lab.Call(Ok(firstTokenMs: 3_000));

        var move = Assert.Single(lab.Moves);
        Assert.Equal((BreakerState.PartialOpen, TransitionCause.FirstTokenLatency, 1), (move.To, move.Cause, move.SharePercent));
        Assert.InRange(move.Observed, 2_900, 3_100);
        Assert.Equal((2_000, 50), (move.Limit, move.Samples));
        Assert.True(lab.TryCall(Ok(3_000)), "the trickle lets the first call through");
    }

    [Fact]
    public void Return_NobodyGetsAFirstToken_CountsTheWaitAsLatency()
    {
        // Survivorship: if only answered calls were measured, the p90 would stay perfect.
        var lab = new BreakerLab(BreakerPolicyConfig.Default with { FirstTokenP90Ms = 2_000, MinimumLatencySamples = 50 });
        lab.Call(Ok(300), 40);
        for (var i = 0; i < 10; i++) lab.Call(Bad(FailureKind.ClientCancelled, durationMs: 8_000));
        Assert.Equal(TransitionCause.FirstTokenLatency, Assert.Single(lab.Moves).Cause);
    }

    [Fact]
    public void Return_LongAnswersAreSlowButFastPerToken_StaysClosed()
    {
        var policy = BreakerPolicyConfig.Default with { DurationP90MsPer100Tokens = 3_000 };
        var lab = new BreakerLab(policy);
        lab.Call(Ok(durationMs: 40_000, tokens: 2_000), 60);
        Assert.Equal(BreakerState.Closed, lab.State);

        var slow = new BreakerLab(policy);
        slow.Call(Ok(durationMs: 40_000, tokens: 500), 50);
        Assert.Equal(TransitionCause.Duration, Assert.Single(slow.Moves).Cause);
    }

    [Fact]
    public void Return_ShortAnswers_AreNotBlownUpToAHundredTokens()
    {
        var lab = new BreakerLab(BreakerPolicyConfig.Default with { DurationP90MsPer100Tokens = 3_000 });
        lab.Call(Ok(durationMs: 800, tokens: 2), 60);
        Assert.Equal(BreakerState.Closed, lab.State);
    }

    [Fact]
    public void TryAcquire_Closed_AllocatesNothing()
    {
        var lab = new BreakerLab();
        Permit permit = default;
        Assert.Equal(0, Allocations.Least(() =>
        {
            for (var i = 0; i < 1_000; i++) lab.Health.TryAcquire(out permit, out _);
        }));
        Assert.Equal(BreakerState.Closed, permit.State);
    }
}
