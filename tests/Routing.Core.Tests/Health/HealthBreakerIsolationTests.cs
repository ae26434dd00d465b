using Routing.Core.Health;
using Routing.Core.Llm;
using Routing.Core.Snapshots;
using static Routing.Core.Tests.Health.BreakerLab;

namespace Routing.Core.Tests.Health;

public sealed class HealthBreakerIsolationTests
{
    [Theory]
    [InlineData(FailureKind.Unauthenticated)]
    [InlineData(FailureKind.PermissionDenied)]
    [InlineData(FailureKind.ModelNotFound)]
    [InlineData(FailureKind.SpendLimit)]
    public void Return_ConfigFault_IsolatesAtOnce(FailureKind kind)
    {
        var lab = new BreakerLab();
        lab.Call(Ok(), 100);
        lab.Call(Bad(kind));
        Assert.Equal(BreakerState.Isolated, lab.State);
        Assert.False(lab.Health.TryAcquireFailOpen(out _));
        Assert.StartsWith("Out of service: ", Assert.Single(lab.Moves).Sentence, StringComparison.Ordinal);
    }

    [Fact]
    public void Return_IdentityFault_IsolatesAndLeavesTheModelsRecordClean()
    {
        var lab = new BreakerLab();
        lab.Call(Ok(), 100);
        lab.Call(Bad(FailureKind.CredentialExchangeFailed));
        var view = lab.Health.View();
        Assert.Equal((BreakerState.Isolated, FailureKind.CredentialExchangeFailed, 100, 0), (view.State, view.Fault, view.Answered, view.Failed));
        Assert.StartsWith("Identity fault: no credential could be obtained, so the model was not asked.", view.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void IdentityRestored_AfterAnIdentityFault_LetsTrafficBackAtOnceStepByStep()
    {
        var lab = new BreakerLab();
        for (var i = 0; i < 3; i++)
        {
            lab.Call(Bad(FailureKind.CredentialExchangeFailed));
            Assert.Equal(30, lab.Health.Wait.TotalSeconds);
            lab.Health.IdentityRestored();
            Assert.Equal((BreakerState.PartialOpen, TransitionCause.IdentityRestored, (FailureKind?)null), (lab.State, lab.Moves[^1].Cause, lab.Health.View().Fault));
            lab.Time.Advance(2); // The first step lets a call through now and then.
        }
        lab.Recover();
        Assert.Equal(BreakerState.Closed, lab.State);
    }

    [Theory]
    [InlineData(FailureKind.Unauthenticated)]
    [InlineData(FailureKind.PermissionDenied)]
    public void IdentityRestored_AnotherFault_ChangesNothing(FailureKind kind)
    {
        var lab = new BreakerLab();
        lab.Call(Bad(kind));
        lab.Health.IdentityRestored();
        Assert.Equal((BreakerState.Isolated, kind), (lab.State, lab.Health.View().Fault));
    }

    [Fact]
    public void IdentityRestored_IsolatedByAnOperator_ChangesNothing()
    {
        var lab = new BreakerLab();
        lab.Call(Bad(FailureKind.CredentialExchangeFailed));
        lab.Health.Isolate(lab.Time.GetUtcNow().AddMinutes(30), "drill", "ana");
        lab.Health.IdentityRestored();
        Assert.Equal((BreakerState.Isolated, (FailureKind?)null), (lab.State, lab.Health.View().Fault));
    }

    [Fact]
    public void Return_CredentialStaysBroken_RetriesLessAndLessOften()
    {
        var lab = new BreakerLab();
        var waits = new List<double>();
        for (var i = 0; i < 6; i++)
        {
            lab.Call(Bad(FailureKind.Unauthenticated));
            waits.Add(lab.Health.Wait.TotalSeconds);
            lab.WaitForRamp();
        }
        Assert.Equal([30, 60, 120, 240, 300, 300], waits);
    }

    [Fact]
    public void Return_CredentialFixed_RecoversByItselfStepByStep()
    {
        var lab = new BreakerLab();
        lab.Call(Bad(FailureKind.Unauthenticated));
        lab.WaitForRamp();
        lab.Recover();
        Assert.Equal(7, lab.Moves.Count(m => m.Cause is TransitionCause.Widened or TransitionCause.Recovered));
        lab.Call(Bad(FailureKind.Unauthenticated));
        Assert.Equal(30, lab.Health.Wait.TotalSeconds);
    }

    [Fact]
    public void Isolate_ByAnOperator_HoldsUntilItsMomentWhateverHappens()
    {
        var lab = new BreakerLab();
        var underWay = lab.Acquire();
        var until = lab.Time.GetUtcNow().AddMinutes(30);
        lab.Health.Isolate(until, "drill", "ana");
        lab.Health.Return(underWay, Ok());

        var move = Assert.Single(lab.Moves);
        Assert.Equal((BreakerState.Isolated, TransitionCause.Isolated, until), (move.To, move.Cause, move.Until));
        Assert.Equal("Isolated by ana until 14:30:00 UTC: drill", move.Sentence);
        for (var i = 0; i < 29; i++)
        {
            Assert.False(lab.TryCall(Ok()));
            Assert.False(lab.Health.TryAcquireFailOpen(out _));
            lab.Time.Advance(60);
            Assert.Equal(BreakerState.Isolated, lab.State);
        }
        lab.Time.Advance(60);
        Assert.Equal((BreakerState.PartialOpen, 0), (lab.State, lab.View.Stage));
        Assert.Equal(TransitionCause.Released, lab.Moves[^1].Cause);
    }

    [Fact]
    public void Isolate_WallClockStepsForward_HoldsForTheSameTime()
    {
        var lab = new BreakerLab();
        lab.Health.Isolate(lab.Time.GetUtcNow().AddMinutes(30), "drill", "ana");
        lab.Time.StepWallClock(TimeSpan.FromHours(1));
        lab.Time.Advance(60 * 29);
        Assert.Equal(BreakerState.Isolated, lab.State);
    }

    [Fact]
    public void Isolate_SameIsolationAgain_IsOneMove()
    {
        var lab = new BreakerLab();
        var until = lab.Time.GetUtcNow().AddMinutes(30);
        for (var i = 0; i < 3; i++) lab.Health.Isolate(until, "drill", "ana");
        Assert.Single(lab.Moves);
        lab.Health.Isolate(until.AddMinutes(5), "longer", "ana");
        Assert.Equal(2, lab.Moves.Length);
        Assert.Equal(until.AddMinutes(5), lab.View.Until);
    }

    [Fact]
    public void Isolate_MomentHasPassed_DoesNothing()
    {
        var lab = new BreakerLab();
        lab.Health.Isolate(lab.Time.GetUtcNow(), "late", "ana");
        Assert.Equal(BreakerState.Closed, lab.State);
    }

    [Fact]
    public void Isolate_ForEver_DoesNotOverflow()
    {
        var lab = new BreakerLab();
        lab.Health.Isolate(DateTimeOffset.MaxValue, "retired", "ana");
        lab.Time.Advance(TimeSpan.FromDays(365));
        Assert.Equal(BreakerState.Isolated, lab.State);
    }

    [Fact]
    public void Isolate_DuringAConfigFault_OutlivesTheFaultsOwnWait()
    {
        var lab = new BreakerLab();
        lab.Call(Bad(FailureKind.Unauthenticated));
        lab.Health.Isolate(lab.Time.GetUtcNow().AddHours(1), "", "ana");
        lab.Time.Advance(600);
        Assert.Equal(BreakerState.Isolated, lab.State);
    }

    [Fact]
    public void Release_Isolated_RampsUp()
    {
        var lab = new BreakerLab();
        lab.Health.Isolate(lab.Time.GetUtcNow().AddMinutes(30), "drill", "ana");
        lab.Health.Release("ben");
        Assert.Equal((BreakerState.PartialOpen, 1), (lab.State, lab.View.SharePercent));
        Assert.Equal("Released by ben: trying 1\u00A0% of normal traffic.", lab.Moves[^1].Sentence);
    }

    [Fact]
    public void Release_NotIsolated_DoesNothing()
    {
        var lab = new BreakerLab();
        lab.Health.Release("ben");
        lab.Trip();
        lab.Health.Release("ben");
        Assert.Equal(BreakerState.Open, lab.State);
    }

    [Fact]
    public void TryAcquireFailOpen_Open_LetsThroughAFewAtOnce()
    {
        var lab = new BreakerLab();
        lab.Trip();
        var permits = new List<Permit>();
        while (lab.Health.TryAcquireFailOpen(out var permit)) permits.Add(permit);
        Assert.Equal(8, permits.Count);
        Assert.All(permits, p => Assert.True(p.IsFailOpen));
        lab.Health.Return(permits[0], Bad());
        Assert.True(lab.Health.TryAcquireFailOpen(out _));
        Assert.False(lab.Health.TryAcquireFailOpen(out _));
    }

    [Fact]
    public void TryAcquireFailOpen_SetToZero_Refuses()
    {
        var lab = new BreakerLab(BreakerPolicyConfig.Default with { FailOpenConcurrency = 0 });
        lab.Trip();
        Assert.False(lab.Health.TryAcquireFailOpen(out _));
    }

    [Fact]
    public void Return_FailOpenCallsAreAnswered_EndsTheWaitEarly()
    {
        var lab = new BreakerLab();
        lab.Trip();
        for (var i = 0; i < 3; i++)
        {
            Assert.True(lab.Health.TryAcquireFailOpen(out var permit));
            lab.Health.Return(permit, Ok());
        }
        Assert.Equal(BreakerState.PartialOpen, lab.State);
        Assert.StartsWith("Answered 3 calls in a row while no other candidate was left", lab.Moves[^1].Sentence, StringComparison.Ordinal);
    }

    [Fact]
    public void TryAcquireFailOpen_ConfigFaultFound_Isolates()
    {
        var lab = new BreakerLab();
        lab.Trip();
        Assert.True(lab.Health.TryAcquireFailOpen(out var permit));
        lab.Health.Return(permit, Bad(FailureKind.PermissionDenied));
        Assert.Equal(BreakerState.Isolated, lab.State);
    }

    [Fact]
    public void TryAcquire_QuotaUsedUp_IsRefusedUntilTheProvidersMoment()
    {
        var lab = new BreakerLab();
        lab.Call(Bad(FailureKind.RateLimited, retryAfter: TimeSpan.FromSeconds(20)));
        Assert.False(lab.Health.TryAcquire(out _, out var rejection));
        Assert.Equal(FailureKind.QuotaGateClosed, rejection);
        Assert.False(lab.Health.TryAcquireFailOpen(out _));
        Assert.Equal(lab.Time.GetUtcNow().AddSeconds(20), lab.View.QuotaUntil);
        Assert.Equal((BreakerState.Closed, 1, 0), (lab.State, lab.View.RateLimited, lab.View.Failed));
        lab.Time.Advance(20);
        Assert.Null(lab.View.QuotaUntil);
        lab.Call(Ok());
    }

    [Theory]
    [InlineData(null, 5)]
    [InlineData(0, 5)]
    [InlineData(86_400, 300)]
    public void Return_QuotaWaitMissingOrAbsurd_UsesAndCaps(int? retryAfter, int expected)
    {
        var lab = new BreakerLab();
        lab.Call(Bad(FailureKind.RateLimited, retryAfter: retryAfter is { } s ? TimeSpan.FromSeconds(s) : null));
        Assert.Equal(lab.Time.GetUtcNow().AddSeconds(expected), lab.View.QuotaUntil);
    }

    [Fact]
    public void Return_HintProvesTooShort_WaitsLongerUntilSomethingIsAnswered()
    {
        var lab = new BreakerLab();
        var refusal = Bad(FailureKind.RateLimited, retryAfter: TimeSpan.FromMilliseconds(500));
        List<double> waits = [];
        for (var i = 0; i < 5; i++) waits.Add(Refuse());
        lab.Call(Ok());
        waits.Add(Refuse());
        Assert.Equal([1, 2, 4, 8, 8, 1], waits);

        double Refuse()
        {
            var (one, other) = (lab.Acquire(), lab.Acquire());
            lab.Health.Return(one, refusal);
            lab.Health.Return(other, refusal); // Under way when it closed: no news.
            var wait = (lab.View.QuotaUntil - lab.Time.GetUtcNow())!.Value.TotalSeconds; // it is closed
            lab.Time.Advance(wait);
            return wait;
        }
    }

    [Fact]
    public void Return_ShorterQuotaWaitComesLater_KeepsTheLonger()
    {
        var lab = new BreakerLab();
        var (first, second) = (lab.Acquire(), lab.Acquire());
        lab.Health.Return(first, Bad(FailureKind.RateLimited, retryAfter: TimeSpan.FromSeconds(60)));
        lab.Health.Return(second, Bad(FailureKind.RateLimited, retryAfter: TimeSpan.FromSeconds(1)));
        lab.Time.Advance(30);
        Assert.False(lab.TryCall(Ok()));
    }

    [Fact]
    public void Return_QuotaUsedUpOnAStep_DoesNotStepBack()
    {
        var lab = new BreakerLab();
        lab.Trip();
        lab.WaitForRamp();
        lab.Call(Bad(FailureKind.RateLimited));
        Assert.Equal((BreakerState.PartialOpen, 0), (lab.State, lab.View.Stage));
        lab.Time.Advance(5);
        lab.Recover();
    }
}
