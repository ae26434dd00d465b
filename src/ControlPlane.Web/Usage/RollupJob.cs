using ControlPlane.Web.Data;
using Microsoft.EntityFrameworkCore;

namespace ControlPlane.Web.Usage;

/// <summary>
/// Recomputes every marked minute from its attempts, then its hour, then its day. Never adds to what is there: however often an event
/// was repeated and however late it came, the sum is right.
/// </summary>
internal sealed class RollupJob(IDbContextFactory<ControlPlaneDb> contexts, WriteTransactions transactions, TimeProvider time)
{
    // One transaction each; a pass ends so that the job's last run stays fresh, and the next one goes on.
    private const int PeriodsInOnePass = 200;

    /// <summary>How many minutes, hours and days were computed.</summary>
    public async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        int computed = await RunAsync(RollupStep.Minute, cancellationToken);
        computed += await RunAsync(RollupStep.Hour, cancellationToken);
        return computed + await RunAsync(RollupStep.Day, cancellationToken);
    }

    private async Task<int> RunAsync(RollupStep step, CancellationToken cancellationToken)
    {
        List<DirtyMark> marks;
        await using (ControlPlaneDb db = await contexts.CreateDbContextAsync(cancellationToken))
        {
            marks = await db.DirtyMarks.AsNoTracking().Where(m => m.Step == step).OrderBy(m => m.Start).Take(PeriodsInOnePass * 20).ToListAsync(cancellationToken);
        }

        List<IGrouping<DateTimeOffset, DirtyMark>> periods = [.. marks.GroupBy(m => m.Start).Take(PeriodsInOnePass)];
        foreach (IGrouping<DateTimeOffset, DirtyMark> period in periods)
            await transactions.RunAsync(db => ComputeAsync(db, step, period.Key, [.. period.Select(m => m.Id)], cancellationToken), cancellationToken);
        return periods.Count;
    }

    private async Task ComputeAsync(ControlPlaneDb db, RollupStep step, DateTimeOffset start, List<Guid> marks, CancellationToken cancellationToken)
    {
        await db.AttemptRollups.Where(r => r.Step == step && r.Start == start).ExecuteDeleteAsync(cancellationToken);
        await db.RequestRollups.Where(r => r.Step == step && r.Start == start).ExecuteDeleteAsync(cancellationToken);
        await db.DirtyMarks.Where(m => marks.Contains(m.Id)).ExecuteDeleteAsync(cancellationToken);
        if (step == RollupStep.Minute) await FromRowsAsync(db, start, cancellationToken);
        else await FromBelowAsync(db, step, start, cancellationToken);
        if (step == RollupStep.Day) return;
        RollupStep above = step + 1;
        db.DirtyMarks.Add(new DirtyMark { Id = Guid.CreateVersion7(time.GetUtcNow()), Step = above, Start = Rounding.Down(start, above) });
    }

    private static async Task FromRowsAsync(ControlPlaneDb db, DateTimeOffset minute, CancellationToken cancellationToken)
    {
        List<AttemptRow> attempts = await db.Attempts.AsNoTracking().Where(a => a.Minute == minute).ToListAsync(cancellationToken);
        List<RequestRow> requests = await db.Requests.AsNoTracking().Where(r => r.Minute == minute && !r.Probe && r.ShadowOf == null).ToListAsync(cancellationToken);
        db.AttemptRollups.AddRange(AttemptSums.OfRows(RollupStep.Minute, minute, attempts));
        db.RequestRollups.AddRange(RequestSums.OfRows(RollupStep.Minute, minute, requests));
    }

    private static async Task FromBelowAsync(ControlPlaneDb db, RollupStep step, DateTimeOffset start, CancellationToken cancellationToken)
    {
        (RollupStep below, DateTimeOffset end) = (step - 1, start + Rounding.Length(step));
        List<AttemptRollup> attempts = await db.AttemptRollups.AsNoTracking()
            .Where(r => r.Step == below && r.Start >= start && r.Start < end).ToListAsync(cancellationToken);
        List<RequestRollup> requests = await db.RequestRollups.AsNoTracking()
            .Where(r => r.Step == below && r.Start >= start && r.Start < end).ToListAsync(cancellationToken);
        db.AttemptRollups.AddRange(AttemptSums.OfRollups(step, start, attempts));
        db.RequestRollups.AddRange(RequestSums.OfRollups(step, start, requests));
    }
}
