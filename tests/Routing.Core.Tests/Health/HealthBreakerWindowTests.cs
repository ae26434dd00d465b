using Routing.Core.Health;
using Routing.Core.Snapshots;
using static Routing.Core.Tests.Health.BreakerLab;

namespace Routing.Core.Tests.Health;

/// <summary>What leaves a window, and what must never have been in it.</summary>
public sealed class HealthBreakerWindowTests
{
    [Fact]
    public void Return_RecoveredWithinALongWindow_OldFailuresAreForgotten()
    {
        var lab = new BreakerLab(BreakerPolicyConfig.Default with { WindowSeconds = 600, RampPercent = [100] });
        for (var i = 0; i < 9; i++) { lab.Call(Ok()); lab.Call(Bad()); }
        lab.Call(Bad(), 2);
        Assert.Equal(BreakerState.Open, lab.State);
        lab.WaitForRamp();
        lab.Recover();
        lab.Call(Ok(), 2);
        lab.Call(Bad());
        Assert.Equal(BreakerState.Closed, lab.State);
        Assert.True(lab.View.Failed > 10, "people still see the failures of the window");
    }

    [Fact]
    public void Return_SlowCallsFromBeforeTheRecovery_DoNotCountAfterIt()
    {
        var lab = new BreakerLab(BreakerPolicyConfig.Default with { WindowSeconds = 600, FirstTokenP90Ms = 2_000, RampPercent = [100] });
        var early = Enumerable.Range(0, 60).Select(_ => lab.Acquire()).ToArray();
        lab.Trip();
        lab.WaitForRamp();
        lab.Recover();
        foreach (var permit in early) lab.Health.Return(permit, Ok(firstTokenMs: 30_000));
        lab.Call(Ok(), 60);
        Assert.Equal(BreakerState.Closed, lab.State);
        Assert.InRange(lab.View.FirstTokenP90Ms!.Value, 150, 250);
    }

    [Fact]
    public void Return_MoreThanATenthOfAStepIsSlow_DoesNotWidenUntilItIsLess()
    {
        var lab = new BreakerLab(BreakerPolicyConfig.Default with { FirstTokenP90Ms = 2_000, RampPercent = [50, 100], FloorPerSecond = 0, StepConsecutiveSuccesses = 1_000 });
        lab.Trip();
        lab.WaitForRamp();
        for (var i = 0; i < 40; i++) lab.TryCall(Ok(firstTokenMs: i is 7 or 21 or 35 ? 3_000 : 300));
        Assert.Equal(20, lab.View.StageSuccesses);
        lab.Time.Advance(4);
        Assert.Equal(0, lab.View.Stage);
        for (var i = 0; i < 20; i++) lab.TryCall(Ok(300));
        Assert.Equal(1, lab.View.Stage);
    }

    [Fact]
    public void View_TrafficGoesOn_OldLatenciesLeaveSlotBySlot()
    {
        var lab = new BreakerLab();
        for (var second = 0; second < 15; second++) { lab.Call(Ok(firstTokenMs: 5_000)); lab.Time.Advance(1); }
        for (var second = 0; second < 45; second++) { lab.Call(Ok(firstTokenMs: 300)); lab.Time.Advance(1); }
        Assert.InRange(lab.View.FirstTokenP90Ms!.Value, 280, 320);
        Assert.InRange(lab.View.Answered, 27, 30);
    }

    [Fact]
    public void View_NothingReturnedForAWindow_ShowsNoLatencyRatherThanZero()
    {
        var lab = new BreakerLab();
        lab.Call(Ok(), 10);
        lab.Time.Advance(40);
        Assert.Equal((0, null, null), (lab.View.Answered, lab.View.FirstTokenP90Ms, lab.View.DurationP90Ms));
    }
}
