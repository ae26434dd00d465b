using Routing.Core.Health;
using Routing.Core.Llm;
using Routing.Core.Snapshots;
using static Routing.Core.Tests.Health.BreakerLab;

namespace Routing.Core.Tests.Health;

public sealed class HealthBreakerForcedTests
{
    private static readonly TimeSpan HalfAnHour = TimeSpan.FromMinutes(30);

    [Fact]
    public void Force_Open_RefusesUntilItsEndThenRamps()
    {
        var lab = new BreakerLab();
        var until = Force(lab, 0);

        var move = Assert.Single(lab.Moves);
        Assert.Equal((BreakerState.Closed, BreakerState.Open, TransitionCause.Forced, until), (move.From, move.To, move.Cause, move.Until));
        Assert.Equal("Forced open by ana until 14:30:00 UTC: provider works tonight", move.Sentence);
        for (var i = 0; i < 29; i++)
        {
            Assert.False(lab.TryCall(Ok()));
            lab.Time.Advance(60);
        }
        Assert.Equal(BreakerState.Open, lab.State);
        lab.Time.Advance(60);
        Assert.Equal((BreakerState.PartialOpen, 1), (lab.State, lab.View.SharePercent));
        lab.Recover();
    }

    [Fact]
    public void Force_Open_IsStillTheLastResortAndAnswersDoNotEndIt()
    {
        var lab = new BreakerLab();
        Force(lab, 0);
        for (var i = 0; i < 10; i++)
        {
            Assert.True(lab.Health.TryAcquireFailOpen(out var permit));
            lab.Health.Return(permit, Ok());
        }
        Assert.Equal(BreakerState.Open, lab.State);
        Assert.False(lab.TryCall(Ok()));
    }

    [Fact]
    public void Force_OpenAndCredentialFails_IsOpenAgainWhenTheFaultsWaitIsOver()
    {
        var lab = new BreakerLab();
        var until = Force(lab, 0);
        Assert.True(lab.Health.TryAcquireFailOpen(out var permit));
        lab.Health.Return(permit, Bad(FailureKind.Unauthenticated));
        Assert.Equal(BreakerState.Isolated, lab.State);
        lab.Time.Advance(lab.Health.Wait);
        Assert.Equal((BreakerState.Open, until), (lab.State, lab.View.Until));
    }

    [Theory]
    [InlineData(10)]
    [InlineData(15)]
    public void Force_Partial_AdmitsThatShareAndWidensNoFurther(int percent)
    {
        var lab = new BreakerLab();
        Force(lab, percent);
        Assert.Equal((BreakerState.PartialOpen, percent), (lab.State, lab.View.SharePercent));
        var admitted = 0;
        for (var i = 0; i < 17_000; i++)
        {
            if (lab.TryCall(Ok())) admitted++;
            lab.Time.Advance(0.1);
        }
        Assert.InRange(admitted, (17_000 * percent / 100) - 2, (17_000 * percent / 100) + 2);
        Assert.Equal((BreakerState.PartialOpen, percent), (lab.State, lab.View.SharePercent));
        Assert.Single(lab.Moves);
    }

    [Fact]
    public void Force_PartialAtItsEnd_GoesOnWideningFromTheWidestStepAllowed()
    {
        var lab = new BreakerLab();
        Force(lab, 15);
        lab.Time.Advance(HalfAnHour);
        Assert.Equal((BreakerState.PartialOpen, 10), (lab.State, lab.View.SharePercent));
        Assert.Equal("The share forced by ana has ended: trying 10\u00A0% of normal traffic.", lab.Moves[^1].Sentence);
        lab.Recover();
    }

    [Fact]
    public void Force_PartialAndItFails_OpensAndComesBackOnlyUpToTheBound()
    {
        var lab = new BreakerLab();
        Force(lab, 50);
        while (lab.State == BreakerState.PartialOpen) lab.TryCall(Bad());
        Assert.Equal(BreakerState.Open, lab.State);
        lab.WaitForRamp();
        Assert.Equal(1, lab.View.SharePercent);
        var widest = 0;
        for (var i = 0; i < 9_000; i++)
        {
            lab.TryCall(Ok());
            lab.Time.Advance(0.1);
            widest = Math.Max(widest, lab.View.SharePercent);
        }
        Assert.Equal((BreakerState.PartialOpen, 50), (lab.State, widest));
    }

