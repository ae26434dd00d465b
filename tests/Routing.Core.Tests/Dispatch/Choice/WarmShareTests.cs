using Routing.Core.Dispatch;
using Routing.Core.Health;
using Routing.Core.Llm;
using Routing.Core.Snapshots;
using Routing.Core.Tables;
using Routing.Core.Tests.Simulation;
using static Routing.Core.Tests.Simulation.SelectionTable;

namespace Routing.Core.Tests.Dispatch.Choice;

/// <summary>Backups get a small share of the calls, in turns, and only if they may.</summary>
public sealed class WarmShareTests
{
    private static readonly DateTimeOffset Later = VirtualClock.Start.AddHours(1);

    private readonly VirtualClock _time = new();
    private readonly EndpointHealthRegistry _health;

    public WarmShareTests() => _health = new EndpointHealthRegistry(_time, 1);

    [Theory]
    [InlineData(0, 0)]
    [InlineData(1, 10)]
    [InlineData(3, 30)]
    [InlineData(10, 100)]
    public void TryNext_AThousandCalls_TheShareGoesToTheBackupsInTurns(int percent, int expected)
    {
        var route = Route(percent);
        var warm = Picks(route, 1_000).Where(p => p.IsWarm).Select(p => p.Endpoint).ToArray();
        Assert.Equal(expected, warm.Length);
        Assert.InRange(warm.Count(e => e == "e1"), expected / 2, (expected + 1) / 2);
        Assert.DoesNotContain("e0", warm, StringComparer.Ordinal);
    }

    [Fact]
    public void TryNext_Warm_EachHundredthCallAndNotSomeHundredthByChance()
    {
        var warm = Picks(Route(1), 1_000).Select((p, i) => (p.IsWarm, At: i + 1)).Where(p => p.IsWarm).Select(p => p.At);
        Assert.Equal(Enumerable.Range(1, 10).Select(i => i * 100), warm);
    }

    [Fact]
    public void TryNext_TheTableIsReplacedBeforeItsTurn_TheShareIsCountedOn()
    {
        var feature = Feature(100) with { WarmPercent = 1, Candidates = [new() { ModelEndpoint = "e0" }, new() { ModelEndpoint = "e1", Tier = 2, Role = CandidateRole.Backup }] };
        var (warm, table) = (0, default(RoutingTable));
        for (var i = 0; i < 20; i++)
        {
            table = Compile(_health, [feature], [], previous: table);
            warm += Picks(table.Features["f"], 50).Count(p => p.IsWarm);
        }

        Assert.Equal(10, warm);
    }

    [Fact]
    public void TryNext_OneBackupIsOutOfService_TheOtherGetsTheWholeShare()
    {
        var route = Route(10);
        _health.Find("e1")!.Isolate(Later, "drill", "ana");
        Assert.Equal(Enumerable.Repeat("e2", 10), Picks(route, 100).Where(p => p.IsWarm).Select(p => p.Endpoint), StringComparer.Ordinal);
    }

    [Fact]
    public void TryNext_ThePrimaryTakesNoCalls_NothingIsWarm()
    {
        var route = Route(10);
        _health.Find("e0")!.Isolate(Later, "drill", "ana");
        Assert.All(Picks(route, 100), p => Assert.Equal(("e1", false), p));
    }

    [Fact]
    public void TryNext_BackupsAreAllThereIs_NothingIsWarm()
    {
        var feature = Tiers(10);
        var route = Compile(_health, [feature with { Candidates = [feature.Candidates[0] with { Role = CandidateRole.Backup }] }], []).Features["f"];
        Assert.All(Picks(route, 100), p => Assert.Equal(("e0", false), p));
    }

    [Fact]
    public void TryNext_OneAttemptOnly_NothingIsWarm()
    {
        var route = Compile(_health, [Tiers(10) with { MaxAttempts = 1 }], []).Features["f"];
        Assert.All(Picks(route, 100), p => Assert.False(p.IsWarm));
    }

    [Fact]
    public void TryNext_AfterAWarmOneFailed_ThePrimaryIsNext()
    {
        var route = Route(10);
        Picks(route, 9);
        var selector = new CandidateSelector(route, Call(), VirtualClock.Start);
        Assert.True(selector.TryNext(out var first, out _));
        Assert.Equal(("e1", true), (first.Endpoint.Id, selector.IsWarm));
        Assert.True(selector.TryNext(out var second, out _));
        Assert.Equal(("e0", false), (second.Endpoint.Id, selector.IsWarm));
        Assert.Equal([CandidateReason.Admitted, CandidateReason.AdmittedWarm, CandidateReason.NotReached], Enumerable.Range(0, 3).Select(i => selector.Reasons[i]));
    }

    /// <summary>Without the share nobody would ask a backup that is coming back, and it would stand on its first step until it is needed.</summary>
    [Fact]
    public void TryNext_ATrippedBackupThatNobodyNeeds_ClimbsItsRamp()
    {
        var route = Route(2);
        var backup = _health.Find("e1")!;
        for (var i = 0; i < 5; i++)
        {
            Assert.True(backup.TryAcquire(out var permit, out _));
            backup.Return(permit, AttemptSignal.Failed(FailureKind.UpstreamInternal, TimeSpan.FromMilliseconds(50)));
        }

        Assert.Equal(BreakerState.Open, backup.State);
        for (var i = 0; i < 20 * 600 && backup.State != BreakerState.Closed; i++)
        {
            Assert.True(new CandidateSelector(route, Call(), VirtualClock.Start) is var selector && selector.TryNext(out var candidate, out var permit));
            _time.MoveTo(TimeSpan.FromSeconds((i + 1) / 20.0).Ticks);
            candidate.Endpoint.Health.Return(permit, AttemptSignal.Answered(TimeSpan.FromSeconds(0.2), TimeSpan.FromSeconds(1), 60));
            if (i % 20 == 0) _health.Tick();
        }

        Assert.Equal(BreakerState.Closed, backup.State);
    }

    private FeatureRoute Route(int percent) => Compile(_health, [Tiers(percent)], []).Features["f"];

    private static FeatureConfig Tiers(int percent) => new()
    {
        Name = "f", WarmPercent = percent,
        Candidates = [new() { ModelEndpoint = "e0" }, new() { ModelEndpoint = "e1", Tier = 2, Role = CandidateRole.Backup }, new() { ModelEndpoint = "e2", Tier = 3 }],
    };

    private static List<(string Endpoint, bool IsWarm)> Picks(FeatureRoute route, int calls)
    {
        List<(string, bool)> picks = [];
        for (var i = 0; i < calls; i++)
        {
            var selector = new CandidateSelector(route, Call(), VirtualClock.Start);
            Assert.True(selector.TryNext(out var candidate, out var permit));
            candidate.Endpoint.Health.Return(permit, AttemptSignal.Answered(TimeSpan.FromSeconds(0.2), TimeSpan.FromSeconds(1), 60));
            picks.Add((candidate.Endpoint.Id, selector.IsWarm));
        }

        return picks;
    }
}
