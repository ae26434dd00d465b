using ControlPlane.Web.Access;
using ControlPlane.Web.Budgets;
using ControlPlane.Web.Data;
using ControlPlane.Web.Edges;
using ControlPlane.Web.Tests.Data;
using ControlPlane.Web.Usage;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Routing.Core.Usage;

namespace ControlPlane.Web.Tests.Usage;

public sealed class RetentionTests
{
    [Fact]
    public async Task RunAsync_RawDaysSet_KeepsRowsThatLongAndOneDayMore()
    {
        await using Plane plane = await Plane.StartAsync(settings: s => s["ControlPlane:RawDays"] = "20");
        await plane.Get<UsageIngest>().StoreAsync("edge-1", new UsageBatch([Event(plane.Time.GetUtcNow())]), default);

        plane.Time.Advance(TimeSpan.FromDays(20.5));
        await plane.Get<RetentionJob>().RunAsync(default);
        int kept = await RawAsync(plane);
        plane.Time.Advance(TimeSpan.FromDays(1));
        await plane.Get<RetentionJob>().RunAsync(default);

        Assert.Equal((2, 0), (kept, await RawAsync(plane)));
    }

    [Fact]
    public async Task RunAsync_MinuteDaysSet_KeepsMinutesThatLongAndHoursLonger()
    {
        await using Plane plane = await Plane.StartAsync(settings: s => s["ControlPlane:MinuteDays"] = "50");
        await plane.Get<UsageIngest>().StoreAsync("edge-1", new UsageBatch([Event(plane.Time.GetUtcNow())]), default);
        while (await plane.Get<RollupJob>().RunAsync(default) > 0) { }

        plane.Time.Advance(TimeSpan.FromDays(49));
        await plane.Get<RetentionJob>().RunAsync(default);
        int kept = await MinutesAsync(plane);
        plane.Time.Advance(TimeSpan.FromDays(2));
        await plane.Get<RetentionJob>().RunAsync(default);

        Assert.Equal((2, 0), (kept, await MinutesAsync(plane)));
        await using ControlPlaneDb db = plane.Db();
        Assert.Equal(1, await db.RequestRollups.CountAsync(r => r.Step == RollupStep.Hour));
    }

    [Fact]
    public async Task RunAsync_AccountsOfMonths_GoOnceNothingLateCanBelongToThem()
    {
        await using Plane plane = await Plane.StartAsync();
        await using (ControlPlaneDb db = plane.Db())
        {
            foreach (int month in new[] { 2026_11, 2026_08, 2026_07, 2025_12 }) db.EdgeSpends.Add(new EdgeSpend { Month = month, Feature = "f", Currency = "USD", EdgeId = "edge-1", Micros = 5 });
            await db.SaveChangesAsync();
        }

        await plane.Get<RetentionJob>().RunAsync(default);

        await using ControlPlaneDb after = plane.Db();
        Assert.Equal([2026_08, 2026_11], await after.EdgeSpends.OrderBy(s => s.Month).Select(s => s.Month).ToListAsync());
    }

