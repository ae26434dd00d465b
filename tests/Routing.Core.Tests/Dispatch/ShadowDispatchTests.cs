using Routing.Core.Credentials;
using Routing.Core.Dispatch;
using Routing.Core.Health;
using Routing.Core.Llm;
using Routing.Core.Snapshots;
using Routing.Core.Usage;

namespace Routing.Core.Tests.Dispatch;

/// <summary>What becomes of a copy that is sent to a shadow, and that nobody but the ledger and the endpoint's health hears of it.</summary>
public sealed class ShadowDispatchTests
{
    private const string Whole = """{"id":"c1","choices":[{"index":0,"message":{"role":"assistant","content":"Hello"},"finish_reason":"stop"}],"usage":{"prompt_tokens":2000,"completion_tokens":30,"total_tokens":2030,"prompt_tokens_details":{"cached_tokens":1920}}}""";

    [Fact]
    public async Task Copy_IsAnswered_IsBookedToTheShadowWithItsCost()
    {
        await using var primary = new ScriptedProvider();
        await using var shadow = new ScriptedProvider().ThenAnswer(Whole);
        using var bench = Bench(primary, shadow);

        var result = await CopyAsync(bench);

        var attempt = Assert.Single(result.Event.Attempts);
        Assert.Equal((AttemptCause.Shadow, AttemptOutcome.Answered, "e1", 2000L, 30L), (attempt.Cause, attempt.Outcome, attempt.ModelEndpoint, attempt.Usage.InputTotal, attempt.Usage.OutputTotal));
        Assert.Equal(("f", "e1", 2_060L), (result.Event.Feature, result.Event.ServedBy, attempt.CostMicros!.Value));
        Assert.Empty(primary.Requests);
    }

    [Fact]
    public async Task Copy_OfAFeatureWithABudget_IsPaidFromItAndRefusedOnceItIsSpent()
    {
        await using var primary = new ScriptedProvider();
        await using var shadow = new ScriptedProvider().ThenAnswer(Whole);
        using var bench = Bench(primary, shadow, f => f with { BudgetMicros = 2_060, BudgetAction = BudgetAction.Stop });

        Assert.Null((await CopyAsync(bench)).Failure);
        var refused = await CopyAsync(bench);

        var budget = bench.Table.Features["f"].MonthlyBudget!;
        Assert.Equal(2_060, budget.Spend.Spent(Routing.Core.Budgets.BudgetMonth.Of(TimeProvider.System.GetUtcNow())));
        Assert.Equal(FailureKind.BudgetExceeded, refused.Failure!.Kind);
        Assert.Empty(refused.Event.Attempts);
    }

    [Fact]
    public async Task Copy_IsAnswered_TeachesTheFeatureNothing()
    {
        await using var primary = new ScriptedProvider();
        await using var shadow = new ScriptedProvider().ThenAnswer(Whole);
        using var bench = Bench(primary, shadow, f => f with { Affinity = AffinityMode.Cache });
        var route = bench.Table.Features["f"];

        Assert.Null((await CopyAsync(bench, key: 77)).Failure);

        Assert.Equal(0, route.Memory.MeanAnswer);
        Assert.False(route.Memory.Holders.TryFind(77, TimeProvider.System.GetUtcNow(), out _));
    }

    [Fact]
    public async Task Copy_Fails_IsNotTriedAgainAndCountsAgainstTheEndpoint()
    {
        await using var primary = new ScriptedProvider();
        await using var shadow = new ScriptedProvider().ThenStatus(500, "{}");
        using var bench = Bench(primary, shadow, f => f with { MaxAttempts = 5 });

        var result = await CopyAsync(bench);

        Assert.Equal((AttemptCause.Shadow, AttemptOutcome.Failed), (Assert.Single(result.Event.Attempts).Cause, result.Event.Attempts[0].Outcome));
        Assert.Equal(1, bench.Table.Endpoints["e1"].Health.View().Failed);
        Assert.Empty(primary.Requests);
    }

    [Theory]
    [InlineData(401, FailureKind.Unauthenticated)]
    [InlineData(403, FailureKind.PermissionDenied)]
    [InlineData(404, FailureKind.ModelNotFound)]
    public async Task Copy_IsRefusedAsMisconfigured_LeavesTheEndpointAndItsTokenToItsCallers(int status, FailureKind kind)
    {
        var tokens = new CountedTokens();
        await using var primary = new ScriptedProvider();
        await using var shadow = new ScriptedProvider().ThenStatus(status, "{}");
        using var bench = Bench(primary, shadow, tokens: tokens);

        var result = await CopyAsync(bench);

        var health = bench.Table.Endpoints["e1"].Health.View();
        Assert.Equal((kind, 0), (Assert.Single(result.Event.Attempts).Failure!.Value, tokens.Invalidated));
        Assert.Equal((BreakerState.Closed, 0, 0), (health.State, health.Failed, health.InFlight));
    }

