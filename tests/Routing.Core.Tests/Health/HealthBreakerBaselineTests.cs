using Routing.Core.Health;
using Routing.Core.Llm;
using Routing.Core.Snapshots;
using static Routing.Core.Tests.Health.BreakerLab;
using TestKit;

namespace Routing.Core.Tests.Health;

/// <summary>The first token compared with what is usual for prompts of that size.</summary>
public sealed class HealthBreakerBaselineTests
{
    private static readonly BreakerPolicyConfig ByBaseline = BreakerPolicyConfig.Default with { FirstTokenBaselinePercent = 200 };

    private readonly BreakerLab _lab = new(ByBaseline);

    [Fact]
    public void Return_TwiceAsLateAsUsual_TripsSoftlyAndSaysByWhat()
    {
        Use(minutes: 35, firstTokenMs: 770);
        GetSlow(2_400);

        var move = Assert.Single(_lab.Moves);
        Assert.Equal((BreakerState.Closed, BreakerState.PartialOpen, TransitionCause.FirstTokenLatency, 1), (move.From, move.To, move.Cause, move.SharePercent));
        Assert.InRange(move.Limit, 1_500, 1_600);
        Assert.Equal(
            "Slow: the first token took 2,418\u00A0ms (p90 of 50 answers to prompts under 2,000 tokens), 3.0\u00A0× the 795\u00A0ms of the healthy hour before, limit 200\u00A0%. "
            + "A trickle of 1\u00A0% stays, to see it recover.",
            move.Sentence);
    }

    [Fact]
    public void Return_FirstHalfHour_IsNotJudged()
    {
        Use(minutes: 29, firstTokenMs: 300);
        _lab.Call(Answer(9_000), 100);
        Assert.Equal(BreakerState.Closed, _lab.State);
    }

    [Fact]
    public void Return_BaselineSwitchedOff_IsNotJudged()
    {
        var lab = new BreakerLab();
        Use(lab, minutes: 40, firstTokenMs: 300);
        lab.Call(Answer(9_000), 100);
        Assert.Equal(BreakerState.Closed, lab.State);
    }

    [Fact]
    public void Return_SlowerWithinTheLimit_StaysClosed()
    {
        Use(minutes: 40, firstTokenMs: 300);
        _lab.Call(Answer(560), 200);
        Assert.Empty(_lab.Moves);
    }

    [Fact]
    public void Return_FewerAnswersThanAreNeeded_StaysClosed()
    {
        Use(minutes: 40, firstTokenMs: 300);
        _lab.Time.Advance(_lab.Policy.WindowSeconds + 1);
        _lab.Call(Answer(9_000), ByBaseline.MinimumLatencySamples - 1);
        Assert.Equal(BreakerState.Closed, _lab.State);
        _lab.Call(Answer(9_000));
        Assert.Equal(BreakerState.PartialOpen, _lab.State);
    }

    [Fact]
    public void Return_TrafficTurnsToLongPrompts_StaysClosed()
    {
        Use(minutes: 40, firstTokenMs: 300);
        _lab.Call(Answer(9_000, tokens: 30_000), 500);
        Assert.Empty(_lab.Moves);
    }

    [Fact]
    public void Return_OnlyLongPromptsAreLaterThanUsual_TripsByThem()
    {
        Use(minutes: 40, firstTokenMs: 300);
        Use(minutes: 40, firstTokenMs: 3_000, tokens: 30_000);
        GetSlow(7_000, tokens: 30_000);
        Assert.Contains("answers to prompts of 16,000 to 64,000 tokens", Assert.Single(_lab.Moves).Sentence, StringComparison.Ordinal);
    }

    [Fact]
    public void Return_NobodyWaitedLongEnough_CountsAsLate()
    {
        Use(minutes: 40, firstTokenMs: 300);
        _lab.Time.Advance(_lab.Policy.WindowSeconds + 1);
        _lab.Call(Bad(FailureKind.ClientCancelled, durationMs: 5_000) with { PromptTokens = 500 }, 50);
        Assert.Equal(BreakerState.PartialOpen, _lab.State);
    }

    [Fact]
    public void Return_DoublesWithinHalfAnHour_TripsWhereOneP90OfTheHourWouldHaveFollowed()
    {
        Use(minutes: 60, firstTokenMs: 300);
        for (var minute = 0; minute < 30 && _lab.State == BreakerState.Closed; minute++) Use(minutes: 1, firstTokenMs: 300 + (minute * 15), perMinute: 120);
        Assert.Equal(BreakerState.PartialOpen, _lab.State);
    }

