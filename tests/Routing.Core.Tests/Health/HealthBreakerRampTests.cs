using Routing.Core.Health;
using Routing.Core.Llm;
using Routing.Core.Snapshots;
using static Routing.Core.Tests.Health.BreakerLab;

namespace Routing.Core.Tests.Health;

public sealed class HealthBreakerRampTests
{
    [Fact]
    public void Tick_OpenElapsed_MovesToTheFirstStepWithoutTraffic()
    {
        var lab = new BreakerLab();
        lab.Trip();
        var wait = lab.Health.Wait;
        Assert.InRange(wait.TotalSeconds, 8, 12);

        lab.Time.Advance(wait - TimeSpan.FromMilliseconds(1));
        lab.Registry.Tick();
        Assert.Equal(BreakerState.Open, lab.Health.State);
        lab.Time.Advance(0.002);
        lab.Registry.Tick();
        Assert.Equal((BreakerState.PartialOpen, 1), (lab.Health.State, lab.View.SharePercent));
        Assert.Equal(TransitionCause.OpenElapsed, lab.Moves[^1].Cause);
    }

    [Fact]
    public void TryAcquire_OpenElapsedAndAThousandCallersWait_AsksOneQuestion()
    {
        var lab = new BreakerLab();
        lab.Trip();
        lab.Time.Advance(lab.Health.Wait);

        var granted = 0;
        for (var second = 0; second < 10; second++)
        {
            for (var i = 0; i < 100; i++) granted += lab.Health.TryAcquire(out _, out _) ? 1 : 0;
            lab.Time.Advance(1);
        }
        Assert.Equal(1, granted);
    }

    [Fact]
    public void TryAcquire_TenPercentStep_LetsThroughEachTenth()
    {
        var lab = new BreakerLab(BreakerPolicyConfig.Default with { RampPercent = [10, 100], FloorPerSecond = 0, StepSuccesses = 1_000, StepConsecutiveSuccesses = 1_000 });
        lab.Trip();
        lab.WaitForRamp();

        var granted = Enumerable.Range(1, 100).Where(_ => lab.TryCall(Ok())).ToArray();
        Assert.Equal([10, 20, 30, 40, 50, 60, 70, 80, 90, 100], granted);
    }

    [Theory]
    [InlineData(2, 10)]
    [InlineData(50, 10)]
    [InlineData(1_000, 100)]
    public void TryAcquire_OnePercentStep_SharesOrFloorsWhicheverIsMore(int perSecond, int expectedInTenSeconds)
    {
        var lab = new BreakerLab(BreakerPolicyConfig.Default with { RampPercent = [1, 100], StepSuccesses = 1_000, StepConsecutiveSuccesses = 1_000 });
        lab.Trip();
        lab.WaitForRamp();

        var granted = 0;
        for (var i = 0; i < perSecond * 10; i++)
        {
            if (lab.TryCall(Ok())) granted++;
            lab.Time.Advance(1.0 / perSecond);
        }
        Assert.InRange(granted, expectedInTenSeconds - 1, expectedInTenSeconds + 2);
    }

    [Fact]
    public void Return_HealthyAgain_VisitsEveryStepInOrder()
    {
        var lab = new BreakerLab();
        lab.Trip();
        lab.WaitForRamp();
        lab.Recover();

        var shares = lab.Moves.Where(m => m.Cause is TransitionCause.OpenElapsed or TransitionCause.Widened or TransitionCause.Recovered);
        Assert.Equal([1, 2, 5, 10, 25, 50, 100, 100], shares.Select(m => m.SharePercent));
        Assert.Equal(BreakerState.Closed, lab.Moves[^1].To);
        Assert.Equal("", lab.View.Reason);
    }

    [Fact]
    public void Return_EnoughAnswersBeforeTheDwell_WaitsForTheDwell()
    {
        var lab = new BreakerLab(BreakerPolicyConfig.Default with { RampPercent = [50, 100], FloorPerSecond = 0 });
        lab.Trip();
        lab.WaitForRamp();
        for (var i = 0; i < 60; i++) lab.TryCall(Ok());
        Assert.Equal(0, lab.View.Stage);
        Assert.True(lab.View.StageSuccesses >= 20);
        lab.Time.Advance(3);
        lab.Registry.Tick();
        Assert.Equal(1, lab.View.Stage);
    }

