using Routing.Core.Dispatch;
using Routing.Core.Dispatch.Choice;
using Routing.Core.Health;
using Routing.Core.Snapshots;
using Routing.Core.Tables;
using Routing.Core.Tests.Simulation;
using static Routing.Core.Tests.Simulation.SelectionTable;

namespace Routing.Core.Tests.Dispatch.Choice;

/// <summary>A conversation stays where its prompt is cached, for as long as that saves money.</summary>
public sealed class CacheHoldersTests
{
    private const ulong Key = 0xABCDEF0123456789;

    private static readonly DateTimeOffset At = VirtualClock.Start;

    private readonly CacheHolders _holders = new();

    [Fact]
    public void TryFind_AfterTheFirstAnswer_HoldsAlthoughNothingCouldBeReadYet()
    {
        Assert.False(_holders.TryFind(Key, At, out _));
        _holders.Answered(Key, 7, readCache: false, At);
        Assert.True(_holders.TryFind(Key, At.AddSeconds(3), out var holder));
        Assert.Equal(7, holder);
    }

    [Fact]
    public void TryFind_TheSecondAnswerReadNothing_HoldsNoLongerUntilOneReads()
    {
        _holders.Answered(Key, 7, readCache: false, At);
        _holders.Answered(Key, 7, readCache: false, At.AddSeconds(5));
        Assert.False(_holders.TryFind(Key, At.AddSeconds(6), out _));

        _holders.Answered(Key, 8, readCache: false, At.AddSeconds(7));
        Assert.False(_holders.TryFind(Key, At.AddSeconds(8), out _));

        _holders.Answered(Key, 8, readCache: true, At.AddSeconds(9));
        Assert.True(_holders.TryFind(Key, At.AddSeconds(10), out var holder));
        Assert.Equal(8, holder);
    }

    [Fact]
    public void TryFind_OneAnswerAmongThoseThatReadDidNot_HoldsUntilTheNextDoesNotEither()
    {
        _holders.Answered(Key, 7, readCache: true, At);
        _holders.Answered(Key, 7, readCache: false, At.AddSeconds(5));
        Assert.True(_holders.TryFind(Key, At.AddSeconds(6), out var holder));
        Assert.Equal(7, holder);

        _holders.Answered(Key, 7, readCache: false, At.AddSeconds(7));
        Assert.False(_holders.TryFind(Key, At.AddSeconds(8), out _));
    }

    [Fact]
    public void TryFind_SomebodyElseTookOver_HoldsThereAlthoughItsCacheWasCold()
    {
        _holders.Answered(Key, 7, readCache: true, At);
        _holders.Answered(Key, 8, readCache: false, At.AddSeconds(5));
        Assert.True(_holders.TryFind(Key, At.AddSeconds(6), out var holder));
        Assert.Equal(8, holder);
    }

    [Theory]
    [InlineData(300, true)]
    [InlineData(301, false)]
    [InlineData(-10, true)] // began before the one that was noted
    public void TryFind_Idle_HoldsForFiveMinutes(int seconds, bool holds)
    {
        _holders.Answered(Key, 7, readCache: true, At);
        Assert.Equal(holds, _holders.TryFind(Key, At.AddSeconds(seconds), out _));
    }

    [Fact]
    public void TryFind_AnotherKeyInItsPlace_IsNotTakenForIt()
    {
        _holders.Answered(Key, 7, readCache: true, At);
        Assert.False(_holders.TryFind(Key ^ (1UL << 60), At, out _));
    }

    [Theory]
    [InlineData(300_000L, "e1")] // reading is cheaper: stays
    [InlineData(3_000_000L, "e0")] // is not: the cheapest
    [InlineData(null, "e0")] // nobody says so: the cheapest
    public void TryNext_TheHolderIsNotTheCheapest_IsAskedIfReadingIsCheaper(long? cacheRead, string asked)
    {
        var feature = Feature(50, 50) with { Affinity = AffinityMode.Cache, Selection = SelectionStrategy.Cheapest };
        var table = Compile(new EndpointHealthRegistry(new VirtualClock(), 1), [feature], [Price("e0", 2_000_000, 8_000_000), Price("e1", 3_000_000, 9_000_000, cacheRead)]);
        var route = table.Features["f"];
        route.Memory.Holders.Answered(Key, (ushort)route.Candidates[1].Salt, readCache: true, At);

        Assert.Equal(asked, Picked(route, Key));
        Assert.Equal("e0", Picked(route, Key + 1));
        Assert.Equal("e0", Picked(route, 0));
    }

    [Fact]
    public void TryNext_ANewTable_KnowsTheHolder()
    {
        var feature = Feature(50, 50) with { Affinity = AffinityMode.Cache };
        var health = new EndpointHealthRegistry(new VirtualClock(), 1);
        PriceConfig[] prices = [Price("e0", 2_000_000, 8_000_000, 200_000), Price("e1", 2_000_000, 8_000_000, 200_000)];
        var first = Compile(health, [feature], prices);
        first.Features["f"].Memory.Holders.Answered(Key, (ushort)first.Features["f"].Candidates[1].Salt, readCache: true, At);

        var turned = feature with { Candidates = [feature.Candidates[1], feature.Candidates[0]] };
        var second = Compile(health, [turned], prices, previous: first);
        for (var i = 0; i < 20; i++) Assert.Equal("e1", Picked(second.Features["f"], Key));
    }

    private static string Picked(FeatureRoute route, ulong key)
    {
        var selector = new CandidateSelector(route, Call(key), At);
        Assert.True(selector.TryNext(out var candidate, out _));
        return candidate.Endpoint.Id;
    }
}
