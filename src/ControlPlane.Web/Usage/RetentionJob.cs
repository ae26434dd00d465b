using ControlPlane.Web.Data;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace ControlPlane.Web.Usage;

/// <summary>Deletes what has served its time, in bounded steps: raw rows after days, minutes after weeks, hours after months. Days stay.</summary>
internal sealed class RetentionJob(WriteTransactions transactions, IOptions<PlaneOptions> options, TimeProvider time)
{
    private static readonly TimeSpan Hours = TimeSpan.FromDays(400);
    private static readonly TimeSpan Occurrences = TimeSpan.FromDays(400);

    // SQLite's one writer must not be held for long: a pass takes so many rows of each kind and the next one goes on.
    private const int RowsInOneStep = 5000;

    public async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        DateTimeOffset now = time.GetUtcNow();
        // One day more than events are accepted for, so that a repeat of the last one is still recognised.
        DateTimeOffset raw = now.AddDays(-options.Value.RawDays - 1);
        DateTimeOffset minutes = now.AddDays(-options.Value.MinuteDays);
        int deleted = await StepAsync(db => db.Attempts.Where(a => a.StartedAt < raw).OrderBy(a => a.StartedAt), cancellationToken);
        deleted += await StepAsync(db => db.Requests.Where(r => r.At < raw).OrderBy(r => r.At), cancellationToken);
        deleted += await StepAsync(db => db.AttemptRollups.Where(r => r.Step == RollupStep.Minute && r.Start < minutes).OrderBy(r => r.Start), cancellationToken);
        deleted += await StepAsync(db => db.RequestRollups.Where(r => r.Step == RollupStep.Minute && r.Start < minutes).OrderBy(r => r.Start), cancellationToken);
        deleted += await StepAsync(db => db.AttemptRollups.Where(r => r.Step == RollupStep.Hour && r.Start < now - Hours).OrderBy(r => r.Start), cancellationToken);
        deleted += await StepAsync(db => db.RequestRollups.Where(r => r.Step == RollupStep.Hour && r.Start < now - Hours).OrderBy(r => r.Start), cancellationToken);
        deleted += await StepAsync(db => db.Transitions.Where(t => t.At < now - Occurrences).OrderBy(t => t.At), cancellationToken);
        return deleted;
    }

    private Task<int> StepAsync<T>(Func<ControlPlaneDb, IQueryable<T>> old, CancellationToken cancellationToken) where T : class =>
        transactions.RunAsync(async db =>
        {
            List<T> rows = await old(db).Take(RowsInOneStep).ToListAsync(cancellationToken);
            db.RemoveRange(rows);
            return rows.Count;
        }, cancellationToken);
}
