using System.Collections.Immutable;
using System.Security.Cryptography;
using ControlPlane.Web.Bindings;
using ControlPlane.Web.Edges;
using ControlPlane.Web.Prices;
using ControlPlane.Web.Publishing;
using ControlPlane.Web.Tests.Data;
using ControlPlane.Web.Ui;
using ControlPlane.Web.Usage;
using Routing.Core.Health;
using Routing.Core.Llm;
using Routing.Core.Snapshots;
using Routing.Core.Usage;

namespace ControlPlane.Web.Tests.Bindings;

public sealed class BindingOutlookTests
{
    private static readonly string[] Both = ["bedrock-nova", "azure-gpt"];

    [Fact]
    public async Task ReadAsync_TrafficOfTheLastHour_TellsShareLatencyErrorsAndCostOfEachCandidate()
    {
        await using Plane plane = await PublishedAsync();
        await PriceAsync(plane, "bedrock-nova", input: 2_000_000, output: 10_000_000);
        await AnsweredAsync(plane, "bedrock-nova", 30, firstTokenMs: 400, failures: 10);
        await AnsweredAsync(plane, "azure-gpt", 10, firstTokenMs: 900);

        BindingOutlook outlook = await plane.Get<BindingOutlookQueries>().ReadAsync("channel-recap", Both, default);

        Assert.Equal((40L, 40L, 1L), (outlook.LastHour, outlook.LastDay, outlook.LiveRevision));
        EndpointOutlook nova = outlook.Endpoints["bedrock-nova"];
        Assert.Equal(0.75, nova.Hour!.TrafficShare);
        Assert.Equal(0.25, nova.Hour.ErrorShare);
        Assert.InRange(nova.Hour.FirstTokenP90Ms!.Value, 380, 420);
        // 1,000 answers of 100 tokens in and 20 out: 100,000 × $2 and 20,000 × $10 per million.
        Assert.Equal((400_000L, "USD"), (nova.PerThousand!.Value, nova.Currency));
        Assert.Equal((null, false, true), (outlook.Endpoints["azure-gpt"].PerThousand, outlook.Endpoints["azure-gpt"].IsPriced, outlook.Endpoints["azure-gpt"].HasMix));
    }

    [Fact]
    public async Task ReadAsync_TwoEdges_ShowsTheWorstBreakerAndUnknownWhenNoneIsHeard()
    {
        await using Plane plane = await PublishedAsync();
        BindingOutlookQueries queries = plane.Get<BindingOutlookQueries>();
        await HearAsync(plane, "edge-a", BreakerState.Closed, 100);
        await HearAsync(plane, "edge-b", BreakerState.PartialOpen, 10);

        Assert.Equal(BreakerView.Partial(0.1), (await queries.ReadAsync("channel-recap", Both, default)).Endpoints["bedrock-nova"].State);
        plane.Time.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(BreakerView.NoTraffic, (await queries.ReadAsync("channel-recap", Both, default)).Endpoints["bedrock-nova"].State);
    }

    [Fact]
    public async Task Of_PrimaryAndBackupSwapped_TellsWhatItCostsAndHowFastItIs()
    {
        await using Plane plane = await PublishedAsync();
        await PriceAsync(plane, "bedrock-nova", input: 2_000_000, output: 10_000_000);
        await PriceAsync(plane, "azure-gpt", input: 4_000_000, output: 20_000_000);
        await AnsweredAsync(plane, "bedrock-nova", 30, firstTokenMs: 400);
        await AnsweredAsync(plane, "azure-gpt", 20, firstTokenMs: 900);

        BindingImpact impact = await ImpactAsync(plane, Candidate("azure-gpt", 1), Candidate("bedrock-nova", 2));

        Assert.Equal((400_000L, 800_000L), (impact.Live!.PerThousand!.Value, impact.Draft!.PerThousand!.Value));
        Assert.InRange(impact.Live.FirstTokenP90Ms!.Value, 380, 420);
        Assert.InRange(impact.Draft.FirstTokenP90Ms!.Value, 870, 940);
        Assert.Equal("Against published: slower, dearer.", impact.Verdict);
    }

    [Fact]
    public async Task Of_TwoSharesOfOneTier_TakesTheQuantilesOfTheMixture()
    {
        await using Plane plane = await PublishedAsync();
        await AnsweredAsync(plane, "bedrock-nova", 30, firstTokenMs: 400);
        await AnsweredAsync(plane, "azure-gpt", 20, firstTokenMs: 900);

        BindingImpact impact = await ImpactAsync(plane, Candidate("bedrock-nova", 1, 80), Candidate("azure-gpt", 1, 20));

        Assert.InRange(impact.Draft!.FirstTokenP50Ms!.Value, 380, 420);
        Assert.InRange(impact.Draft.FirstTokenP90Ms!.Value, 870, 940);
    }

