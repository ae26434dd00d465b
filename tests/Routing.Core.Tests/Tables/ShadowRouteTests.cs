using Routing.Core.Dispatch;
using Routing.Core.Health;
using Routing.Core.Snapshots;
using Routing.Core.Tables;
using Routing.Core.Tests.Simulation;
using TestKit;
using static Routing.Core.Tests.Simulation.SelectionTable;

namespace Routing.Core.Tests.Tables;

/// <summary>Shadows beside a feature's candidates, and the share of the calls they get.</summary>
public sealed class ShadowRouteTests
{
    private static readonly FeatureConfig Shadowed = Feature(60, 40, 100) with { ShadowPercent = 10, TotalMs = 30_000, MaxCostMicros = 500, Residency = ["eu"], HedgePercent = 2, WarmPercent = 3, Delivery = DeliveryMode.Protected };

    [Fact]
    public void Compile_AShadow_IsNoCandidateAndInNoTier()
    {
        var route = Route(Shadowed);

        Assert.Equal(["e0", "e1"], route.Candidates.Select(c => c.Endpoint.Id), StringComparer.Ordinal);
        Assert.Equal(0b11u, route.LowestTier(route.All));
        Assert.Null(route.Warm);
        Assert.Equal("e2", Assert.Single(Assert.Single(route.Shadows).Candidates).Endpoint.Id);
    }

    [Fact]
    public void Compile_AShadow_KeepsTheFeaturesLimitsAndNothingThatRescues()
    {
        var (route, shadow) = (Route(Shadowed), Route(Shadowed).Shadows[0]);

        Assert.Equal((route.Name, route.Total, route.Idle, route.FirstToken, route.MaxCostMicros), (shadow.Name, shadow.Total, shadow.Idle, shadow.FirstToken, shadow.MaxCostMicros));
        Assert.Equal(["eu"], shadow.Residency.AsEnumerable(), StringComparer.Ordinal);
        Assert.Equal((1, 0, 0, DeliveryMode.Immediate), (shadow.MaxAttempts, shadow.HedgePercent, shadow.WarmPercent, shadow.Delivery));
        Assert.NotSame(route.Memory, shadow.Memory);
    }

    [Fact]
    public void Compile_NoShareIsCopied_HasNoShadows() => Assert.Empty(Route(Shadowed with { ShadowPercent = 0 }).Shadows);

    [Fact]
    public void DrawsShadow_ManySeeds_KeepsTheShare()
    {
        const int Calls = 4_000;
        for (var seed = 1UL; seed <= 50; seed++)
        {
            var route = Route(Shadowed, seed);
            // Four standard deviations of a draw of ten in a hundred.
            Assert.InRange(Enumerable.Range(0, Calls).Count(_ => route.DrawsShadow()), 400 - 76, 400 + 76);
        }
    }

    [Fact]
    public void DrawsShadow_ATableForEachFewCalls_ChoosesTheCallsThatOneTableWould()
    {
        var health = new EndpointHealthRegistry(new VirtualClock(), 1);
        var standing = Route(Shadowed, 3);
        RoutingTable? table = null;
        for (var i = 0; i < 300; i++)
        {
            if (i % 3 == 0) table = Compile(health, [WithShadow(Shadowed)], [], 3, previous: table);
            Assert.Equal(standing.DrawsShadow(), table!.Features["f"].DrawsShadow());
        }
    }

    [Theory]
    [InlineData(100, 1_000)]
    [InlineData(0, 0)]
    public void DrawsShadow_AllOrNone_IsExact(int percent, int copied)
    {
        var route = Route(Shadowed with { ShadowPercent = percent });
        Assert.Equal(copied, Enumerable.Range(0, 1_000).Count(_ => route.DrawsShadow()));
    }

    [Fact]
    public void DrawsShadow_TheSameSeed_ChoosesTheSameCallsAndNobodyElseAnswers()
    {
        var (one, other, without) = (Route(Shadowed, 9), Route(Shadowed, 9), Route(Shadowed with { ShadowPercent = 0 }, 9));
        for (var i = 0; i < 500; i++)
        {
            Assert.Equal(one.DrawsShadow(), other.DrawsShadow());
            Assert.Equal(without.Draw(100), one.Draw(100));
        }
    }

    [Fact]
    public void DrawsShadow_AThousandTimes_AllocatesNothing()
    {
        var route = Route(Shadowed);
        Assert.Equal(0, Allocations.Least(() =>
        {
            for (var i = 0; i < 1_000; i++) route.DrawsShadow();
        }));
    }

    [Fact]
    public void Explain_AShadow_StandsBesideTheCandidatesWithItsShare()
    {
        var told = RoutingExplainer.Explain(Route(Shadowed with { Residency = [], MaxCostMicros = 0 }), Call(), VirtualClock.Start);

        Assert.Equal(["e0", "e1"], told.Candidates.Select(c => c.Endpoint), StringComparer.Ordinal);
        var shadow = Assert.Single(told.Shadows);
        Assert.Equal(("e2", 10, CandidateVerdict.Eligible, "Gets a copy of 10 % of the answered calls; its answer goes to nobody."), (shadow.Endpoint, shadow.Percent, shadow.Verdict, shadow.Reason));
    }

    [Fact]
    public void Explain_AShadowThatIsOpen_IsNotAskedAllTheSame()
    {
        var health = new EndpointHealthRegistry(new VirtualClock(), 1);
        var route = Route(Shadowed with { Residency = [], MaxCostMicros = 0 }, health: health);
        route.Shadows[0].Candidates[0].Endpoint.Health.Force(0, VirtualClock.Start.AddHours(1), "drill", "ana");

        var shadow = Assert.Single(RoutingExplainer.Explain(route, Call(), VirtualClock.Start).Shadows);
        Assert.NotEqual(CandidateVerdict.FailOpen, shadow.Verdict);
        Assert.StartsWith("Gets no copy of this call. ", shadow.Reason, StringComparison.Ordinal);
    }

    private static FeatureRoute Route(FeatureConfig feature, ulong seed = 1, EndpointHealthRegistry? health = null) =>
        Compile(health ?? new EndpointHealthRegistry(new VirtualClock(), 1), [WithShadow(feature)], [], seed).Features["f"];

    private static FeatureConfig WithShadow(FeatureConfig feature) =>
        feature with { Candidates = [feature.Candidates[0], feature.Candidates[1], feature.Candidates[2] with { Role = CandidateRole.Shadow, Weight = 0 }] };
}
