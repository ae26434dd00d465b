using System.Collections.Immutable;
using System.Security.Cryptography;
using ControlPlane.Web.Bindings;
using ControlPlane.Web.Budgets;
using ControlPlane.Web.Data;
using ControlPlane.Web.Edges;
using ControlPlane.Web.Prices;
using ControlPlane.Web.Publishing;
using ControlPlane.Web.Tests.Data;
using ControlPlane.Web.Usage;
using Microsoft.EntityFrameworkCore;
using Routing.Core.Budgets;
using Routing.Core.Health;
using Routing.Core.Llm;
using Routing.Core.Snapshots;
using Routing.Core.Usage;

namespace ControlPlane.Web.Tests.Budgets;

/// <summary>A budget of 1 USD for channel-recap, shared by the edges that report.</summary>
public sealed class BudgetLeasesTests
{
    private const int November = 2026_11;
    private const long Whole = 1_000_000;

    [Fact]
    public async Task GrantAsync_TwoEdgesThatSpentNothing_HaveHalfEach()
    {
        await using Plane plane = await StartAsync();
        (EdgeIdentity one, EdgeIdentity two) = await TwoAsync(plane);

        Assert.Equal(new BudgetLease("channel-recap", "USD", November, 0, Whole / 2, IsSpent: false), await ReportAsync(plane, one, 0, null));
        Assert.Equal(new BudgetLease("channel-recap", "USD", November, 0, Whole / 2, IsSpent: false), await ReportAsync(plane, two, 0, null));
        Assert.Equal(Whole, await TakenAsync(plane));
    }

    [Fact]
    public async Task GrantAsync_ReportsThatChangeNothing_WriteNothing()
    {
        await using Plane plane = await StartAsync();
        (EdgeIdentity one, _) = await TwoAsync(plane);
        BudgetLease lease = await ReportAsync(plane, one, 0, null);
        await using (ControlPlaneDb db = plane.Db()) await db.EdgeSpends.ExecuteDeleteAsync();
        await using (ControlPlaneDb db = plane.Db())
        {
            db.EdgeSpends.Add(new EdgeSpend { Month = November, Feature = "channel-recap", Currency = "USD", EdgeId = one.Id, UpTo = Whole / 2, Unpriced = 7 });
            await db.SaveChangesAsync();
        }

        for (long spent = 0; spent < 30_000; spent += 10_000) Assert.Equal(lease with { Spent = spent }, await ReportAsync(plane, one, spent, lease.UpTo));

        await using ControlPlaneDb after = plane.Db();
        Assert.Equal((Whole / 2, 7), (await after.EdgeSpends.Select(s => new { s.UpTo, s.Unpriced }).SingleAsync()) is var row ? (row.UpTo, row.Unpriced) : default);
    }

    [Fact]
    public async Task GrantAsync_OneSpendsEverything_GetsWhatTheOtherNeedsNoMoreOnceThatOneHasHeardOfIt()
    {
        await using Plane plane = await StartAsync();
        (EdgeIdentity one, EdgeIdentity two) = await TwoAsync(plane);
        long? idle = (await ReportAsync(plane, two, 0, null)).UpTo;
        long? busy = (await ReportAsync(plane, one, 0, null)).UpTo;
        await StoreAsync(plane, one, 450_000);

        // The other one is told less; as long as it has not said so, the rest stays its own.
        idle = (await ReportAsync(plane, two, 0, idle)).UpTo;
        Assert.True(idle < Whole / 2);
        BudgetLease before = await ReportAsync(plane, one, 450_000, busy);
        Assert.Equal(Whole / 2, before.UpTo);
        await ReportAsync(plane, two, 0, idle);
        BudgetLease after = await ReportAsync(plane, one, 450_000, before.UpTo);

        Assert.True(after.UpTo > Whole / 2);
        Assert.InRange(await TakenAsync(plane), 1, Whole);
    }

    [Fact]
    public async Task GrantAsync_EdgeStartedAgainAndKnowsNothing_IsToldWhatItSpent()
    {
        await using Plane plane = await StartAsync();
        (EdgeIdentity one, _) = await TwoAsync(plane);
        await StoreAsync(plane, one, 300_000);

        BudgetLease lease = await ReportAsync(plane, one, 0, null);

        Assert.Equal(300_000, lease.Spent);
        Assert.InRange(lease.UpTo!.Value, 300_001, Whole);
    }

