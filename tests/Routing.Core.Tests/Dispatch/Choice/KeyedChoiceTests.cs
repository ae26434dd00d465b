using Routing.Core.Dispatch;
using Routing.Core.Health;
using Routing.Core.Snapshots;
using Routing.Core.Tables;
using Routing.Core.Tests.Simulation;
using static Routing.Core.Tests.Simulation.SelectionTable;

namespace Routing.Core.Tests.Dispatch.Choice;

/// <summary>Calls of one key stay together, on every edge and across restarts.</summary>
public sealed class KeyedChoiceTests
{
    private const int Keys = 20_000;

    private static readonly FeatureConfig ByKey = Feature(20, 50, 30) with { Affinity = AffinityMode.Key };

    [Fact]
    public void Pick_OtherEdgeOtherSeed_TheSameCandidate()
    {
        var (one, other) = (Route(ByKey, seed: 1), Route(ByKey, seed: 99));
        for (var key = 1UL; key <= 1_000; key++) Assert.Equal(Picked(one, Key(key)), Picked(other, Key(key)));
    }

    /// <summary>Worked out by other code than this. Were these to change with a version, every user would move when edges are updated.</summary>
    [Fact]
    public void Pick_KnownKeys_GoWhereTheyAlwaysWent()
    {
        var route = Route(ByKey);
        Assert.Equal("e1 e1 e1 e1 e2 e1 e1 e2", string.Join(' ', Enumerable.Range(1, 8).Select(i => Picked(route, StableHash.Of($"user-{i}")))));
    }

    [Fact]
    public void Pick_ManyKeys_SplitsThemByWeight()
    {
        var route = Route(ByKey);
        var shares = Enumerable.Range(1, Keys).CountBy(i => Picked(route, Key((ulong)i))).ToDictionary(p => p.Key, p => 100.0 * p.Value / Keys, StringComparer.Ordinal);
        Assert.InRange(shares["e0"], 19, 21);
        Assert.InRange(shares["e1"], 49, 51);
        Assert.InRange(shares["e2"], 29, 31);
    }

    [Fact]
    public void Pick_OneDropsOutAndReturns_OnlyItsOwnKeysMoveAndComeBack()
    {
        var route = Route(ByKey);
        var before = Enumerable.Range(1, 2_000).Select(i => Picked(route, Key((ulong)i))).ToArray();
        route.Candidates[1].Endpoint.Health.Force(0, DateTimeOffset.MaxValue, "drill", "ana");
        var without = Enumerable.Range(1, 2_000).Select(i => Picked(route, Key((ulong)i))).ToArray();
        route.Candidates[1].Endpoint.Health.Force(100, DateTimeOffset.MaxValue, "drill", "ana");
        var after = Enumerable.Range(1, 2_000).Select(i => Picked(route, Key((ulong)i))).ToArray();

        for (var i = 0; i < before.Length; i++) Assert.True(before[i] == "e1" ? without[i] is "e0" or "e2" : without[i] == before[i], $"key {i + 1} moved from {before[i]} to {without[i]}");
        Assert.Contains("e0", without.Where((_, i) => before[i] == "e1"), StringComparer.Ordinal);
        Assert.Equal(before, after);
    }

    [Fact]
    public void Pick_NoKey_TheStrategyDecides()
    {
        var route = Route(ByKey);
        Assert.Equal(3, Enumerable.Range(0, 200).Select(_ => Picked(route, 0)).Distinct(StringComparer.Ordinal).Count());
    }

    [Fact]
    public void Pick_AnExperimentInTheTier_IsSplitByKeyWhateverTheStrategy()
    {
        var feature = Feature(90, 10) with { Selection = SelectionStrategy.Cheapest };
        feature = feature with { Candidates = feature.Candidates.SetItem(1, feature.Candidates[1] with { Role = CandidateRole.Experiment }) };
        var route = Route(feature, prices: [Price("e0", 9_000_000, 9_000_000), Price("e1", 1, 1)]);

        var first = Enumerable.Range(1, 5_000).Select(i => Picked(route, Key((ulong)i))).ToArray();
        Assert.InRange(100.0 * first.Count(e => e == "e1") / first.Length, 8.5, 11.5);
        Assert.Equal(first, Enumerable.Range(1, 5_000).Select(i => Picked(route, Key((ulong)i))), StringComparer.Ordinal);
        Assert.InRange(100.0 * Enumerable.Range(0, 5_000).Count(_ => Picked(route, 0) == "e1") / 5_000, 8.5, 11.5);
    }

    [Fact]
    public void Pick_TwoFeaturesWithTheSameCandidates_DoNotSplitTheirKeysAlike()
    {
        var (one, other) = (Route(Feature(50, 50) with { Affinity = AffinityMode.Key }), Route(Feature(50, 50) with { Name = "g", Affinity = AffinityMode.Key }));
        Assert.InRange(100.0 * Enumerable.Range(1, 5_000).Count(i => Picked(one, Key((ulong)i)) == Picked(other, Key((ulong)i))) / 5_000, 46, 54);
    }

    private static ulong Key(ulong number) => StableHash.Of(BitConverter.GetBytes(number));

    private static FeatureRoute Route(FeatureConfig feature, ulong seed = 1, PriceConfig[]? prices = null) =>
        Compile(new EndpointHealthRegistry(new VirtualClock(), 1), [feature], prices ?? [], seed).Features[feature.Name];

    private static string Picked(FeatureRoute route, ulong key)
    {
        var selector = new CandidateSelector(route, Call(key), VirtualClock.Start);
        Assert.True(selector.TryNext(out var candidate, out _));
        return candidate.Endpoint.Id;
    }
}
