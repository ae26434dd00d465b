using System.Collections.Immutable;
using ControlPlane.Web.Bindings;
using ControlPlane.Web.Data;
using ControlPlane.Web.Insights;
using ControlPlane.Web.Publishing;
using ControlPlane.Web.Tests.Data;
using ControlPlane.Web.Usage;
using Microsoft.EntityFrameworkCore;
using Routing.Core.Llm;
using Routing.Core.Usage;

namespace ControlPlane.Web.Tests.Usage;

/// <summary>Copies of calls in the sums: spend and traffic of their model endpoint, and no request of their feature.</summary>
public sealed class ShadowUsageTests
{
    private const string Feature = "channel-recap";

    [Fact]
    public async Task Rollup_RequestsAndTheirCopies_CountsTheRequestsOnly()
    {
        await using Plane plane = await StoredAsync();

        await using ControlPlaneDb db = plane.Db();
        Assert.Equal(40, await db.RequestRollups.Where(r => r.Step == RollupStep.Minute).SumAsync(r => r.Requests));
        AttemptRollup copies = Assert.Single(await db.AttemptRollups.Where(r => r.Step == RollupStep.Day && r.Cause == AttemptCause.Shadow).ToListAsync());
        Assert.Equal(("azure-gpt", 20L, 15L, 15 * 9L), (copies.ModelEndpoint, copies.Attempts, copies.Answered, copies.CostMicros));
    }

    [Fact]
    public async Task Insights_CopiesOfAFeature_AreInTotalSpendAndTheirEndpointAndNotInTheFeature()
    {
        await using Plane plane = await StoredAsync();
        (DateTimeOffset from, DateTimeOffset to) = (plane.Time.GetUtcNow().AddHours(-1), plane.Time.GetUtcNow());

        FeatureTraffic feature = Assert.Single(await plane.Get<UsageQueries>().FeaturesAsync(from, to, default));
        PlaneTraffic totals = await plane.Get<UsageQueries>().TotalsAsync(from, to, default);
        ImmutableArray<EndpointTraffic> endpoints = await plane.Get<UsageQueries>().EndpointsAsync(from, to, default);
        CostTable cost = await plane.Get<CostQueries>().ReadAsync(CostGroup.Feature, from, to, TimeSpan.FromMinutes(5), null, default);
        CostTable byCause = await plane.Get<CostQueries>().ReadAsync(CostGroup.Cause, from, to, TimeSpan.FromMinutes(5), Feature, default);

        Assert.Equal((40L, 40L, 40 * 7L), (feature.Requests, feature.Answered, feature.Spend.Single().Micros));
        Assert.Equal((40L, (40 * 7L) + (15 * 9L), 15 * 9L), (totals.Requests, totals.Spend.Single().Micros, totals.ShadowMicros));
        Assert.Equal((20L, 15L, 0.25), (endpoints[0].Attempts, endpoints[0].Answered, endpoints[0].ErrorShare!.Value));
        Assert.Equal([(Feature, 40 * 7L, 0L), ("(shadow copies)", 15 * 9L, 15 * 9L)], cost.Rows.Select(r => (r.Group, r.Micros, r.ShadowMicros)));
        Assert.Equal(["Primary", "Shadow"], byCause.Rows.Select(r => r.Group));
    }

    [Fact]
    public async Task Outlook_AShadow_StandsBesideWhoAnswersWithFiguresOfItsOwn()
    {
        await using Plane plane = await StoredAsync();

        BindingOutlook outlook = await plane.Get<BindingOutlookQueries>().ReadAsync(Feature, ["bedrock-nova", "azure-gpt"], default);

        (EndpointOutlook primary, EndpointOutlook shadow) = (outlook.Endpoints["bedrock-nova"], outlook.Endpoints["azure-gpt"]);
        Assert.Equal((40L, 40L, 100L, 20L, 7_000L), (primary.Answers!.Calls, primary.Answers.Answered, primary.Answers.InputTokens!.Value, primary.Answers.OutputTokens!.Value, primary.Answers.PerThousand!.Value));
        Assert.Null(primary.Copies);
        Assert.Equal((20L, 0.75, 100L, 60L, 9_000L), (shadow.Copies!.Calls, shadow.Copies.AnsweredShare!.Value, shadow.Copies.InputTokens!.Value, shadow.Copies.OutputTokens!.Value, shadow.Copies.PerThousand!.Value));
        Assert.InRange(shadow.Copies.FirstTokenP90Ms!.Value, 760, 840);
        Assert.Null(shadow.Answers);
        Assert.Null(shadow.Hour); // No share of the feature's traffic.
        Assert.True(shadow.Day is { OfThisFeature: true, Attempts: 20 }); // What its callers would have met.
        Assert.Equal((40L, 40 * 7L), (outlook.LastDay, outlook.SpendLastDay.Single().Micros));
    }

    /// <summary>Forty answers of the primary; of twenty a copy, of which five failed.</summary>
    private static async Task<Plane> StoredAsync()
    {
        Plane plane = await Plane.StartAsync();
        await plane.SeedAsync();
        await Plane.Saved(plane.Get<SnapshotPublisher>().PublishAsync(Plane.Admin, "", 0, default));
        DateTimeOffset at = plane.Time.GetUtcNow().AddMinutes(-5);
        UsageEvent[] requests = [.. Enumerable.Range(0, 40).Select(i => Event(at, i, "bedrock-nova", AttemptCause.Primary, 400, 20, 7))];
        UsageEvent[] copies = [.. requests.Take(20).Select((r, i) => Event(at, 100 + i, "azure-gpt", AttemptCause.Shadow, 800, 60, 9, fails: i < 5) with { ShadowOf = r.Id.ToString() })];
        UsageReceipt receipt = await plane.Get<UsageIngest>().StoreAsync("edge-1", new UsageBatch([.. requests, .. copies]), default);
        Assert.Equal(60, receipt.Stored);
        while (await plane.Get<RollupJob>().RunAsync(default) > 0) { }
        return plane;
    }

    private static UsageEvent Event(DateTimeOffset at, int number, string endpoint, AttemptCause cause, int firstTokenMs, int output, long micros, bool fails = false)
    {
        var attempt = new AttemptRecord { Number = 1, ModelEndpoint = endpoint, Cause = cause, StartedAt = at, DurationMs = 2_000, Streamed = true };
        attempt = fails
            ? attempt with { Outcome = AttemptOutcome.Failed, Failure = FailureKind.UpstreamInternal, HttpStatus = 500, CostMicros = 0, Currency = "USD" }
            : attempt with { FirstTokenMs = firstTokenMs, Usage = new TokenUsage { InputTotal = 100, OutputTotal = output, Source = UsageSource.Reported }, CostMicros = micros, Currency = "USD" };
        return new UsageEvent
        {
            Id = Guid.CreateVersion7(at.AddTicks(number)), At = at, Caller = "web", Feature = Feature, Streamed = true, ServedBy = fails ? "" : endpoint, FirstTokenMs = fails ? null : firstTokenMs, TotalMs = 2_000,
            Outcome = fails ? RequestOutcome.Failed : RequestOutcome.Answered, Failure = fails ? FailureKind.UpstreamInternal : null, Attempts = [attempt],
        };
    }
}
