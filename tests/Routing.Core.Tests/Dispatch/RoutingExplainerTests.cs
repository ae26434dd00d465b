using System.Globalization;
using Routing.Core.Dispatch;
using Routing.Core.Health;
using Routing.Core.Llm;
using Routing.Core.Snapshots;
using Routing.Core.Tables;
using Routing.Core.Tests.Simulation;
using static Routing.Core.Tests.Simulation.SelectionTable;

namespace Routing.Core.Tests.Dispatch;

/// <summary>What is told of a choice is what the selector does.</summary>
public sealed class RoutingExplainerTests
{
    private static readonly PriceConfig[] Prices = [Price("e0", 3_000_000, 15_000_000, 300_000), Price("e1", 1_000_000, 5_000_000, 100_000)];

    private readonly EndpointHealthRegistry _health = new(new VirtualClock(), 1);

    [Fact]
    public void Explain_Cheapest_TellsWhoIsAndWhatTheCallWouldCost()
    {
        var told = Explain(Feature(50, 50) with { Selection = SelectionStrategy.Cheapest }, Call(bytes: 4_000, limit: 100));
        Assert.Equal("By price for a call like this: e1 is the cheapest of tier 1.", told.Choice);
        Assert.Equal([(false, 4_500L, 4_500L), (true, 1_500L, 1_500L)], told.Candidates.Select(c => (c.AskedFirst, c.ExpectedMicros!.Value, c.MostMicros!.Value)));
        Assert.All(told.Candidates, c => Assert.Equal("USD", c.Currency));
    }

    [Fact]
    public void Explain_Fastest_TellsTheSpeedsAndWhoIsBest()
    {
        var route = Route(Feature(50, 50) with { Selection = SelectionStrategy.Fastest });
        Assert.Equal("By the time to the first token of late: nobody of tier 1 is better than another by enough to tell.", RoutingExplainer.Explain(route, Call(), VirtualClock.Start).Choice);
        Answer(route, 0, 0.9);
        Answer(route, 1, 0.3);

        var told = RoutingExplainer.Explain(route, Call(), VirtualClock.Start);
        Assert.StartsWith("By the time to the first token of late: e1 is the best of tier 1.", told.Choice, StringComparison.Ordinal);
        Assert.Equal([false, true], told.Candidates.Select(c => c.AskedFirst));
        Assert.InRange(told.Candidates[1].FirstTokenP90Ms!.Value, 280, 320);
    }

    [Fact]
    public void Explain_ByKey_NamesTheOneThatTheSelectorPicks()
    {
        var route = Route(Feature(50, 50) with { Affinity = AffinityMode.Key });
        for (var key = 1UL; key < 50; key++)
        {
            var call = Call(StableHash.Of(BitConverter.GetBytes(key)));
            var selector = new CandidateSelector(route, call, VirtualClock.Start);
            Assert.True(selector.TryNext(out var picked, out var permit));
            picked.Endpoint.Health.Return(permit, AttemptSignal.Answered(TimeSpan.Zero, TimeSpan.Zero, 1));
            var told = RoutingExplainer.Explain(route, call, VirtualClock.Start);
            Assert.Equal($"The call's key keeps it at {picked.Endpoint.Id}.", told.Choice);
            Assert.Equal(picked.Endpoint.Id, Assert.Single(told.Candidates, c => c.AskedFirst).Endpoint);
        }
    }

    [Fact]
    public void Explain_HoldsTheCache_SaysWhy()
    {
        var route = Route(Feature(50, 50) with { Affinity = AffinityMode.Cache, WarmPercent = 0 });
        route.Memory.Holders.Answered(99, (ushort)route.Candidates[0].Salt, readCache: true, VirtualClock.Start);
        Assert.Equal("e0 holds the prompt of the call's key in its cache, and reading it is cheaper.", RoutingExplainer.Explain(route, Call(99), VirtualClock.Start).Choice);
        Assert.Equal("By weight and chance, among e0 and e1.", RoutingExplainer.Explain(route, Call(100), VirtualClock.Start).Choice);
    }

    [Fact]
    public void Explain_OutsideAndTooDear_AreToldWithTheirNumbers()
    {
        var told = Explain(Feature(40, 30, 30) with { Residency = ["eu"], MaxCostMicros = 2_000 }, Call(bytes: 4_000, limit: 100), e => e with { Residency = e.Id == "e2" ? "us" : "eu" });
        Assert.Equal([CandidateVerdict.TooDear, CandidateVerdict.Eligible, CandidateVerdict.OutsideResidency], told.Candidates.Select(c => c.Verdict));
        Assert.Equal("It might cost 0.0045 USD; the feature allows 0.002 USD for one attempt.", told.Candidates[0].Reason);
        Assert.Equal("It keeps what it is sent in us; the feature allows eu.", told.Candidates[2].Reason);
        Assert.Equal("e1 is the only one of tier 1 that takes calls by its weight.", told.Choice);
        Assert.Null(told.Failure);
    }

