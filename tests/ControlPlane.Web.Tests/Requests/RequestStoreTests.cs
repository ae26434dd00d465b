using System.Collections.Immutable;
using ControlPlane.Web.Data;
using ControlPlane.Web.Publishing;
using ControlPlane.Web.Requests;
using ControlPlane.Web.Tests.Data;
using ControlPlane.Web.Ui;
using ControlPlane.Web.Usage;
using Microsoft.EntityFrameworkCore;
using Routing.Core.Dispatch;
using Routing.Core.Health;
using Routing.Core.Llm;
using Routing.Core.Usage;

namespace ControlPlane.Web.Tests.Requests;

public sealed class RequestStoreTests
{
    [Fact]
    public async Task ListAsync_EachFilter_ShowsOnlyWhatItNames()
    {
        await using Plane plane = await Plane.StartAsync();
        DateTimeOffset now = plane.Time.GetUtcNow();
        UsageEvent good = Answered(now.AddMinutes(-5), "f1", "web", "e1");
        UsageEvent failedOver = FailedOver(now.AddMinutes(-4), "f1", "batch", "e1", "e2");
        UsageEvent failed = Failed(now.AddMinutes(-3), "f2", "web", "e1");
        UsageEvent probe = Answered(now.AddMinutes(-2), "", "", "e1", AttemptCause.Probe);
        UsageEvent old = Answered(now.AddHours(-3), "f1", "web", "e1");
        await StoreAsync(plane, good, failedOver, failed, probe, old);
        var all = new RequestFilter { From = now.AddHours(-1), To = now };

        Assert.Equal([failed.Id, failedOver.Id, good.Id], await IdsAsync(plane, all));
        Assert.Equal([probe.Id, failed.Id, failedOver.Id, good.Id], await IdsAsync(plane, all with { Probes = true }));
        Assert.Equal([failedOver.Id, good.Id], await IdsAsync(plane, all with { Feature = "f1" }));
        Assert.Equal([failed.Id, good.Id], await IdsAsync(plane, all with { Caller = "web" }));
        Assert.Equal([failedOver.Id], await IdsAsync(plane, all with { ServedBy = "e2" }));
        Assert.Equal([failed.Id, failedOver.Id], await IdsAsync(plane, all with { FailedOn = "e1" }));
        Assert.Equal([failed.Id], await IdsAsync(plane, all with { Outcome = RequestOutcome.Failed }));
        Assert.Equal([failedOver.Id, good.Id], await IdsAsync(plane, all with { Outcome = RequestOutcome.Answered }));
        Assert.Equal([failed.Id], await IdsAsync(plane, all with { Failure = FailureKind.UpstreamInternal }));
        Assert.Equal([old.Id], await IdsAsync(plane, all with { Id = RequestIdPrefix.Parse(old.Id.ToString()[..13]) }));
        Assert.Empty(await IdsAsync(plane, all with { Id = RequestIdPrefix.Parse(Guid.CreateVersion7(now.AddDays(-2)).ToString()) }));
    }

    [Fact]
    public async Task FindAsync_CopiedRequest_HasItsCopiesAndTheListOnlyTheRequest()
    {
        await using Plane plane = await Plane.StartAsync();
        DateTimeOffset now = plane.Time.GetUtcNow();
        UsageEvent request = Answered(now.AddMinutes(-5), "f1", "web", "e1");
        UsageEvent copy = Answered(now.AddMinutes(-4), "f1", "web", "e2", AttemptCause.Shadow) with { ShadowOf = request.Id.ToString() };
        await StoreAsync(plane, request, copy);
        var all = new RequestFilter { From = now.AddHours(-1), To = now };

        Assert.Equal([request.Id], await IdsAsync(plane, all));
        Assert.Equal([copy.Id], await IdsAsync(plane, all with { Id = RequestIdPrefix.Parse(copy.Id.ToString()) }));
        RequestView seen = (await plane.Get<RequestStore>().FindAsync(request.Id, default))!;
        Assert.Equal((copy.Id, "e2", 2_000L), (Assert.Single(seen.Copies).Id, seen.Copies[0].Attempts[0].ModelEndpoint, seen.Copies[0].Cost.Micros));
        Assert.Equal((1, 2_000L), (seen.Attempts.Length, seen.Cost.Micros)); // Its own cost is not the copy's.
        RequestView own = (await plane.Get<RequestStore>().FindAsync(copy.Id, default))!;
        Assert.Equal((request.Id, "e2"), (own.ShadowOf!.Value, Assert.Single(own.Candidates).ModelEndpoint));
        Assert.Equal("e2 answered the copy of a call.", RequestVerdict.Of(own).Sentence);
    }

