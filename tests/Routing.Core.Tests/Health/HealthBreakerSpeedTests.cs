using static Routing.Core.Tests.Health.BreakerLab;

namespace Routing.Core.Tests.Health;

/// <summary>The speed that is published for whoever chooses.</summary>
public sealed class HealthBreakerSpeedTests
{
    private readonly BreakerLab _lab = new();

    [Fact]
    public void FirstToken_FewerThanFiveAnswers_IsNotTold()
    {
        _lab.Call(Ok(firstTokenMs: 300), 4);
        Assert.Equal((0, 0), (_lab.Health.FirstTokenP90Ms, _lab.Health.FirstTokenP95Ms));

        _lab.Call(Ok(firstTokenMs: 300));
        Assert.InRange(_lab.Health.FirstTokenP90Ms, 280, 320);
    }

    [Fact]
    public void FirstToken_WholeAnswers_TellNothing()
    {
        _lab.Call(Ok() with { IsWhole = true }, 20);
        Assert.Equal(0, _lab.Health.FirstTokenP90Ms);
    }

    [Fact]
    public void FirstToken_EveryTwelfthIsSlow_OnlyP95ShowsIt()
    {
        for (var i = 0; i < 36; i++) _lab.Call(Ok(firstTokenMs: i % 12 == 0 ? 4_000 : 300));
        _lab.Time.Advance(1);
        _lab.Call(Ok(firstTokenMs: 300));

        Assert.InRange(_lab.Health.FirstTokenP90Ms, 280, 320);
        Assert.InRange(_lab.Health.FirstTokenP95Ms, 3_800, 4_200);
    }

    [Fact]
    public void FirstToken_GetsSlowWithinASecond_IsToldInTheNext()
    {
        _lab.Call(Ok(firstTokenMs: 300), 10);
        _lab.Call(Ok(firstTokenMs: 4_000), 10);
        Assert.InRange(_lab.Health.FirstTokenP90Ms, 280, 320);

        _lab.Time.Advance(1);
        _lab.Call(Ok(firstTokenMs: 4_000));
        Assert.InRange(_lab.Health.FirstTokenP90Ms, 3_800, 4_200);
    }

    [Fact]
    public void FirstToken_TrafficGetsThin_IsToldAsLongAsAnythingShowsIt()
    {
        _lab.Call(Ok(firstTokenMs: 300), 10);
        _lab.Time.Advance(20);
        _lab.Call(Ok(firstTokenMs: 500));
        _lab.Time.Advance(15);
        _lab.Registry.Tick();
        Assert.InRange(_lab.Health.FirstTokenP90Ms, 480, 520);
    }

    [Fact]
    public void Tick_NothingRecentShowsTheSpeed_ItIsForgotten()
    {
        _lab.Call(Ok(firstTokenMs: 300), 10);
        _lab.Time.Advance(_lab.Policy.WindowSeconds + 1);
        _lab.Registry.Tick();
        Assert.Equal(0, _lab.Health.FirstTokenP90Ms);
    }
}
