using Routing.Core.Dispatch;
using Routing.Core.Dispatch.Choice;
using Routing.Core.Health;
using Routing.Core.Llm;
using Routing.Core.Providers;
using Routing.Core.Snapshots;
using Routing.Core.Tables;
using Routing.Core.Tests.Simulation;
using static Routing.Core.Tests.Simulation.SelectionTable;

namespace Routing.Core.Tests.Dispatch.Choice;

/// <summary>Who is never asked: outside the feature's residency, or too dear for it.</summary>
public sealed class FitnessTests
{
    private static readonly DateTimeOffset Later = VirtualClock.Start.AddHours(1);

    private readonly EndpointHealthRegistry _health = new(new VirtualClock(), 1);

    [Fact]
    public void TryNext_OutsideTheResidency_IsNotAskedAndSaysSo()
    {
        var selector = Selector(Tiers() with { Residency = ["eu"] }, Call());
        Assert.True(selector.TryNext(out var candidate, out _));
        Assert.Equal("e1", candidate.Endpoint.Id);
        Assert.Equal([CandidateReason.OutsideResidency, CandidateReason.Admitted, CandidateReason.NotReached], Reasons(selector));
    }

    [Fact]
    public void TryFailOpen_OnlyThoseOutsideAreWell_NobodyIsAsked()
    {
        var selector = Selector(Tiers() with { Residency = ["eu"] }, Call());
        _health.Find("e1")!.Isolate(Later, "drill", "ana");
        Assert.False(selector.TryNext(out _, out _));
        Assert.False(selector.TryFailOpen(out _, out _));
        Assert.Equal([CandidateReason.OutsideResidency, CandidateReason.Isolated, CandidateReason.OutsideResidency], Reasons(selector));
        Assert.Equal(FailureKind.NoEligibleEndpoint, selector.Refusal().Kind);
        Assert.Equal("Feature 'f' cannot be served just now: e0 keeps what it is sent outside the feature's residency; e1 is out of service; e2 keeps what it is sent outside the feature's residency.", selector.Refusal().Message);
    }

    [Fact]
    public void HasMore_OnlyThoseOutsideAreLeft_IsFalse()
    {
        var selector = Selector(Tiers() with { Residency = ["eu"] }, Call());
        Assert.True(selector.TryNext(out _, out _));
        Assert.False(selector.HasMore);
    }

    [Fact]
    public void Refusal_EverybodyOutside_IsNotWorthSendingAgain()
    {
        var selector = Selector(Tiers() with { Residency = ["mars"] }, Call());
        Assert.False(selector.TryNext(out _, out _));
        Assert.False(selector.TryFailOpen(out _, out _));
        var refusal = selector.Refusal();
        Assert.Equal((FailureKind.CapabilityUnsupported, null), (refusal.Kind, refusal.RetryAfter));
    }

    /// <summary>4,000 bytes are 1,000 tokens of input: at e0 3,000 micros, and 15 for each token of the answer.</summary>
    [Theory]
    [InlineData(1_000, "e0")] // 3,000 + 15,000 = the limit
    [InlineData(1_001, "e1")]
    [InlineData(null, "e1")] // the model endpoint's own limit of 4,096
    public void TryNext_MightCostMoreThanTheLimit_IsNotAsked(int? limit, string asked)
    {
        PriceConfig[] prices = [Price("e0", 3_000_000, 15_000_000), Price("e1", 300_000, 1_500_000)];
        var selector = Selector(Tiers() with { MaxCostMicros = 18_000 }, Call(bytes: 4_000, limit: limit), prices);
        Assert.True(selector.TryNext(out var candidate, out _));
        Assert.Equal(asked, candidate.Endpoint.Id);
        Assert.Equal(asked == "e0" ? CandidateReason.Admitted : CandidateReason.TooDear, Reasons(selector)[0]);
    }

    [Fact]
    public void TryNext_SeveralChoicesAskedFor_EachCounts()
    {
        PriceConfig[] prices = [Price("e0", 3_000_000, 15_000_000), Price("e1", 300_000, 1_500_000)];
        var selector = Selector(Tiers() with { MaxCostMicros = 18_000 }, Call(bytes: 4_000, limit: 1_000, choices: 2), prices);
        Assert.True(selector.TryNext(out var candidate, out _));
        Assert.Equal("e1", candidate.Endpoint.Id);
    }

    [Fact]
    public void AtMost_TokensAreOnlyCounted_CostsNothing()
    {
        var endpoint = Compile(_health, [Tiers()], [Price("e0", 3_000_000, 15_000_000)]).Features["f"].Candidates[0].Endpoint;
        Assert.Equal(3_000 + 15_000, CallCost.AtMost(Call(bytes: 4_000, limit: 1_000), endpoint, VirtualClock.Start));
        Assert.Equal(0, CallCost.AtMost(Call(bytes: 4_000, limit: 1_000, api: CallerApi.CountTokens), endpoint, VirtualClock.Start));
    }

    [Fact]
    public void TryNext_WithoutAPrice_IsAsked()
    {
        var selector = Selector(Tiers() with { MaxCostMicros = 1 }, Call(bytes: 4_000));
        Assert.True(selector.TryNext(out var candidate, out _));
        Assert.Equal("e0", candidate.Endpoint.Id);
    }