    [Fact]
    public async Task ListAsync_PageAfterPage_ShowsEachRequestOnceAlsoAmongEqualMoments()
    {
        await using Plane plane = await Plane.StartAsync();
        DateTimeOffset now = plane.Time.GetUtcNow();
        UsageEvent[] events = [.. Enumerable.Range(0, 25).Select(i => Answered(now.AddSeconds(-i / 5), "f", "c", "e"))];
        await StoreAsync(plane, events);
        var all = new RequestFilter { From = now.AddHours(-1), To = now.AddMinutes(1) };

        List<RequestSummary> seen = [];
        for (Guid? before = null; seen.Count == 0 || seen.Count % 7 == 0; before = seen[^1].Id)
            seen.AddRange(await plane.Get<RequestStore>().ListAsync(all, before, 7, default));

        Assert.Equal(events.Select(e => e.Id).Order(), seen.Select(r => r.Id).Order());
        Assert.Equal(seen.OrderByDescending(r => r.At).Select(r => r.At), seen.Select(r => r.At));
    }

    [Fact]
    public async Task ListAsync_Attempts_AddUpToOneCostThatSaysWhereItIsFrom()
    {
        await using Plane plane = await Plane.StartAsync();
        DateTimeOffset now = plane.Time.GetUtcNow();
        UsageEvent both = FailedOver(now.AddMinutes(-1), "f", "c", "e1", "e2");
        UsageEvent unpriced = Answered(now.AddMinutes(-2), "f", "c", "e1");
        unpriced = unpriced with { Attempts = [unpriced.Attempts[0] with { CostMicros = null, Currency = null }] };
        await StoreAsync(plane, both, unpriced);

        ImmutableArray<RequestSummary> rows = await plane.Get<RequestStore>().ListAsync(new RequestFilter { From = now.AddHours(-1), To = now }, null, 50, default);

        Assert.Equal([AttemptCause.Failover, null], rows.Select(r => r.After));
        Assert.Equal((2_750, Confidence.Estimated), (rows[0].Cost.Shown, rows[0].Cost.Confidence));
        Assert.Equal((null, Confidence.Unpriced), (rows[1].Cost.Shown, rows[1].Cost.Confidence));
    }

    [Fact]
    public async Task FindAsync_DecisionKept_ShowsCandidatesInOrderWithReasonStateAndPlace()
    {
        await using Plane plane = await Plane.StartAsync();
        await plane.SeedAsync();
        await Plane.Saved(plane.Get<SnapshotPublisher>().PublishAsync(Plane.Admin, "", 0, default));
        DateTimeOffset now = plane.Time.GetUtcNow();
        UsageEvent e = Answered(now, "channel-recap", "web", "azure-gpt") with
        {
            Revision = 1,
            Candidates = [new CandidateNote("bedrock-nova", CandidateReason.Open), new CandidateNote("azure-gpt", CandidateReason.Admitted)],
        };
        await StoreAsync(plane, e);

        RequestView request = (await plane.Get<RequestStore>().FindAsync(e.Id, default))!; // stored above

        CandidateView first = request.Candidates[0], second = request.Candidates[1];
        Assert.Equal(("amazon.nova-lite-v1:0 on Bedrock us-east-1", $"tier 1 · 100{Format.Nbsp}%"), (first.Name, first.Place));
        Assert.Equal((BreakerKind.Open, "Not eligible", "It was open after failures."), (first.State!.Value.Kind, first.Decision, first.Why));
        Assert.Equal(("Answered", true, BreakerKind.Closed), (second.Decision, second.Answered, second.State!.Value.Kind));
        Assert.Equal("amazon.nova-lite-v1:0 on Bedrock us-east-1 was open after failures, so gpt-4.1 on Azure OpenAI eastus2 answered.", RequestVerdict.Of(request).Sentence);
        Assert.Equal("provider", RequestVerdict.Of(request).Cause);
    }