    [Fact]
    public void Return_AFailureDuringTheDwell_RestartsTheRunOfSuccesses()
    {
        var lab = new BreakerLab(BreakerPolicyConfig.Default with { FailurePercent = 60, RampPercent = [100], FloorPerSecond = 0 });
        lab.Trip();
        lab.WaitForRamp();
        lab.Call(Ok(), 4);
        lab.Time.Advance(2.5);
        lab.Call(Bad());
        lab.Call(Ok(), 5);
        lab.Time.Advance(1);
        Assert.Equal(BreakerState.PartialOpen, lab.State);
        lab.Time.Advance(2);
        Assert.Equal(BreakerState.Closed, lab.State);
    }

    [Fact]
    public void Return_StepFails_StepsBackTwoAndJudgesTheNewStepByItsOwnSamples()
    {
        var lab = OnStage(4);
        FailAdmitted(lab, 3);
        Assert.Equal((BreakerState.PartialOpen, 2, 5), (lab.State, lab.View.Stage, lab.View.SharePercent));
        var move = lab.Moves[^1];
        Assert.Equal((TransitionCause.SteppedBack, 3), (move.Cause, move.Failures));
        Assert.Equal("Stepped back to 5\u00A0%: 3 of 3 calls failed on this step.", move.Sentence);

        // Two failures are not three: the step before does not count here.
        FailAdmitted(lab, 2);
        Assert.Equal(2, lab.View.Stage);
        FailAdmitted(lab, 1);
        Assert.Equal(BreakerState.Open, lab.State);
        Assert.Equal(TransitionCause.Relapsed, lab.Moves[^1].Cause);
    }

    [Fact]
    public void Return_StepWidenedPastTheFailedOne_ForgivesIt()
    {
        var lab = OnStage(3);
        FailAdmitted(lab, 3);
        Assert.Equal(1, lab.View.Stage);
        Climb(lab, 4);
        FailAdmitted(lab, 3);
        Assert.Equal((BreakerState.PartialOpen, 2), (lab.State, lab.View.Stage));
    }

