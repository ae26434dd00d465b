using System.Collections.Immutable;
using ControlPlane.Web.Data;
using ControlPlane.Web.Insights;
using ControlPlane.Web.Tests.Data;
using ControlPlane.Web.Usage;
using Microsoft.EntityFrameworkCore;
using Routing.Core.Dispatch;
using Routing.Core.Llm;
using Routing.Core.Usage;

namespace ControlPlane.Web.Tests.Usage;

public sealed class UsageIngestTests
{
    private static readonly DateTimeOffset Noon = new(2026, 11, 24, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public async Task Store_BatchRepeatedAndOverlapping_CountsEachEventOnce()
    {
        await using Plane plane = await Plane.StartAsync();
        UsageIngest ingest = plane.Get<UsageIngest>();
        ImmutableArray<UsageEvent> events = [.. Enumerable.Range(0, 5).Select(i => Event(i))];

        UsageReceipt first = await ingest.StoreAsync("edge-1", new UsageBatch(events[..3]), default);
        UsageReceipt second = await ingest.StoreAsync("edge-1", new UsageBatch([.. events[1..], events[4]]), default);

        Assert.Equal(new UsageReceipt(3, 0, 0), first);
        Assert.Equal(new UsageReceipt(2, 3, 0), second);
        await using ControlPlaneDb db = plane.Db();
        Assert.Equal(5, await db.Requests.CountAsync());
        Assert.Equal(10, await db.Attempts.CountAsync());
    }

    [Fact]
    public async Task Store_EventThatCannotBeCounted_GoesToQuarantineOnceWithItsReason()
    {
        await using Plane plane = await Plane.StartAsync();
        UsageIngest ingest = plane.Get<UsageIngest>();
        UsageEvent[] bad =
        [
            Event(0) with { At = Noon.AddDays(-30) },
            Event(1) with { At = Noon.AddDays(30) },
            Event(2) with { TotalMs = -1 },
            Event(3, a => a with { CostMicros = -5 }),
            Event(4, a => a with { Usage = a.Usage with { OutputTotal = 1L << 50 } }),
            Event(5, a => a with { Currency = null }),
            Event(6, a => a with { Number = 1 }),
            Event(7, a => a with { ModelEndpoint = new string('x', 300) }),
            Event(8) with { Attempts = default },
            Event(9) with { Candidates = [.. Enumerable.Repeat(new CandidateNote("e1", CandidateReason.Open), 33)] },
            Event(10) with { Candidates = [new CandidateNote(new string('x', 300), CandidateReason.Open)] },
            Event(11) with { Candidates = [new CandidateNote("", CandidateReason.Open)] },
            Event(12) with { ShadowOf = "none" },
            Event(13) with { ShadowOf = Guid.CreateVersion7(Noon).ToString() },
            Event(14, a => a with { Cause = AttemptCause.Shadow }),
        ];

        UsageReceipt receipt = await ingest.StoreAsync("edge-1", new UsageBatch([.. bad]), default);
        UsageReceipt again = await ingest.StoreAsync("edge-1", new UsageBatch([.. bad]), default);

        Assert.Equal(new UsageReceipt(0, 0, bad.Length), receipt);
        Assert.Equal(new UsageReceipt(0, bad.Length, 0), again);
        await using ControlPlaneDb db = plane.Db();
        Assert.All(await db.Quarantine.ToListAsync(), q => Assert.EndsWith(".", q.Reason, StringComparison.Ordinal));
        Assert.Empty(await db.Attempts.ToListAsync());
    }

    [Fact]
    public async Task RunAsync_LateRepeatedAndShuffledBatches_EqualsTheSumOfAllEvents()
    {
        await using Plane plane = await Plane.StartAsync();
        UsageIngest ingest = plane.Get<UsageIngest>();
        RollupJob rollup = plane.Get<RollupJob>();
        var random = new Random(7);
        UsageEvent[] events = [.. Enumerable.Range(0, 200).Select(i => Event(i, spreadMinutes: 110))];

        UsageEvent[] shuffled = [.. events.Concat(events.Where((_, i) => i % 3 == 0)).OrderBy(_ => random.Next())];
        foreach (UsageEvent[] batch in shuffled.Chunk(17))
        {
            await ingest.StoreAsync("edge-1", new UsageBatch([.. batch]), default);
            if (random.Next(3) == 0) await rollup.RunAsync(default);
        }
        while (await rollup.RunAsync(default) > 0) { }

        await using ControlPlaneDb db = plane.Db();
        AttemptRecord[] attempts = [.. events.SelectMany(e => e.Attempts)];
        foreach (RollupStep step in Enum.GetValues<RollupStep>())
        {
            List<AttemptRollup> rows = await db.AttemptRollups.Where(r => r.Step == step).ToListAsync();
            Assert.Equal(attempts.Length, rows.Sum(r => r.Attempts));
            Assert.Equal(attempts.Sum(a => a.CostMicros ?? 0), rows.Sum(r => r.CostMicros));
            Assert.Equal(attempts.LongCount(a => a.CostMicros is null), rows.Sum(r => r.Unpriced));
            Assert.Equal(attempts.Sum(a => a.Usage.OutputTotal), rows.Sum(r => r.OutputTokens));
            Assert.Equal(events.Length, await db.RequestRollups.Where(r => r.Step == step).SumAsync(r => r.Requests));
        }
        Assert.Empty(await db.DirtyMarks.ToListAsync());
    }

    [Fact]
    public async Task Queries_AfterRollup_TellTrafficSpendAndFailures()
    {
        await using Plane plane = await Plane.StartAsync();
        UsageEvent[] events = [.. Enumerable.Range(0, 50).Select(i => Event(i, spreadMinutes: 30))];
        await plane.Get<UsageIngest>().StoreAsync("edge-1", new UsageBatch([.. events]), default);
        while (await plane.Get<RollupJob>().RunAsync(default) > 0) { }
        (DateTimeOffset from, DateTimeOffset to) = (Noon, Noon.AddHours(1));

        ImmutableArray<EndpointTraffic> endpoints = await plane.Get<UsageQueries>().EndpointsAsync(from, to, default);
        PlaneTraffic totals = await plane.Get<UsageQueries>().TotalsAsync(from, to, default);
        CostTable cost = await plane.Get<CostQueries>().ReadAsync(CostGroup.Feature, from, to, TimeSpan.FromMinutes(5), null, default);
        ImmutableArray<EndpointPoint> series = await plane.Get<UsageQueries>().EndpointSeriesAsync("e1", from, to, TimeSpan.FromMinutes(1), default);

        Assert.Equal(["e1", "e2"], endpoints.Select(e => e.ModelEndpoint));
        Assert.Equal(50, endpoints[0].Failures["upstream_internal"]);
        Assert.Equal(1.0, endpoints[0].ErrorShare);
        Assert.Equal(0.0, endpoints[1].ErrorShare);
        Assert.Equal((50, 50, 50), (totals.Requests, totals.Answered, totals.FailedOver));
        Assert.Equal(TimeSpan.FromHours(1), totals.Seen);
        PlaneTraffic longer = await plane.Get<UsageQueries>().TotalsAsync(Noon.AddHours(-5), to, default);
        Assert.Equal((50, TimeSpan.FromHours(1)), (longer.Requests, longer.Seen));
        long spent = events.Sum(e => e.Attempts.Sum(a => a.CostMicros ?? 0));
        Assert.Equal(spent, totals.Spend.Single().Micros);
        Assert.Equal(spent, cost.Total("USD"));
        Assert.Equal(spent, (long)cost.Rows.Sum(r => r.Series.Sum(v => v ?? 0)));
        Assert.Equal(60, series.Length);
        Assert.Equal(50, series.Sum(p => p.ServerErrors));
    }

    [Fact]
    public async Task Totals_RefusedByABudget_AreToldApartFromOtherFailures()
    {
        await using Plane plane = await Plane.StartAsync();
        UsageEvent[] events = [.. Enumerable.Range(0, 5).Select(i => Event(i))];
        foreach (int i in new[] { 0, 1, 2 }) events[i] = events[i] with { Outcome = RequestOutcome.Failed, ServedBy = "", Attempts = [], Failure = i < 2 ? FailureKind.BudgetExceeded : FailureKind.NoEligibleEndpoint };
        await plane.Get<UsageIngest>().StoreAsync("edge-1", new UsageBatch([.. events]), default);
        while (await plane.Get<RollupJob>().RunAsync(default) > 0) { }

        PlaneTraffic totals = await plane.Get<UsageQueries>().TotalsAsync(Noon, Noon.AddHours(1), default);

        Assert.Equal((5, 2, 2), (totals.Requests, totals.Answered, totals.Refused));
        Assert.Equal((0.4, 0.2), (totals.RefusedShare!.Value, Math.Round(totals.FailedShare!.Value, 9)));
    }

    // A second try at the same endpoint, and whoever is first by rights after a warm backup had failed, are no backup's answers.
    [Theory]
    [InlineData(AttemptCause.Primary, AttemptCause.Failover, 1)]
    [InlineData(AttemptCause.Primary, AttemptCause.Hedge, 1)]
    [InlineData(AttemptCause.Primary, AttemptCause.Continuation, 1)]
    [InlineData(AttemptCause.Primary, AttemptCause.Retry, 0)]
    [InlineData(AttemptCause.Failover, AttemptCause.Retry, 0)]
    [InlineData(AttemptCause.Warm, AttemptCause.Failover, 0)]
    public async Task Totals_SecondAttemptAnswered_CountsThoseOfABackup(AttemptCause first, AttemptCause second, long expected)
    {
        await using Plane plane = await Plane.StartAsync();
        UsageEvent e = Event(1, a => a with { Cause = second });
        e = e with { Attempts = e.Attempts.SetItem(0, e.Attempts[0] with { Cause = first }) };
        await plane.Get<UsageIngest>().StoreAsync("edge-1", new UsageBatch([e]), default);
        while (await plane.Get<RollupJob>().RunAsync(default) > 0) { }

        PlaneTraffic totals = await plane.Get<UsageQueries>().TotalsAsync(Noon, Noon.AddHours(1), default);

        Assert.Equal((1, expected), (totals.Answered, totals.FailedOver));
    }

    [Fact]
    public async Task Totals_StandInAnsweredAtOnceOrAtItsSecondTry_IsABackups()
    {
        await using Plane plane = await Plane.StartAsync();
        UsageEvent atOnce = Event(1, a => a with { Cause = AttemptCause.Failover }), again = Event(2, a => a with { Cause = AttemptCause.Retry });
        atOnce = atOnce with { Attempts = [atOnce.Attempts[1] with { Number = 1 }] };
        AttemptRecord first = again.Attempts[0];
        again = again with { Attempts = [first, first with { Number = 2, ModelEndpoint = "e2", Cause = AttemptCause.Failover }, again.Attempts[1] with { Number = 3 }] };
        await plane.Get<UsageIngest>().StoreAsync("edge-1", new UsageBatch([atOnce, again]), default);
        while (await plane.Get<RollupJob>().RunAsync(default) > 0) { }

        Assert.Equal(2, (await plane.Get<UsageQueries>().TotalsAsync(Noon, Noon.AddHours(1), default)).FailedOver);
    }

    [Theory]
    [InlineData("=HYPERLINK(1)", "'=HYPERLINK(1)")]
    [InlineData("a,b", "\"a,b\"")]
    [InlineData("-1\"x", "\"'-1\"\"x\"")]
    public void Write_DangerousName_IsMadeSafe(string name, string expected)
    {
        CostTable table = new([Noon], [new CostRow(name, "USD", 1_234_567, 0, 0, 1, 0, 0, 0, [1_234_567])]);

        string csv = CostCsv.Write(table, CostGroup.Feature);

        Assert.Equal($"start_utc,feature,currency,amount\r\n2026-11-24T12:00:00Z,{expected},USD,1.234567\r\n", csv);
    }

    /// <summary>A request whose primary failed and whose backup answered; every fourth backup is unpriced.</summary>
    private static UsageEvent Event(int number, Func<AttemptRecord, AttemptRecord>? second = null, int spreadMinutes = 1)
    {
        DateTimeOffset at = Noon.AddMinutes(number % spreadMinutes).AddSeconds(number % 60);
        var failed = new AttemptRecord
        {
            Number = 1, ModelEndpoint = "e1", StartedAt = at, Outcome = AttemptOutcome.Failed, Failure = FailureKind.UpstreamInternal, HttpStatus = 500, DurationMs = 40, CostMicros = 0,
        };
        var answered = new AttemptRecord
        {
            Number = 2, ModelEndpoint = "e2", Cause = AttemptCause.Failover, StartedAt = at.AddMilliseconds(50), FirstTokenMs = 300 + number, DurationMs = 900, Streamed = true,
            Usage = new TokenUsage { InputTotal = 100 + number, OutputTotal = 20, Source = UsageSource.Reported },
            CostMicros = number % 4 == 0 ? null : 700 + number, Currency = number % 4 == 0 ? null : "USD",
        };
        return new UsageEvent
        {
            Id = Guid.CreateVersion7(at.AddTicks(number)), At = at, Caller = "c", Feature = number % 2 == 0 ? "f1" : "f2", Streamed = true, ServedBy = "e2", FirstTokenMs = 350, TotalMs = 950,
            Attempts = [failed, second?.Invoke(answered) ?? answered],
        };
    }
}