    [Fact]
    public void Refusal_EverybodyTooDear_NamesTheLimitAndTheEstimates()
    {
        PriceConfig[] prices = [Price("e0", 3_000_000, 15_000_000), Price("e1", 300_000, 1_500_000), Price("e2", 3_000_000, 15_000_000)];
        var selector = Selector(Tiers() with { MaxCostMicros = 1_500 }, Call(bytes: 4_000, limit: 1_000), prices);
        Assert.False(selector.TryNext(out _, out _));
        Assert.False(selector.TryFailOpen(out _, out _));
        var refusal = selector.Refusal();
        Assert.Equal((FailureKind.InvalidRequest, "cost_limit_exceeded", "max_tokens", null), (refusal.Kind, refusal.RawCode, refusal.Param, refusal.RetryAfter));
        Assert.Equal(
            "This call might cost more than feature 'f' allows for one attempt, which is 0.0015 USD: e0 might cost 0.018 USD; e1 might cost 0.0018 USD; e2 might cost 0.018 USD."
            + " Send less, set 'max_tokens' lower, or ask an administrator to raise the limit.", refusal.Message);
    }

    [Fact]
    public void Refusal_EmbeddingsTooDear_SpeaksOfTheInputForThereIsNoLimitToLower()
    {
        PriceConfig[] prices = [Price("e0", 3_000_000, 0), Price("e1", 3_000_000, 0), Price("e2", 3_000_000, 0)];
        var table = Compile(_health, [Tiers() with { MaxCostMicros = 1_500 }], prices, endpoint: e => e with { Family = ModelFamily.Embedding });
        var selector = new CandidateSelector(table.Features["f"], Call(bytes: 4_000, api: CallerApi.Embeddings), VirtualClock.Start);
        Assert.False(selector.TryNext(out _, out _));
        var refusal = selector.Refusal();
        Assert.Equal(("cost_limit_exceeded", "input"), (refusal.RawCode, refusal.Param));
        Assert.EndsWith(". Send less, or ask an administrator to raise the limit.", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void TryNext_Cheapest_ByThePriceOfThisCallAndWithoutAPriceLast()
    {
        // e0 is cheap to read and dear to write, e1 the other way round; e2 has no price.
        PriceConfig[] prices = [Price("e0", 1_000_000, 20_000_000), Price("e1", 4_000_000, 4_000_000)];
        var feature = Feature(34, 33, 33) with { Selection = SelectionStrategy.Cheapest };
        Assert.Equal(["e0", "e1", "e2"], Order(feature, Call(bytes: 40_000, limit: 10), prices));
        Assert.Equal(["e1", "e0", "e2"], Order(feature, Call(bytes: 400, limit: 200), prices));
    }

    [Fact]
    public void TryNext_Cheapest_TakesAnswersToBeAsLongAsTheyWere()
    {
        PriceConfig[] prices = [Price("e0", 1_000_000, 20_000_000), Price("e1", 4_000_000, 4_000_000)];
        var route = Compile(_health, [Feature(50, 50) with { Selection = SelectionStrategy.Cheapest }], prices).Features["f"];
        route.Memory.Answered(new TokenUsage { OutputTotal = 2_000, Source = UsageSource.Reported });
        Assert.Equal("e1", First(route));
        for (var i = 0; i < 300; i++) route.Memory.Answered(new TokenUsage { OutputTotal = 10, Source = UsageSource.Reported });
        Assert.InRange(route.Memory.MeanAnswer, 10, 14);
        Assert.Equal("e0", First(route));

        static string First(FeatureRoute route)
        {
            var selector = new CandidateSelector(route, Call(bytes: 4_000), VirtualClock.Start);
            Assert.True(selector.TryNext(out var candidate, out _));
            return candidate.Endpoint.Id;
        }
    }

    [Fact]
    public void TryNext_CheapestTwoAsCheap_ShareByWeight()
    {
        PriceConfig[] prices = [Price("e0", 1_000_000, 1_000_000), Price("e1", 1_000_000, 1_000_000), Price("e2", 1_000_001, 1_000_000)];
        var route = Compile(_health, [Feature(60, 20, 20) with { Selection = SelectionStrategy.Cheapest }], prices).Features["f"];
        var call = Call(bytes: 8_000_000);
        var picks = Enumerable.Range(0, 4_000).Select(_ => new CandidateSelector(route, call, VirtualClock.Start))
            .Select(s => s.TryNext(out var c, out _) ? c.Endpoint.Id : "").CountBy(id => id).ToDictionary(p => p.Key, p => p.Value, StringComparer.Ordinal);
        Assert.InRange(picks["e0"], 2_900, 3_100);
        Assert.Equal(4_000, picks["e0"] + picks["e1"]);
    }

    private string[] Order(FeatureConfig feature, ChatCall call, PriceConfig[] prices)
    {
        var selector = Selector(feature, call, prices);
        List<string> order = [];
        while (selector.TryNext(out var candidate, out _)) order.Add(candidate.Endpoint.Id);
        return [.. order];
    }

    private CandidateSelector Selector(FeatureConfig feature, ChatCall call, PriceConfig[]? prices = null)
    {
        var table = Compile(_health, [feature], prices ?? [], endpoint: e => e with { Residency = e.Id == "e1" ? "eu" : e.Id == "e2" ? "us" : "" });
        return new CandidateSelector(table.Features["f"], call, VirtualClock.Start);
    }

    private static CandidateReason[] Reasons(CandidateSelector selector)
    {
        var reasons = selector.Reasons;
        return [.. Enumerable.Range(0, 3).Select(i => reasons[i])];
    }

    private static FeatureConfig Tiers() => new()
    {
        Name = "f", Candidates = [new() { ModelEndpoint = "e0" }, new() { ModelEndpoint = "e1", Tier = 2 }, new() { ModelEndpoint = "e2", Tier = 3 }],
    };
}