    [Fact]
    public async Task StoreAsync_RawDaysSet_TakesEventsThatOldAndSetsOlderOnesAside()
    {
        await using Plane plane = await Plane.StartAsync(settings: s => s["ControlPlane:RawDays"] = "20");
        DateTimeOffset now = plane.Time.GetUtcNow();

        UsageReceipt receipt = await plane.Get<UsageIngest>().StoreAsync("edge-1", new UsageBatch([Event(now.AddDays(-19)), Event(now.AddDays(-21))]), default);

        Assert.Equal(new UsageReceipt(1, 0, 1), receipt);
        await using ControlPlaneDb db = plane.Db();
        Assert.Contains("older than the 20 days", (await db.Quarantine.SingleAsync()).Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task RunAsync_MoreThanOneStepOfRows_GoesOnUntilAllAreGone()
    {
        await using Plane plane = await Plane.StartAsync();
        await using (ControlPlaneDb db = plane.Db())
        {
            for (int i = 0; i < 5001; i++) db.Quarantine.Add(Quarantined(plane.Time.GetUtcNow()));
            await db.SaveChangesAsync();
        }

        plane.Time.Advance(TimeSpan.FromDays(91));

        Assert.Equal(5001, await plane.Get<RetentionJob>().RunAsync(default));
    }

    [Fact]
    public async Task RunAsync_OccurrencesAndDeadTokens_GoOnceTheyHaveServed()
    {
        await using Plane plane = await Plane.StartAsync();
        DateTimeOffset start = plane.Time.GetUtcNow();
        await using (ControlPlaneDb db = plane.Db())
        {
            db.Quarantine.Add(Quarantined(start));
            db.EdgeOccurrences.Add(new EdgeOccurrence { Id = Guid.CreateVersion7(start), EdgeId = "e", EdgeName = "e", At = start, Kind = EdgeOccurrenceKind.Enrolled });
            db.EnrolmentTokens.Add(new EnrolmentToken { TokenHash = "t", CreatedAt = start, CreatedBy = "", ExpiresAt = start.AddDays(1), UsedAt = start });
            db.SignUpLinks.Add(new SignUpLink { TokenHash = "l", Role = Role.Viewer, CreatedAt = start, ExpiresAt = start.AddDays(7) });
            await db.SaveChangesAsync();
        }

        plane.Time.Advance(TimeSpan.FromDays(89));
        int early = await plane.Get<RetentionJob>().RunAsync(default);
        plane.Time.Advance(TimeSpan.FromDays(9));
        int afterAQuarter = await plane.Get<RetentionJob>().RunAsync(default);
        plane.Time.Advance(TimeSpan.FromDays(310));
        int afterAYear = await plane.Get<RetentionJob>().RunAsync(default);

        Assert.Equal((0, 3, 1), (early, afterAQuarter, afterAYear));
    }

    [Theory]
    [InlineData(14, 15, false)]
    [InlineData(14, 16, true)]
    public void Options_MinutesNotTwoDaysLongerThanRawRows_AreRefused(int rawDays, int minuteDays, bool good)
    {
        using ServiceProvider services = new ServiceCollection().AddOptions<PlaneOptions>()
            .Configure(o => (o.RawDays, o.MinuteDays) = (rawDays, minuteDays))
            .ValidateDataAnnotations().Services.BuildServiceProvider();

        Exception? refused = Record.Exception(() => services.GetRequiredService<IOptions<PlaneOptions>>().Value);

        Assert.Equal(good, refused is null);
        if (!good) Assert.Contains("ControlPlane:MinuteDays is 15; with ControlPlane:RawDays 14 it must be at least 16", refused!.Message, StringComparison.Ordinal); // it was refused
    }

    private static async Task<int> RawAsync(Plane plane)
    {
        await using ControlPlaneDb db = plane.Db();
        return await db.Requests.CountAsync() + await db.Attempts.CountAsync();
    }

    private static async Task<int> MinutesAsync(Plane plane)
    {
        await using ControlPlaneDb db = plane.Db();
        return await db.RequestRollups.CountAsync(r => r.Step == RollupStep.Minute) + await db.AttemptRollups.CountAsync(r => r.Step == RollupStep.Minute);
    }

    private static QuarantinedEvent Quarantined(DateTimeOffset at) => new() { Id = Guid.CreateVersion7(at), EdgeId = "e", ReceivedAt = at, Reason = "too old", Body = "{}" };

    private static UsageEvent Event(DateTimeOffset at) => new()
    {
        Id = Guid.CreateVersion7(at), At = at, Feature = "channel-recap", ServedBy = "azure-gpt",
        Attempts = [new AttemptRecord { Number = 1, ModelEndpoint = "azure-gpt", StartedAt = at }],
    };
}
