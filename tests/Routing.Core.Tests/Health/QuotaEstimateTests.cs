using Routing.Core.Health;
using Routing.Core.Llm;
using Routing.Core.Snapshots;
using TestKit;

namespace Routing.Core.Tests.Health;

/// <summary>Our quota where the provider's answers do not tell what is left of it.</summary>
public sealed class QuotaEstimateTests
{
    private readonly ManualTime _time = new();

    [Fact]
    public void TryAcquire_ASixthOfTheMinuteAtOnce_ThenAsFastAsItFills()
    {
        var health = Edge(new QuotaLimits(60, 0));
        Assert.Equal(10, Burst(health));
        Assert.False(health.TryAcquire(out _, out var rejection));
        Assert.Equal(FailureKind.QuotaGateClosed, rejection);
        Assert.False(health.TryAcquireFailOpen(out _));
        Assert.InRange(health.QuotaWait, TimeSpan.FromTicks(1), TimeSpan.FromMilliseconds(1));

        // Anything will do; the rest of it is owed.
        _time.Advance(0.5);
        Assert.Equal(1, Burst(health));
        Assert.InRange(health.QuotaWait.TotalSeconds, 0.49, 0.51);
        Assert.Equal(_time.GetUtcNow() + health.QuotaWait, health.View().QuotaUntil);

        _time.Advance(600);
        Assert.Equal(10, Burst(health));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    public void TryAcquire_CallersWantMore_AllEdgesTogetherStayWithinTheQuota(int edges)
    {
        EndpointHealth[] fleet = [.. Enumerable.Range(0, edges).Select(_ => Edge(new QuotaLimits(60, 0), edges))];
        List<int> perSecond = [];
        for (var second = 0; second < 600; second++)
        {
            perSecond.Add(fleet.Sum(Burst));
            _time.Advance(1);
        }

        for (var from = 0; from + 60 <= perSecond.Count; from++) Assert.InRange(perSecond[from..(from + 60)].Sum(), 56, 70 + edges);
    }

    [Fact]
    public void TryAcquire_AnEdgeMore_IsToldToTheOthersByTheirPart()
    {
        var registry = new EndpointHealthRegistry(_time, seed: 1);
        var health = registry.Get("e", BreakerPolicyConfig.Default, new QuotaLimits(60, 0));
        Burst(health);
        registry.Edges = 2;
        _time.Advance(60);
        Assert.Equal(5, Burst(health));
    }

    [Fact]
    public void CountUse_MoreTokensThanAreLeft_AreOwedAndWaitedFor()
    {
        var health = Edge(new QuotaLimits(0, 60_000));
        Assert.True(health.TryAcquire(out _, out _));
        health.CountUse(0, 9_000);
        Assert.True(health.TryAcquire(out _, out _));
        health.CountUse(0, 9_000);

        Assert.False(health.TryAcquire(out _, out var rejection));
        Assert.Equal(FailureKind.QuotaGateClosed, rejection);
        Assert.InRange(health.QuotaWait.TotalSeconds, 8, 8.01);
    }

    [Fact]
    public void CountUse_FewerTokensThanWereGuessed_AreThereAgain()
    {
        var health = Edge(new QuotaLimits(0, 60_000));
        health.CountUse(0, 30_000);
        Assert.True(health.IsQuotaClosed);
        health.CountUse(0, -25_000);
        Assert.False(health.IsQuotaClosed);

        // Never more than it holds.
        health.CountUse(0, -500_000);
        health.CountUse(0, 10_000);
        Assert.True(health.IsQuotaClosed);
    }

    [Fact]
    public void CountUse_MoreThanManyMinutesHold_IsForgivenAfterFive()
    {
        var health = Edge(new QuotaLimits(0, 1_000));
        health.CountUse(0, 2_000_000);
        Assert.InRange(health.QuotaWait.TotalMinutes, 4.9, 5.1);
    }

    [Fact]
    public void TryAcquire_QuotaNotKnown_IsNotCounted()
    {
        var health = Edge(default);
        health.CountUse(5, 2_000_000);
        Assert.Equal(100, Burst(health));
    }

    [Fact]
    public void Apply_ANewTableWithAnotherQuota_CountsByIt()
    {
        var registry = new EndpointHealthRegistry(_time, seed: 1);
        Assert.Equal(10, Burst(registry.Get("e", BreakerPolicyConfig.Default, new QuotaLimits(60, 0))));
        _time.Advance(60);
        Assert.Equal(20, Burst(registry.Get("e", BreakerPolicyConfig.Default, new QuotaLimits(120, 0))));
        Assert.Equal(100, Burst(registry.Get("e", BreakerPolicyConfig.Default)));
    }

    [Fact]
    public void Return_A429DespiteTheEstimate_ClosesForAsLongAsItAsks()
    {
        var health = Edge(new QuotaLimits(6_000, 0));
        Assert.True(health.TryAcquire(out var permit, out _));
        health.Return(permit, AttemptSignal.Failed(FailureKind.RateLimited, TimeSpan.FromMilliseconds(20), TimeSpan.FromSeconds(30)));
        Assert.InRange(health.QuotaWait.TotalSeconds, 29.9, 30.1);
    }

    [Fact]
    public void TryAcquire_WithAQuota_AllocatesNothing()
    {
        var health = Edge(new QuotaLimits(1_000_000, 1_000_000));
        Assert.Equal(0, Allocations.Least(() =>
        {
            Burst(health);
            health.CountUse(0, 100);
        }));
    }

    private EndpointHealth Edge(QuotaLimits quota, int edges = 1) => new EndpointHealthRegistry(_time, seed: 1) { Edges = edges }.Get("e", BreakerPolicyConfig.Default, quota);

    /// <summary>Asks a hundred times; how often it may.</summary>
    private static int Burst(EndpointHealth health)
    {
        var admitted = 0;
        for (var i = 0; i < 100; i++)
        {
            if (!health.TryAcquire(out var permit, out _)) continue;
            admitted++;
            health.Return(permit, BreakerLab.Ok());
        }

        return admitted;
    }
}
