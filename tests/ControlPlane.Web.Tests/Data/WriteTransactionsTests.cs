using ControlPlane.Web.Bindings;
using ControlPlane.Web.Data;
using Microsoft.EntityFrameworkCore;

namespace ControlPlane.Web.Tests.Data;

public sealed class WriteTransactionsTests
{
    [Fact]
    public async Task SaveAsync_AnotherWriterChangedTheRow_RunsAgainAndAnswersItself()
    {
        await using Plane plane = await Plane.StartAsync();
        await plane.SeedAsync();
        int runs = 0;

        SaveResult<string> result = await plane.Get<WriteTransactions>().SaveAsync(async db =>
        {
            Feature row = await db.Features.SingleAsync();
            if (runs++ > 0) return SaveResult.Conflict(row.Name);
            row.Version++;
            // What another writer does between a read and a write.
            await db.Features.ExecuteUpdateAsync(set => set.SetProperty(f => f.Version, 77));
            return SaveResult.Saved(row.Name);
        }, default);

        Assert.Equal((SaveStatus.Conflict, "channel-recap", 2), (result.Status, result.Current, runs));
    }

    [Fact]
    public async Task RunAsync_AnotherWriterTookTheKey_RunsAgain()
    {
        await using Plane plane = await Plane.StartAsync();
        int runs = 0;

        bool made = await plane.Get<WriteTransactions>().RunAsync(async db =>
        {
            if (runs++ > 0) return false;
            await db.Database.ExecuteSqlRawAsync("INSERT INTO JobRuns (Job, LastStartedAt, LastOk, LastDurationMs, LastMessage, Runs, Failures, Node) VALUES ('j', 0, 0, 0, '', 0, 0, '')");
            db.JobRuns.Add(new() { Job = "j" });
            return true;
        }, default);

        Assert.Equal((false, 2), (made, runs));
    }

    [Fact]
    public async Task RunAsync_TheRowIsNeverTheOneRead_FailsInTheEnd()
    {
        await using Plane plane = await Plane.StartAsync();
        await plane.SeedAsync();

        await Assert.ThrowsAsync<DbUpdateConcurrencyException>(() => plane.Get<WriteTransactions>().RunAsync(async db =>
        {
            (await db.Features.SingleAsync()).Version++;
            await db.Features.ExecuteUpdateAsync(set => set.SetProperty(f => f.Version, 77));
        }, default));
    }
}