    [Fact]
    public void Force_LongHeldShareThenFails_IsJudgedByWhatIsRecent()
    {
        var lab = new BreakerLab();
        Force(lab, 50);
        for (var i = 0; i < 10_000; i++)
        {
            lab.TryCall(Ok());
            lab.Time.Advance(0.1);
        }
        var failed = 0;
        // One in two fails, never three in a row.
        for (var i = 0; lab.View.SharePercent == 50 && i < 200; i++)
        {
            if (lab.TryCall(i / 2 % 2 == 0 ? Bad() : Ok())) failed++;
        }
        Assert.NotEqual(50, lab.View.SharePercent);
        Assert.InRange(failed, 1, 60);
    }

    [Fact]
    public void Force_Closed_TakesAllTrafficAtOnceAndMayTripAgain()
    {
        var lab = new BreakerLab();
        lab.Trip();
        Force(lab, 100);
        Assert.Equal(BreakerState.Closed, lab.State);
        Assert.Equal("Forced closed by ana: provider works tonight", lab.Moves[^1].Sentence);
        lab.Call(Ok(), 50);
        lab.Trip();
    }

    [Fact]
    public void Force_ClosedThenTripped_RecoversToFullTrafficByItself()
    {
        var lab = new BreakerLab();
        Force(lab, 100);
        lab.Trip();
        lab.WaitForRamp();
        lab.Recover();
    }

    [Fact]
    public void Force_SameAgain_DoesNotUndoWhatTheBreakerLearned()
    {
        var lab = new BreakerLab();
        var until = Force(lab, 100);
        lab.Trip();
        for (var i = 0; i < 3; i++) lab.Health.Force(100, until, "provider works tonight", "ana");
        Assert.Equal(BreakerState.Open, lab.State);
    }

    [Fact]
    public void Force_OtherShare_TakesThePlaceOfTheFirst()
    {
        var lab = new BreakerLab();
        Force(lab, 0);
        Force(lab, 25);
        Assert.Equal((BreakerState.PartialOpen, 25), (lab.State, lab.View.SharePercent));
    }

    [Fact]
    public void Force_FromOpen_AsksOneQuestionAtATimeUntilAnswered()
    {
        var lab = new BreakerLab();
        lab.Trip();
        Force(lab, 99);
        var permits = new List<Permit>();
        for (var i = 0; i < 10; i++)
        {
            if (lab.Health.TryAcquire(out var permit, out _)) permits.Add(permit);
        }
        lab.Health.Return(Assert.Single(permits), Ok());
        Assert.InRange(Enumerable.Range(0, 100).Count(_ => lab.TryCall(Ok())), 98, 100);
    }

    [Fact]
    public void Force_MomentHasPassed_DoesNothing()
    {
        var lab = new BreakerLab();
        lab.Health.Force(0, lab.Time.GetUtcNow(), "late", "ana");
        Assert.Equal(BreakerState.Closed, lab.State);
    }

    [Fact]
    public void Force_FewerStepsPublishedMeanwhile_StaysBounded()
    {
        var lab = new BreakerLab();
        Force(lab, 15);
        lab.Registry.Get("bedrock-east-sonnet", BreakerPolicyConfig.Default with { RampPercent = [50, 100] });
        Assert.Equal((BreakerState.PartialOpen, 15), (lab.State, lab.View.SharePercent));
    }

    [Theory]
    [InlineData(0, 1)]
    [InlineData(15, 10)]
    public void EndForce_BeforeItsEnd_RampsUp(int forced, int after)
    {
        var lab = new BreakerLab();
        Force(lab, forced);
        lab.Health.EndForce("ben");
        Assert.Equal((BreakerState.PartialOpen, after), (lab.State, lab.View.SharePercent));
        Assert.Equal($"Released by ben: trying {after}\u00A0% of normal traffic.", lab.Moves[^1].Sentence);
        lab.Recover();
    }

    [Fact]
    public void EndForce_NothingForced_DoesNothing()
    {
        var lab = new BreakerLab();
        lab.Trip();
        lab.Health.EndForce("ben");
        Assert.Equal(BreakerState.Open, lab.State);
    }

    private static DateTimeOffset Force(BreakerLab lab, int percent)
    {
        var until = lab.Time.GetUtcNow() + HalfAnHour;
        lab.Health.Force(percent, until, "provider works tonight", "ana");
        return until;
    }
}