    [Fact]
    public void Return_TheFirstQuestionFails_OpensAgainAtOnce()
    {
        var lab = new BreakerLab();
        lab.Trip();
        lab.WaitForRamp();
        FailAdmitted(lab, 1);
        Assert.Equal((BreakerState.Open, TransitionCause.Relapsed), (lab.State, lab.Moves[^1].Cause));
        Assert.StartsWith("Still failing: the call that tried it after the wait has failed. Next try at ", lab.View.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Return_OutageGoesOn_WaitsTwiceAsLongThenAThirdOfTheTroubleUpToTheLimit()
    {
        var lab = new BreakerLab();
        lab.Trip();
        var began = lab.Time.GetUtcNow();
        List<(double Trouble, double Wait)> waits = [];
        for (var n = 0; n < 30; n++)
        {
            waits.Add(((lab.Time.GetUtcNow() - began).TotalSeconds, lab.Health.Wait.TotalSeconds));
            lab.WaitForRamp();
            FailAdmitted(lab, 1);
        }

        Assert.InRange(waits[0].Wait, 8, 12);
        Assert.All(waits.Skip(1), w => Assert.InRange(w.Wait / Math.Clamp(w.Trouble / 3, 20, 300), 0.8, 1.2));
        Assert.InRange(waits[^1].Wait, 240, 360);
    }

    [Theory]
    [InlineData(1, 10)]
    [InlineData(4, 2)]
    [InlineData(8, 1)]
    public void TryAcquire_SeveralEdges_SendsItsPartOfTheTrickle(int edges, int least)
    {
        var lab = new BreakerLab(BreakerPolicyConfig.Default with { RampPercent = [1, 100], StepSuccesses = 1_000, StepConsecutiveSuccesses = 1_000 });
        lab.Registry.Edges = edges;
        lab.Trip();
        lab.WaitForRamp();

        var granted = 0;
        for (var i = 0; i < 100; i++)
        {
            if (lab.TryCall(Ok())) granted++;
            lab.Time.Advance(0.1);
        }

        Assert.InRange(granted, least, (10.0 / edges) + 1);
    }

    [Theory]
    [InlineData(1, 20, 5)]
    [InlineData(4, 5, 2)]
    [InlineData(8, 3, 2)]
    [InlineData(50, 2, 2)]
    public void Return_SeveralEdges_WaitsForItsPartOfTheEvidence(int edges, int answers, int inARow)
    {
        var lab = new BreakerLab(BreakerPolicyConfig.Default with { FloorPerSecond = 0, RampPercent = [50, 100], FailurePercent = 90 });
        lab.Registry.Edges = edges;
        lab.Trip();
        lab.WaitForRamp();
        Assert.Equal(answers, lab.View.StageNeeded);

        for (var i = 0; i < inARow - 1; i++) AnswerAdmitted(lab);
        lab.Time.Advance(5);
        Assert.Equal(0, lab.View.Stage);
        AnswerAdmitted(lab);
        Assert.Equal(1, lab.View.Stage);
    }

    [Fact]
    public void Return_ATripAndAReturnInTheLastMinute_TriesAndWidensOnWhenItIsOver()
    {
        var lab = new BreakerLab(BreakerPolicyConfig.Default with { DwellSeconds = 1, OpenSeconds = 1, MaxOpenSeconds = 1, FloorPerSecond = 10 });
        lab.Trip();
        Answer(moves: 9);
        Assert.Equal(TransitionCause.Recovered, lab.Moves[^1].Cause);
        lab.Trip();
        Answer(moves: 12);

        Assert.True(lab.Moves[9].At - lab.Moves[0].At < TimeSpan.FromSeconds(30));
        Assert.True(lab.Moves[10].At - lab.Moves[0].At >= TimeSpan.FromMinutes(1));
        Assert.True(lab.Moves[11].At - lab.Moves[2].At >= TimeSpan.FromMinutes(1));

        void Answer(int moves)
        {
            for (var i = 0; i < 1_000 && lab.Moves.Length < moves; i++)
            {
                lab.TryCall(Ok());
                lab.Time.Advance(0.1);
            }
        }
    }

    [Fact]
    public void Return_TripsAgainAfterFiveHealthyMinutes_BeginsWithTheFirstWait()
    {
        var lab = new BreakerLab();
        lab.Trip();
        lab.WaitForRamp();
        lab.Recover();
        lab.Time.Advance(60);
        lab.Trip();
        Assert.InRange(lab.Health.Wait.TotalSeconds, 16, 24);

        lab.WaitForRamp();
        lab.Recover();
        lab.Time.Advance(300);
        lab.Trip();
        Assert.InRange(lab.Health.Wait.TotalSeconds, 8, 12);
    }

    [Theory]
    [InlineData(60, 60)]
    [InlineData(1, 10)]
    [InlineData(86_400, 300)]
    public void Return_ProviderNamesAWait_TakesTheLongerOneUpToTheLimit(int retryAfter, int expected)
    {
        var lab = new BreakerLab();
        lab.Call(Bad(FailureKind.CapacityExhausted, retryAfter: TimeSpan.FromSeconds(retryAfter)), 5);
        Assert.InRange(lab.Health.Wait.TotalSeconds, expected * 0.8, expected * 1.2);
    }

    [Fact]
    public void Trip_SameSeed_SameJitter_OtherSeedAnother()
    {
        static TimeSpan WaitOf(int seed)
        {
            var lab = new BreakerLab(seed: seed);
            lab.Trip();
            return lab.Health.Wait;
        }
        Assert.Equal(WaitOf(7), WaitOf(7));
        Assert.True(Enumerable.Range(0, 20).Select(WaitOf).Distinct().Count() > 15);
    }

    [Fact]
    public void Trip_TwoEndpointsOfOneProcess_ComeBackApart()
    {
        var lab = new BreakerLab();
        var other = lab.Registry.Get("vertex-east5-flash", lab.Policy);
        lab.Trip();
        for (var i = 0; i < 5; i++) { Assert.True(other.TryAcquire(out var p, out _)); other.Return(p, Bad()); }
        Assert.NotEqual(lab.Health.Wait, other.Wait);
    }

    [Fact]
    public void Return_ResultsOfCallsFromBeforeTheMove_ChangeNothing()
    {
        var lab = new BreakerLab(BreakerPolicyConfig.Default with { RampPercent = [100] });
        var early = Enumerable.Range(0, 20).Select(_ => lab.Acquire()).ToArray();
        lab.Trip();
        lab.WaitForRamp();
        foreach (var permit in early[..10]) lab.Health.Return(permit, Bad());
        Assert.Equal(BreakerState.PartialOpen, lab.State);
        lab.Recover();
        foreach (var permit in early[10..]) lab.Health.Return(permit, Bad(FailureKind.Unauthenticated));
        Assert.Equal(BreakerState.Closed, lab.State);
        Assert.Equal(0, lab.View.InFlight);
    }

    [Fact]
    public void Return_LateSuccesses_DoNotWidenAStep()
    {
        var lab = new BreakerLab();
        var early = Enumerable.Range(0, 50).Select(_ => lab.Acquire()).ToArray();
        lab.Trip();
        lab.WaitForRamp();
        lab.Time.Advance(4);
        foreach (var permit in early) lab.Health.Return(permit, Ok());
        Assert.Equal((0, 0), (lab.View.Stage, lab.View.StageSuccesses));
    }

    [Fact]
    public void TryAcquire_EndpointHangs_CollectsFewCallers()
    {
        var lab = OnStage(1);
        var granted = 0;
        for (var i = 0; i < 600; i++)
        {
            if (lab.Health.TryAcquire(out _, out _)) granted++;
            lab.Time.Advance(0.1);
        }
        Assert.InRange(granted, 8, 20);
    }

    [Fact]
    public void Return_SlowStaysSlow_KeepsTheTrickleAndNeverOpens()
    {
        var lab = new BreakerLab(BreakerPolicyConfig.Default with { FirstTokenP90Ms = 2_000 });
        lab.Call(Ok(3_000), 50);
        var answered = 0;
        for (var i = 0; i < 300; i++)
        {
            if (lab.TryCall(Ok(3_000))) answered++;
            lab.Time.Advance(1);
        }
        Assert.Equal((BreakerState.PartialOpen, 0), (lab.State, lab.View.Stage));
        Assert.InRange(answered, 250, 301);
        Assert.Single(lab.Moves);
    }

    [Fact]
    public void Apply_ShorterRampWhileOnALaterStep_StaysInside()
    {
        var lab = OnStage(6);
        lab.Registry.Get(lab.Health.ModelEndpoint, lab.Policy with { RampPercent = [10, 100] });
        Assert.Equal((1, 100), (lab.View.Stage, lab.View.SharePercent));
        lab.Recover();
    }

    private static BreakerLab OnStage(int stage)
    {
        var lab = new BreakerLab();
        lab.Trip();
        lab.WaitForRamp();
        Climb(lab, stage);
        return lab;
    }

    private static void Climb(BreakerLab lab, int stage)
    {
        for (var i = 0; i < 1_000 && lab.View.Stage < stage; i++)
        {
            lab.TryCall(Ok());
            lab.Time.Advance(1);
        }
        Assert.Equal(stage, lab.View.Stage);
    }

    private static void AnswerAdmitted(BreakerLab lab)
    {
        while (!lab.TryCall(Ok())) { }
    }

    private static void FailAdmitted(BreakerLab lab, int failures)
    {
        for (var i = 0; i < 1_000 && failures > 0; i++)
        {
            if (lab.TryCall(Bad())) failures--;
            else lab.Time.Advance(0.2);
        }
        Assert.Equal(0, failures);
    }
}