    [Fact]
    public async Task FindAsync_OrdinaryDecision_TakesCandidatesFromTheRevisionAndTheirStateFromTheEdgesReports()
    {
        await using Plane plane = await Plane.StartAsync();
        await plane.SeedAsync();
        await Plane.Saved(plane.Get<SnapshotPublisher>().PublishAsync(Plane.Admin, "", 0, default));
        DateTimeOffset now = plane.Time.GetUtcNow();
        UsageEvent e = Answered(now, "channel-recap", "web", "bedrock-nova") with { Revision = 1 };
        await StoreAsync(plane, e);
        await using (ControlPlaneDb db = plane.Db())
        {
            db.Transitions.Add(Move("edge-1", now.AddMinutes(-9), BreakerState.Open, 0));
            db.Transitions.Add(Move("edge-1", now.AddMinutes(-1), BreakerState.PartialOpen, 10));
            db.Transitions.Add(Move("edge-1", now.AddMinutes(1), BreakerState.Closed, 100));
            db.Transitions.Add(Move("edge-2", now.AddSeconds(-1), BreakerState.Isolated, 0));
            await db.SaveChangesAsync();
        }

        RequestView request = (await plane.Get<RequestStore>().FindAsync(e.Id, default))!; // stored above

        Assert.Equal([("bedrock-nova", "Answered"), ("azure-gpt", "Not reached")], request.Candidates.Select(c => (c.ModelEndpoint, c.Decision)));
        Assert.Equal(BreakerView.Partial(.1), request.Candidates[1].State);
        Assert.Equal("amazon.nova-lite-v1:0 on Bedrock us-east-1 answered, the first that was asked.", RequestVerdict.Of(request).Sentence);
        Assert.Null(RequestVerdict.Of(request).Cause);
    }

    [Fact]
    public async Task FindAsync_OlderThanDecisionsWereKept_SaysWhatIsNotKnown()
    {
        await using Plane plane = await Plane.StartAsync();
        DateTimeOffset now = plane.Time.GetUtcNow();
        UsageEvent e = FailedOver(now, "f", "c", "e1", "e2") with { Candidates = default };
        await StoreAsync(plane, e);

        RequestView request = (await plane.Get<RequestStore>().FindAsync(e.Id, default))!; // stored above

        Assert.Equal([("e1", "Tried, failed"), ("e2", "Answered")], request.Candidates.Select(c => (c.Name, c.Decision)));
        Assert.Equal("e1 failed on its own side, so e2 answered.", RequestVerdict.Of(request).Sentence);
    }

    [Fact]
    public async Task FindAsync_NeverHeardOf_IsNull()
    {
        await using Plane plane = await Plane.StartAsync();

        Assert.Null(await plane.Get<RequestStore>().FindAsync(Guid.CreateVersion7(plane.Time.GetUtcNow()), default));
    }

    [Fact]
    public async Task FacetsAsync_AfterRollup_NamesWhatCarriedTraffic()
    {
        await using Plane plane = await Plane.StartAsync();
        await StoreAsync(plane, Answered(plane.Time.GetUtcNow(), "f2", "c", "e2"), Answered(plane.Time.GetUtcNow(), "f1", "c", "e1"));
        while (await plane.Get<RollupJob>().RunAsync(default) > 0) { }

        RequestFacets facets = await plane.Get<RequestStore>().ListFacetsAsync(default);

        Assert.Equal(["f1", "f2"], facets.Features.AsEnumerable());
        Assert.Equal(["e1", "e2"], facets.Endpoints.AsEnumerable());
    }