    [Theory]
    [InlineData(true, AttemptOutcome.Failed)]
    [InlineData(false, AttemptOutcome.Answered)]
    public async Task Copy_IsFilteredAway_IsJudgedAsTheFeaturesOwnAnswersAre(bool failsOver, AttemptOutcome expected)
    {
        await using var primary = new ScriptedProvider();
        await using var shadow = new ScriptedProvider().ThenAnswer("""{"id":"c1","choices":[{"index":0,"message":{"role":"assistant","content":""},"finish_reason":"content_filter"}],"usage":{"prompt_tokens":11,"completion_tokens":0,"total_tokens":11}}""");
        using var bench = Bench(primary, shadow, f => f with { FailOverOnContentFilter = failsOver });

        var attempt = Assert.Single((await CopyAsync(bench)).Event.Attempts);

        Assert.Equal((expected, 11L), (attempt.Outcome, attempt.Usage.InputTotal));
        Assert.Empty(primary.Requests);
    }

    [Fact]
    public async Task Copy_TheShadowIsOpen_IsNotSent()
    {
        await using var primary = new ScriptedProvider();
        await using var shadow = new ScriptedProvider();
        using var bench = Bench(primary, shadow);
        bench.Table.Endpoints["e1"].Health.Force(0, TimeProvider.System.GetUtcNow().AddHours(1), "drill", "ana");

        Assert.Empty((await CopyAsync(bench)).Event.Attempts);
        Assert.Empty(shadow.Requests);
    }

    [Theory]
    [InlineData("residency")]
    [InlineData("cost")]
    [InlineData("capability")]
    public async Task Copy_MayNotGoThere_IsNotSent(string why)
    {
        await using var primary = new ScriptedProvider();
        await using var shadow = new ScriptedProvider();
        using var bench = Bench(primary, shadow, f => why switch
        {
            "residency" => f with { Residency = ["eu"] },
            "cost" => f with { MaxCostMicros = 1 },
            _ => f,
        }, e => e.Id == "e1" && why == "capability" ? e with { Capabilities = ["streaming"] } : e.Id == "e2" ? e with { Residency = "eu" } : e);

        var result = await CopyAsync(bench, why == "capability" ? Capabilities.Text | Capabilities.Tools : Capabilities.Text);

        Assert.Empty(result.Event.Attempts);
        Assert.Empty(shadow.Requests);
        var expected = why switch { "residency" => CandidateReason.OutsideResidency, "cost" => CandidateReason.TooDear, _ => CandidateReason.Incapable };
        Assert.Equal(new CandidateNote("e1", expected), Assert.Single(result.Event.Candidates));
    }

    [Fact]
    public async Task Dispatch_EverybodyElseIsDown_NeverAsksTheShadow()
    {
        await using var primary = new ScriptedProvider().ThenStatus(500, "{}").ThenStatus(500, "{}");
        await using var shadow = new ScriptedProvider();
        using var bench = Bench(primary, shadow);

        var result = await bench.SendAsync(stream: false);

        Assert.Equal(RequestOutcome.Failed, result.Event.Outcome);
        Assert.All(result.Event.Attempts, a => Assert.Equal("e2", a.ModelEndpoint));
        Assert.Empty(shadow.Requests);
    }

    private static Task<DispatchResult> CopyAsync(DispatchBench bench, Capabilities needs = Capabilities.Text, ulong key = 0) =>
        bench.SendAsync(stream: false, needs, key: key, route: Assert.Single(bench.Table.Features["f"].Shadows));

    /// <summary>The shadow is e1, which alone has a price; e2 is the feature's one candidate.</summary>
    private static DispatchBench Bench(
        ScriptedProvider primary, ScriptedProvider shadow, Func<FeatureConfig, FeatureConfig>? feature = null, Func<ModelEndpointConfig, ModelEndpointConfig>? endpoint = null,
        ICloudTokenSource? tokens = null) =>
        new([shadow, primary], f => (feature?.Invoke(f) ?? f) with
        {
            ShadowPercent = 100, Candidates = [f.Candidates[0] with { Role = CandidateRole.Shadow }, f.Candidates[1] with { Tier = 1 }],
        }, tokens, endpoint: endpoint);

    private sealed class CountedTokens : ICloudTokenSource
    {
        public int Invalidated { get; private set; }
        public ValueTask<CloudCredential> GetAsync(CancellationToken cancellationToken) => new(new ApiKeyCredential("k"));
        public void Invalidate() => Invalidated++;
    }
}