    [Fact]
    public void Baseline_HoursOfTrouble_IsStillThatOfTheHealthyHour()
    {
        Use(minutes: 40, firstTokenMs: 300);
        GetSlow(3_000);
        for (var second = 0; second < 7_200; second++) TrySecond(3_000);
        Assert.Equal(BreakerState.PartialOpen, _lab.State);
        Assert.InRange(_lab.View.SharePercent, 1, 25);

        for (var second = 0; second < 600 && _lab.State != BreakerState.Closed; second++) TrySecond(300);
        GetSlow(3_000);
        Assert.Matches("the (29|30)[0-9]\u00A0ms of the healthy hour before", _lab.Moves[^1].Sentence);
    }

    [Fact]
    public void Ramp_ColdCachesAtFirst_ComesBackWhole()
    {
        Use(minutes: 40, firstTokenMs: 300);
        GetSlow(3_000);
        for (var second = 0; second < 300 && _lab.State != BreakerState.Closed; second++) TrySecond(share => share <= 10 ? 1_000 : 350);
        Assert.Equal(BreakerState.Closed, _lab.State);
        Assert.DoesNotContain(_lab.Moves, m => m.Cause == TransitionCause.SteppedBack);
    }

    [Fact]
    public void Ramp_StillLaterThanUsualWithMoreTraffic_StepsBackAndSaysWhy()
    {
        Use(minutes: 40, firstTokenMs: 300);
        GetSlow(3_000);
        for (var second = 0; second < 600; second++) TrySecond(1_000);
        Assert.DoesNotContain(_lab.Moves, m => m.To == BreakerState.Closed);
        Assert.Matches(
            "^Stepped back to 5\u00A0%: the first token of [0-9]+ of [0-9]+ answers on this step came later than it may, by what was usual for prompts of their size before; one in ten may.$",
            _lab.Moves.First(m => m.Cause == TransitionCause.SteppedBack).Sentence);
    }

    [Fact]
    public void Return_OverTheAbsoluteLimitToo_TheLimitIsNamed()
    {
        var lab = new BreakerLab(ByBaseline with { FirstTokenP90Ms = 2_000 });
        Use(lab, minutes: 40, firstTokenMs: 1_500);
        lab.Time.Advance(lab.Policy.WindowSeconds + 1);
        lab.Call(Answer(2_500), 50);
        Assert.Equal(2_000, Assert.Single(lab.Moves).Limit);
    }

    [Fact]
    public void Return_JudgedByItsBaseline_AllocatesNothing()
    {
        Use(minutes: 40, firstTokenMs: 300);
        var signal = Answer(310);

        Assert.Equal(0, Allocations.Least(() =>
        {
            for (var i = 0; i < 1_000; i++) _lab.TryCall(signal);
        }));
    }

    private static AttemptSignal Answer(double firstTokenMs, long tokens = 500) => Ok(firstTokenMs, firstTokenMs + 500) with { PromptTokens = tokens };

    private void Use(int minutes, double firstTokenMs, long tokens = 500, int perMinute = 10) => Use(_lab, minutes, firstTokenMs, tokens, perMinute);

    private static void Use(BreakerLab lab, int minutes, double firstTokenMs, long tokens = 500, int perMinute = 10)
    {
        for (var i = 0; i < minutes * perMinute && lab.State == BreakerState.Closed; i++)
        {
            lab.Call(Answer(firstTokenMs, tokens));
            lab.Time.Advance(60.0 / perMinute);
        }
    }

    /// <summary>The last answers of the window, exactly as many as a p90 needs, come late.</summary>
    private void GetSlow(double firstTokenMs, long tokens = 500)
    {
        _lab.Time.Advance(_lab.Policy.WindowSeconds + 1);
        _lab.Call(Answer(firstTokenMs, tokens), _lab.Policy.MinimumLatencySamples);
    }

    /// <summary>Ten callers ask within a second; as many are let through as the share says.</summary>
    private void TrySecond(double firstTokenMs) => TrySecond(_ => firstTokenMs);

    private void TrySecond(Func<int, double> firstTokenMs)
    {
        for (var i = 0; i < 10; i++)
        {
            _lab.TryCall(Answer(firstTokenMs(_lab.View.SharePercent)));
            _lab.Time.Advance(0.1);
        }
    }
}