    [Fact]
    public async Task Of_SameFirstTier_SaysNothingMoves()
    {
        await using Plane plane = await PublishedAsync();
        await AnsweredAsync(plane, "bedrock-nova", 20, firstTokenMs: 400);

        Assert.StartsWith("Same first tier as published", (await ImpactAsync(plane, Candidate("bedrock-nova", 1))).Verdict, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Of_ShadowAdded_SaysWhatItsCopiesCost()
    {
        await using Plane plane = await PublishedAsync();
        await PriceAsync(plane, "azure-gpt", input: 4_000_000, output: 20_000_000);
        await AnsweredAsync(plane, "bedrock-nova", 20, firstTokenMs: 400);
        CandidateConfig primary = Candidate("bedrock-nova", 1), shadow = Candidate("azure-gpt", 1) with { Role = CandidateRole.Shadow };

        Assert.Equal("Copies of 50\u00A0% of the answered calls are paid for as well, for 1,000 answers about $0.40 to azure-gpt.", (await ImpactAsync(plane, primary, shadow)).Copies);
        Assert.Contains("an amount nobody can tell yet to bedrock-nova", (await ImpactAsync(plane, primary, primary with { Role = CandidateRole.Shadow })).Copies, StringComparison.Ordinal);
        Assert.Null((await ImpactAsync(plane, primary)).Copies);
    }

    [Fact]
    public async Task Of_NothingKnown_SaysSoInsteadOfZero()
    {
        await using Plane plane = await PublishedAsync();

        BindingImpact nobodyAsked = await ImpactAsync(plane, Candidate("azure-gpt", 1));
        await AnsweredAsync(plane, "bedrock-nova", 20, firstTokenMs: 400);
        BindingImpact otherEndpoint = await ImpactAsync(plane, Candidate("azure-gpt", 1));
        BindingImpact unpriced = await ImpactAsync(plane, Candidate("bedrock-nova", 1, 100));

        Assert.Equal("No history: no request of this feature in 24\u00A0h.", nobodyAsked.Verdict);
        Assert.Equal("No history of azure-gpt in 24\u00A0h.", otherEndpoint.Verdict);
        Assert.Equal((null, null, null), (otherEndpoint.Draft!.PerThousand, otherEndpoint.Draft.FirstTokenP90Ms, otherEndpoint.Draft.ErrorShare));
        Assert.Equal("bedrock-nova has no price: its cost is unknown, not 0.", unpriced.Draft!.Missing);
    }

    [Fact]
    public async Task Of_OneRequestInADay_SaysThatItIsTooLittleInsteadOfComparing()
    {
        await using Plane plane = await PublishedAsync();
        await AnsweredAsync(plane, "bedrock-nova", 1, firstTokenMs: 400);

        BindingImpact impact = await ImpactAsync(plane, Candidate("azure-gpt", 1));

        Assert.Equal("Too little traffic to say: 1 request of this feature in 24\u00A0h, 20 are needed.", impact.Verdict);
        Assert.Equal("Too little traffic to say: 1 call of bedrock-nova in 24\u00A0h, 20 are needed.", impact.Live!.Missing);
        Assert.Null(impact.Live.FirstTokenP90Ms);
    }

    private static async Task<Plane> PublishedAsync()
    {
        Plane plane = await Plane.StartAsync();
        await plane.SeedAsync();
        await Plane.Saved(plane.Get<SnapshotPublisher>().PublishAsync(Plane.Admin, "", 0, default));
        return plane;
    }

    private static async Task<BindingImpact> ImpactAsync(Plane plane, params CandidateConfig[] draft) =>
        BindingImpact.Of(draft, 50, await plane.Get<BindingOutlookQueries>().ReadAsync("channel-recap", Both, default), id => id);

    private static CandidateConfig Candidate(string endpoint, int tier, int weight = 100) => new() { ModelEndpoint = endpoint, Tier = tier, Weight = weight };

    private static Task<PriceView> PriceAsync(Plane plane, string endpoint, long input, long output) =>
        Plane.Saved(plane.Get<PriceStore>().AddAsync(Plane.Admin, new PriceForm { ModelEndpoint = endpoint, Currency = "USD", Input = input, Output = output, From = plane.Time.GetUtcNow().AddDays(-1) }, default));

    private static async Task AnsweredAsync(Plane plane, string endpoint, int count, int firstTokenMs, int failures = 0)
    {
        DateTimeOffset at = plane.Time.GetUtcNow().AddMinutes(-5);
        var answered = new AttemptRecord
        {
            Number = 1, ModelEndpoint = endpoint, StartedAt = at, FirstTokenMs = firstTokenMs, DurationMs = 1200, Streamed = true,
            Usage = new TokenUsage { InputTotal = 100, OutputTotal = 20, Source = UsageSource.Reported }, CostMicros = 7, Currency = "USD",
        };
        var failed = new AttemptRecord { Number = 1, ModelEndpoint = endpoint, StartedAt = at, Outcome = AttemptOutcome.Failed, Failure = FailureKind.UpstreamInternal, DurationMs = 40, CostMicros = 0 };
        ImmutableArray<UsageEvent> events =
        [
            .. Enumerable.Range(0, count).Select(i => new UsageEvent
            {
                Id = Guid.CreateVersion7(at.AddTicks(i)), At = at, Caller = "c", Feature = "channel-recap", Streamed = true, ServedBy = endpoint, FirstTokenMs = firstTokenMs, TotalMs = 1200,
                Attempts = i < failures ? [failed, answered with { Number = 2, Cause = AttemptCause.Retry }] : [answered],
            }),
        ];
        await plane.Get<UsageIngest>().StoreAsync("edge-1", new UsageBatch(events), default);
        while (await plane.Get<RollupJob>().RunAsync(default) > 0) { }
    }

    private static async Task HearAsync(Plane plane, string edge, BreakerState state, int share)
    {
        using var key = ECDiffieHellman.Create(ECCurve.NamedCurves.nistP256);
        byte[] publicKey = key.ExportSubjectPublicKeyInfo();
        NewEnrolment permission = await plane.Get<EdgeStore>().CreateEnrolmentAsync(Plane.Admin, edge, default);
        EnrolResponse enrolled = (await plane.Get<EdgeStore>().EnrolAsync(new EnrolRequest(permission.Token, edge, publicKey), default))!;
        var view = new EndpointHealthView { ModelEndpoint = "bedrock-nova", State = state, SharePercent = share };
        await plane.Get<EdgeBoard>().HearAsync(new EdgeIdentity(enrolled.EdgeId, edge, publicKey), new HealthReport { At = plane.Time.GetUtcNow(), Endpoints = [view] }, default);
    }
}