    [Fact]
    public void Explain_EverybodyTooDear_TellsTheRefusalOfTheDispatcher()
    {
        var (feature, call) = (Feature(50, 50) with { MaxCostMicros = 10 }, Call(bytes: 4_000, limit: 100));
        var selector = new CandidateSelector(Route(feature), call, VirtualClock.Start);
        Assert.False(selector.TryNext(out _, out _));
        var told = Explain(feature, call);
        Assert.Equal(selector.Refusal(), told.Failure);
        Assert.Null(told.Choice);
    }

    [Fact]
    public void Explain_WithoutAPrice_SaysThatTheLimitIsNotJudged()
    {
        var told = Explain(Feature(50, 25, 25) with { MaxCostMicros = 1_000_000 }, Call());
        Assert.EndsWith("It has no price, so that the feature's limit of the cost of an attempt is not judged for it.", told.Candidates[2].Reason, StringComparison.Ordinal);
        Assert.Equal(CandidateVerdict.Eligible, told.Candidates[2].Verdict);
    }

    [Fact]
    public void Explain_BackupsAreKeptWarm_SaysHowMany()
    {
        var feature = new FeatureConfig { Name = "f", WarmPercent = 3, Candidates = [new() { ModelEndpoint = "e0" }, new() { ModelEndpoint = "e1", Tier = 2 }] };
        Assert.Equal("e0 is the only one of tier 1 that takes calls by its weight. 3 % of the calls are put to a backup first, so that it is known to work.", Explain(feature, Call()).Choice);
    }

    [Fact]
    public void Explain_HealthThatAnotherEdgeHasTold_JudgesByThatAlone()
    {
        var route = Route(Feature(40, 30, 30) with { Selection = SelectionStrategy.Fastest });
        Answer(route, 0, 0.2);
        EndpointHealthView[] told =
        [
            View("e0") with { State = BreakerState.Open, SharePercent = 0 },
            View("e1") with { State = BreakerState.PartialOpen, SharePercent = 10, SpeedP90Ms = 100 },
            View("e2") with { SpeedP90Ms = 900, Answered = 7, Failed = 2, WindowSeconds = 30 },
        ];

        var explained = RoutingExplainer.Explain(route, Call(), VirtualClock.Start, e => told[int.Parse(e.Id[1..], CultureInfo.InvariantCulture)]);

        Assert.Equal([CandidateVerdict.Open, CandidateVerdict.Partial, CandidateVerdict.Eligible], explained.Candidates.Select(c => c.Verdict));
        Assert.Equal([false, false, true], explained.Candidates.Select(c => c.AskedFirst));
        Assert.Equal("Takes calls: 2 of 9 failed in the last 30 s.", explained.Candidates[2].Reason);
        Assert.Equal([null, 100, 900], explained.Candidates.Select(c => c.FirstTokenP90Ms));
    }

    [Fact]
    public void Explain_EverybodyToldOpen_AsksTheLeastBadAllTheSame()
    {
        EndpointHealthView[] told = [.. new[] { 40, 3 }.Select((failed, i) => View($"e{i}") with { State = BreakerState.Open, SharePercent = 0, Failed = failed, Answered = 40 })];
        var explained = RoutingExplainer.Explain(Route(Feature(50, 50)), Call(), VirtualClock.Start, e => told[int.Parse(e.Id[1..], CultureInfo.InvariantCulture)]);
        Assert.Equal([CandidateVerdict.Open, CandidateVerdict.FailOpen], explained.Candidates.Select(c => c.Verdict));
    }

    [Fact]
    public void Explain_ItsOwnViewsHandedBack_TellsTheSame()
    {
        var route = Route(Feature(50, 50) with { Selection = SelectionStrategy.Balanced });
        Answer(route, 0, 0.9);
        Answer(route, 1, 0.3);
        var own = RoutingExplainer.Explain(route, Call(), VirtualClock.Start);
        var told = RoutingExplainer.Explain(route, Call(), VirtualClock.Start, e => e.Health.View());
        Assert.True(own.Candidates.SequenceEqual(told.Candidates));
        Assert.Equal((own.Choice, own.Failure), (told.Choice, told.Failure));
    }

    private static EndpointHealthView View(string endpoint) => new() { ModelEndpoint = endpoint, State = BreakerState.Closed, SharePercent = 100 };

    private static void Answer(FeatureRoute route, int candidate, double firstToken)
    {
        var health = route.Candidates[candidate].Endpoint.Health;
        for (var i = 0; i < 10; i++)
        {
            Assert.True(health.TryAcquire(out var permit, out _));
            health.Return(permit, AttemptSignal.Answered(TimeSpan.FromSeconds(firstToken), TimeSpan.FromSeconds(2), 100));
        }
    }

    private RoutingExplanation Explain(FeatureConfig feature, ChatCall call, Func<ModelEndpointConfig, ModelEndpointConfig>? endpoint = null) =>
        RoutingExplainer.Explain(Route(feature, endpoint), call, VirtualClock.Start);

    private FeatureRoute Route(FeatureConfig feature, Func<ModelEndpointConfig, ModelEndpointConfig>? endpoint = null) =>
        Compile(_health, [feature], Prices, endpoint: endpoint).Features["f"];
}
