using ControlPlane.Web.Data;
using ControlPlane.Web.Tests.Data;
using ControlPlane.Web.Usage;
using Microsoft.EntityFrameworkCore;
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
    public async Task StoreAsync_RawDaysSet_TakesEventsThatOldAndSetsOlderOnesAside()
    {
        await using Plane plane = await Plane.StartAsync(settings: s => s["ControlPlane:RawDays"] = "20");
        DateTimeOffset now = plane.Time.GetUtcNow();

        UsageReceipt receipt = await plane.Get<UsageIngest>().StoreAsync("edge-1", new UsageBatch([Event(now.AddDays(-19)), Event(now.AddDays(-21))]), default);

        Assert.Equal(new UsageReceipt(1, 0, 1), receipt);
        await using ControlPlaneDb db = plane.Db();
        Assert.Contains("older than the 20 days", (await db.Quarantine.SingleAsync()).Reason, StringComparison.Ordinal);
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

    private static UsageEvent Event(DateTimeOffset at) => new()
    {
        Id = Guid.CreateVersion7(at), At = at, Feature = "channel-recap", ServedBy = "azure-gpt",
        Attempts = [new AttemptRecord { Number = 1, ModelEndpoint = "azure-gpt", StartedAt = at }],
    };
}