    [Fact]
    public async Task GrantAsync_TheBudgetIsSpent_GoesNoFurtherUntilItIsRaisedAndPublished()
    {
        await using Plane plane = await StartAsync();
        (EdgeIdentity one, EdgeIdentity two) = await TwoAsync(plane);
        await StoreAsync(plane, one, Whole + 5);
        await ReportAsync(plane, two, 0, 0);
        BudgetLease spent = await ReportAsync(plane, one, Whole + 5, Whole);
        Assert.Equal((Whole + 5, Whole + 5, true), (spent.Spent, spent.UpTo, spent.IsSpent));

        await PublishAsync(plane, "2", revision: 1);

        BudgetLease raised = await ReportAsync(plane, one, Whole + 5, spent.UpTo);
        Assert.Equal((true, false), (raised.UpTo > Whole + 5, raised.IsSpent));
    }

    [Fact]
    public async Task GrantAsync_OneHasSpentItsPart_IsToldThatTheWholeIsNotUntilItIs()
    {
        await using Plane plane = await StartAsync();
        (EdgeIdentity one, EdgeIdentity two) = await TwoAsync(plane);
        long? idle = (await ReportAsync(plane, two, 0, null)).UpTo;
        await StoreAsync(plane, one, 500_000);

        BudgetLease part = await ReportAsync(plane, one, 500_000, Whole / 2);
        Assert.Equal((Whole / 2, false), (part.UpTo, part.IsSpent));

        await StoreAsync(plane, two, 499_999);
        Assert.False((await ReportAsync(plane, one, 500_000, part.UpTo)).IsSpent);
        Assert.True((await ReportAsync(plane, two, 500_000, idle)).IsSpent); // By its own word, ahead of the ledger.
        await StoreAsync(plane, two, 1);
        await plane.Get<EdgeStore>().RemoveAsync(Plane.Admin, two.Id, "retired", default);
        Assert.True((await ReportAsync(plane, one, 500_000, part.UpTo)).IsSpent); // Whoever has spent it.
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task GrantAsync_TheOtherEdgeIsGone_ItsPartIsGivenOnButNotWhatItSpent(bool removed)
    {
        await using Plane plane = await StartAsync();
        (EdgeIdentity one, EdgeIdentity two) = await TwoAsync(plane);
        long? other = (await ReportAsync(plane, two, 0, null)).UpTo;
        await StoreAsync(plane, two, 100_000);
        Assert.Equal(Whole / 2, other);

        if (removed) await plane.Get<EdgeStore>().RemoveAsync(Plane.Admin, two.Id, "retired", default);
        else await HearForAsync(plane, one, minutes: 61);
        await HearAsync(plane, one);
        plane.Time.Advance(3); // Until edges are counted anew.
        await HearAsync(plane, one);

        Assert.InRange((await ReportAsync(plane, one, 0, null)).UpTo!.Value, (Whole / 2) + 1, Whole - 100_000);
    }

    /// <summary>Whichever node hears whom, and whether it has run all the time: it is the time in which somebody was heard that counts.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task GrantAsync_TheFirstToReportAfterHoursWithoutTheControlPlane_IsNotHandedWhatTheOtherMayStillSpend(bool restarted)
    {
        await using Plane plane = await StartAsync();
        (EdgeIdentity one, EdgeIdentity two) = await TwoAsync(plane);
        Assert.Equal((Whole / 2, Whole / 2), ((await ReportAsync(plane, two, 0, null)).UpTo, (await ReportAsync(plane, one, 0, null)).UpTo));
        await HearForAsync(plane, two, minutes: 30);
        await HearForAsync(plane, one, minutes: 1);

        plane.Time.Advance(TimeSpan.FromHours(3));
        if (restarted) await ActivatorUtilities.CreateInstance<EdgeBoard>(plane.Services).HearAsync(one, new HealthReport { At = plane.Time.GetUtcNow() }, default);
        await HearForAsync(plane, one, minutes: 58);
        Assert.InRange((await ReportAsync(plane, one, 100_000, Whole / 2)).UpTo!.Value, 100_001, Whole / 2);

        await HearForAsync(plane, one, minutes: 3);
        Assert.InRange((await ReportAsync(plane, one, 100_000, Whole / 2)).UpTo!.Value, (Whole / 2) + 1, Whole);
    }

    /// <summary>Edges that were replaced long ago and never removed hold nothing back, whenever the control plane starts anew.</summary>
    [Fact]
    public async Task GrantAsync_AnEdgeWasGivenUpBeforeTheControlPlaneWasAway_StaysSo()
    {
        await using Plane plane = await StartAsync();
        (EdgeIdentity one, EdgeIdentity two) = await TwoAsync(plane);
        await ReportAsync(plane, two, 0, null);
        await HearForAsync(plane, one, minutes: 61);
        plane.Time.Advance(TimeSpan.FromHours(3));
        await HearForAsync(plane, one, minutes: 1);

        Assert.Equal(Whole, (await ReportAsync(plane, one, 0, null)).UpTo);
    }

    [Fact]
    public async Task GrantAsync_TheMonthTurns_BeginsAnew()
    {
        await using Plane plane = await StartAsync();
        (EdgeIdentity one, _) = await TwoAsync(plane);
        await StoreAsync(plane, one, Whole);
        BudgetLease november = await ReportAsync(plane, one, Whole, Whole);
        Assert.Equal(Whole, november.UpTo);

        plane.Time.Advance(BudgetMonth.End(November) - plane.Time.GetUtcNow());
        await HearAsync(plane, one);
        plane.Time.Advance(3);

        // Its clock is a little behind: what it says is of the old month.
        BudgetLease december = await ReportAsync(plane, one, Whole, Whole);
        Assert.Equal((2026_12, 0), (december.Month, december.Spent));
        Assert.InRange(december.UpTo!.Value, Whole / 2, Whole);
    }

    [Fact]
    public async Task GrantAsync_TheMonthTurnsWhileAnEdgeIsCutOff_LeavesItsEqualPartAlone()
    {
        await using Plane plane = await StartAsync();
        (EdgeIdentity one, _) = await TwoAsync(plane);
        plane.Time.Advance(BudgetMonth.End(November) - plane.Time.GetUtcNow() - TimeSpan.FromMinutes(1));
        await TwoHeardAsync();
        plane.Time.Advance(TimeSpan.FromMinutes(2));
        await HearAsync(plane, one);
        plane.Time.Advance(3);
        await HearAsync(plane, one);

        BudgetLease december = Assert.Single(await GrantAsync(plane, one, new BudgetLease("channel-recap", "USD", 2026_12, 400_000, null)));

        Assert.InRange(december.UpTo!.Value, 400_001, Whole / 2);

        async Task TwoHeardAsync()
        {
            await using ControlPlaneDb db = plane.Db();
            DateTimeOffset now = plane.Time.GetUtcNow();
            await db.Edges.ExecuteUpdateAsync(set => set.SetProperty(e => e.LastReportAt, now));
        }
    }

    [Fact]
    public async Task GrantAsync_AFifthEdgeJoins_NobodyIsStoppedAndAllHaveTheirShares()
    {
        await using Plane plane = await StartAsync();
        EdgeIdentity[] edges = new EdgeIdentity[5];
        long?[] upTo = new long?[5];
        for (int i = 0; i < 4; i++) await HearAsync(plane, edges[i] = await EnrolAsync(plane, $"e{i}"));
        plane.Time.Advance(3);
        for (int i = 0; i < 4; i++) upTo[i] = (await ReportAsync(plane, edges[i], 0, null)).UpTo;
        await HearAsync(plane, edges[4] = await EnrolAsync(plane, "e4"));
        plane.Time.Advance(3);

        for (int round = 0; round < 3; round++)
        {
            for (int i = 4; i >= 0; i--)
            {
                await HearAsync(plane, edges[i]);
                upTo[i] = (await ReportAsync(plane, edges[i], 0, upTo[i])).UpTo;
                Assert.InRange(upTo[i]!.Value, Whole / 5, Whole / 4);
            }
        }

        Assert.Equal(Whole, upTo.Sum());
        Assert.Equal(Whole, await TakenAsync(plane));
    }

    [Fact]
    public async Task GrantAsync_NotItsBudget_IsNotAnswered()
    {
        await using Plane plane = await StartAsync();
        (EdgeIdentity one, _) = await TwoAsync(plane);
        Assert.Empty(await GrantAsync(plane, one, new BudgetLease("other", "USD", November, 0, null)));
        Assert.Empty(await GrantAsync(plane, one, new BudgetLease("channel-recap", "EUR", November, 0, null)));
        Assert.Empty(await plane.Get<BudgetLeases>().GrantAsync(one, default, default));
        await PublishAsync(plane, "1", revision: 1, BudgetAction.Warn);
        Assert.Empty(await GrantAsync(plane, one, new BudgetLease("channel-recap", "USD", November, 0, null)));
    }

    [Fact]
    public async Task StoreAsync_RepeatedLateAndMixedBatches_TheAccountsAreTheLedgers()
    {
        await using Plane plane = await StartAsync();
        (EdgeIdentity one, EdgeIdentity two) = await TwoAsync(plane);
        var random = new Random(3);
        UsageEvent[] events = [.. Enumerable.Range(0, 300).Select(i => Event(plane.Time.GetUtcNow().AddHours(-random.Next(100)), random.Next(1, 900), i % 7 == 0 ? UsageSource.Estimated : UsageSource.Reported))];
        foreach (UsageEvent[] batch in events.Concat(events.Where((_, i) => i % 2 == 0)).OrderBy(_ => random.Next()).Chunk(23))
            await plane.Get<UsageIngest>().StoreAsync((batch[0].TotalMs & 1) == 0 ? one.Id : two.Id, new UsageBatch([.. batch]), default);
        while (await plane.Get<RollupJob>().RunAsync(default) > 0) { }

        await using ControlPlaneDb db = plane.Db();
        List<AttemptRollup> days = await db.AttemptRollups.Where(r => r.Step == RollupStep.Day).ToListAsync();
        List<EdgeSpend> accounts = await db.EdgeSpends.ToListAsync();
        Assert.Equal(events.Sum(e => e.Attempts.Sum(a => a.CostMicros ?? 0)), accounts.Sum(a => a.Micros));
        Assert.Equal((days.Sum(d => d.CostMicros), days.Sum(d => d.EstimatedCostMicros), days.Sum(d => d.Unpriced)), (accounts.Sum(a => a.Micros), accounts.Sum(a => a.EstimatedMicros), accounts.Sum(a => a.Unpriced)));
    }

    [Fact]
    public async Task ReadAsync_SomeIsEstimatedUnpricedOrInAnotherCurrency_SaysSo()
    {
        await using Plane plane = await StartAsync();
        (EdgeIdentity one, _) = await TwoAsync(plane);
        DateTimeOffset now = plane.Time.GetUtcNow();
        await plane.Get<UsageIngest>().StoreAsync(one.Id, new UsageBatch(
        [
            Event(now, 400_000, UsageSource.Reported), Event(now, 100_000, UsageSource.Estimated), Event(now, null, UsageSource.Reported), Event(now, 70, UsageSource.Reported, "EUR"),
        ]), default);

        BudgetState state = Assert.Single(await plane.Get<BudgetQueries>().ReadAsync(default));

        Assert.Equal((500_000, 100_000, 1, "EUR", 0.5, false), (state.SpentMicros, state.EstimatedMicros, state.Unpriced, state.OtherCurrencies, state.Share, state.IsSpent));
        Assert.Null(state.Pace);
        Assert.Equal("not counted: 1 attempts without a price and what was paid in EUR", BudgetWords.NotCounted(state));
    }

    [Fact]
    public async Task ReadAsync_FourDaysOfSpending_SaysWhenTheRestIsSpent()
    {
        await using Plane plane = await StartAsync();
        (EdgeIdentity one, _) = await TwoAsync(plane);
        for (int day = 1; day <= 4; day++) await StoreAsync(plane, one, 100_000, plane.Time.GetUtcNow().AddDays(-day));
        await StoreAsync(plane, one, 50_000);
        while (await plane.Get<RollupJob>().RunAsync(default) > 0) { }

        BudgetState state = Assert.Single(await plane.Get<BudgetQueries>().ReadAsync(default));

        Assert.Equal((450_000, 100_000.0), (state.SpentMicros, state.Pace!.PerDay));
        Assert.Equal(plane.Time.GetUtcNow().AddDays(5.5), state.ReachedAt);
        Assert.Equal([100_000, 200_000, 300_000, 400_000, 450_000], (await plane.Get<BudgetQueries>().BurnAsync(state, default)).Skip(19));
    }

    private static async Task<Plane> StartAsync()
    {
        Plane plane = await Plane.StartAsync();
        await plane.SeedAsync();
        foreach (string endpoint in new[] { "azure-gpt", "bedrock-nova" })
            await Plane.Saved(plane.Get<PriceStore>().AddAsync(Plane.Admin, new PriceForm { ModelEndpoint = endpoint, Input = 1, Output = 1 }, default));
        await PublishAsync(plane, "1", revision: 0);
        return plane;
    }

    private static async Task PublishAsync(Plane plane, string budget, long revision, BudgetAction action = BudgetAction.Stop)
    {
        BindingForm form = BindingForm.From((await plane.Get<BindingStore>().FindAsync("channel-recap", default))!);
        (form.Budget, form.BudgetAction) = (budget, action);
        await Plane.Saved(plane.Get<BindingStore>().SaveAsync(Plane.Admin, form, default));
        await Plane.Saved(plane.Get<SnapshotPublisher>().PublishAsync(Plane.Admin, "", revision, default));
    }

    private static async Task<(EdgeIdentity One, EdgeIdentity Two)> TwoAsync(Plane plane)
    {
        (EdgeIdentity one, EdgeIdentity two) = (await EnrolAsync(plane, "edge-a"), await EnrolAsync(plane, "edge-b"));
        await HearAsync(plane, one);
        await HearAsync(plane, two);
        return (one, two);
    }

    private static async Task<EdgeIdentity> EnrolAsync(Plane plane, string name)
    {
        using var key = ECDiffieHellman.Create(ECCurve.NamedCurves.nistP256);
        byte[] publicKey = key.ExportSubjectPublicKeyInfo();
        NewEnrolment permission = await plane.Get<EdgeStore>().CreateEnrolmentAsync(Plane.Admin, name, default);
        EnrolResponse enrolled = (await plane.Get<EdgeStore>().EnrolAsync(new EnrolRequest(permission.Token, name, publicKey), default))!;
        return new EdgeIdentity(enrolled.EdgeId, name, publicKey);
    }

    private static Task HearAsync(Plane plane, EdgeIdentity edge) => plane.Get<EdgeBoard>().HearAsync(edge, new HealthReport { At = plane.Time.GetUtcNow() }, default);

    private static async Task HearForAsync(Plane plane, EdgeIdentity edge, int minutes)
    {
        for (int half = 0; half < 2 * minutes; half++)
        {
            plane.Time.Advance(30);
            await HearAsync(plane, edge);
        }
    }

    private static async Task<BudgetLease> ReportAsync(Plane plane, EdgeIdentity edge, long spent, long? upTo) =>
        Assert.Single(await GrantAsync(plane, edge, new BudgetLease("channel-recap", "USD", November, spent, upTo)));

    private static Task<ImmutableArray<BudgetLease>> GrantAsync(Plane plane, EdgeIdentity edge, BudgetLease reported) => plane.Get<BudgetLeases>().GrantAsync(edge, [reported], default);

    private static async Task<long> TakenAsync(Plane plane)
    {
        await using ControlPlaneDb db = plane.Db();
        return await db.EdgeSpends.SumAsync(s => Math.Max(s.UpTo, s.Micros));
    }

    private static Task StoreAsync(Plane plane, EdgeIdentity edge, long micros, DateTimeOffset? at = null) =>
        plane.Get<UsageIngest>().StoreAsync(edge.Id, new UsageBatch([Event(at ?? plane.Time.GetUtcNow(), micros, UsageSource.Reported)]), default);

    private static UsageEvent Event(DateTimeOffset at, long? micros, UsageSource source, string currency = "USD")
    {
        var attempt = new AttemptRecord
        {
            Number = 1, ModelEndpoint = "azure-gpt", StartedAt = at, DurationMs = 9, Usage = new TokenUsage { InputTotal = 5, OutputTotal = 5, Source = source },
            CostMicros = micros, Currency = micros is null ? null : currency,
        };
        return new UsageEvent { Id = Guid.CreateVersion7(at), At = at, Caller = "c", Feature = "channel-recap", ServedBy = "azure-gpt", TotalMs = (int)(micros ?? 0) & 1023, Attempts = [attempt] };
    }
}