    [Theory]
    [InlineData("Feature")]
    [InlineData("Caller")]
    [InlineData("ServedBy")]
    [InlineData("Outcome")]
    [InlineData("Failure")]
    [InlineData("FailedOn")]
    [InlineData("At")]
    public async Task ListAsync_EachFilter_HasItsIndexInSqlite(string filter)
    {
        await using Plane plane = await Plane.StartAsync(settings: values => values["Database:Provider"] = "Sqlite");
        DateTimeOffset now = plane.Time.GetUtcNow();
        var all = new RequestFilter { From = now.AddDays(-7), To = now };
        RequestFilter narrowed = filter switch
        {
            "Feature" => all with { Feature = "f" },
            "Caller" => all with { Caller = "c" },
            "ServedBy" => all with { ServedBy = "e" },
            "Outcome" => all with { Outcome = RequestOutcome.Failed },
            "Failure" => all with { Failure = FailureKind.RateLimited },
            "FailedOn" => all with { FailedOn = "e" },
            _ => all,
        };
        await using ControlPlaneDb db = plane.Db();

        string plan = await PlanAsync(db, RequestStore.Newest(RequestStore.Filtered(db, narrowed)));

        Assert.Contains(filter == "FailedOn" ? "IX_Attempts_ModelEndpoint_StartedAt" : $"IX_Requests_{filter}_", plan, StringComparison.Ordinal);
        Assert.DoesNotContain("SCAN r\n", plan, StringComparison.Ordinal);
    }

    private static async Task<string> PlanAsync(ControlPlaneDb db, IQueryable<RequestRow> rows)
    {
        await using System.Data.Common.DbCommand command = rows.CreateDbCommand();
        command.CommandText = "EXPLAIN QUERY PLAN " + command.CommandText;
        await db.Database.OpenConnectionAsync();
        await using System.Data.Common.DbDataReader reader = await command.ExecuteReaderAsync();
        var plan = new System.Text.StringBuilder();
        while (await reader.ReadAsync()) plan.Append(reader.GetString(3)).Append('\n');
        return plan.ToString();
    }

    private static async Task<IEnumerable<Guid>> IdsAsync(Plane plane, RequestFilter filter) =>
        (await plane.Get<RequestStore>().ListAsync(filter, null, 50, default)).Select(r => r.Id);

    private static async Task StoreAsync(Plane plane, params UsageEvent[] events)
    {
        UsageReceipt receipt = await plane.Get<UsageIngest>().StoreAsync("edge-1", new UsageBatch([.. events]), default);
        Assert.Equal(events.Length, receipt.Stored);
    }

    private static TransitionRow Move(string edge, DateTimeOffset at, BreakerState to, int share) =>
        new() { Id = Guid.CreateVersion7(at), EdgeId = edge, ModelEndpoint = "azure-gpt", At = at, To = to, SharePercent = share };

    private static UsageEvent Answered(DateTimeOffset at, string feature, string caller, string endpoint, AttemptCause cause = AttemptCause.Primary) => new()
    {
        Id = Guid.CreateVersion7(at), At = at, Feature = feature, Caller = caller, ServedBy = endpoint, Streamed = true, FirstTokenMs = 300, TotalMs = 900,
        Attempts =
        [
            new AttemptRecord
            {
                Number = 1, ModelEndpoint = endpoint, Cause = cause, StartedAt = at, FirstTokenMs = 290, DurationMs = 890, Streamed = true, HttpStatus = 200,
                Usage = new TokenUsage { InputTotal = 100, OutputTotal = 20, Source = UsageSource.Reported }, CostMicros = 2_000, Currency = "USD", PriceFrom = at.AddDays(-1),
            },
        ],
    };

    private static UsageEvent Failed(DateTimeOffset at, string feature, string caller, string endpoint) => Answered(at, feature, caller, endpoint) with
    {
        ServedBy = "", Outcome = RequestOutcome.Failed, Failure = FailureKind.UpstreamInternal, FirstTokenMs = null,
        Attempts = [Broken(at, endpoint)],
    };

    private static UsageEvent FailedOver(DateTimeOffset at, string feature, string caller, string first, string second)
    {
        UsageEvent answered = Answered(at, feature, caller, second);
        return answered with
        {
            Attempts = [Broken(at, first), answered.Attempts[0] with { Number = 2, Cause = AttemptCause.Failover, StartedAt = at.AddMilliseconds(60) }],
            Candidates = [new CandidateNote(first, CandidateReason.Admitted), new CandidateNote(second, CandidateReason.Admitted)],
        };
    }

    private static AttemptRecord Broken(DateTimeOffset at, string endpoint) => new()
    {
        Number = 1, ModelEndpoint = endpoint, StartedAt = at, Outcome = AttemptOutcome.Failed, Failure = FailureKind.UpstreamInternal, HttpStatus = 500, DurationMs = 50,
        Usage = new TokenUsage { InputTotal = 100, Source = UsageSource.Estimated }, CostMicros = 750, Currency = "USD",
    };
}
