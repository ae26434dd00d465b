using ControlPlane.Web.Data;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Routing.Core.Budgets;

namespace ControlPlane.Web.Usage;

/// <summary>
/// Deletes what has served its time, in bounded steps: raw rows after days, minutes after weeks, hours and occurrences after months, what was set
/// aside and dead one-time tokens after a quarter, accounts of a month after four. Days stay.
/// </summary>
internal sealed class RetentionJob(WriteTransactions transactions, IOptions<PlaneOptions> options, TimeProvider time)
{
    private static readonly TimeSpan Hours = TimeSpan.FromDays(400);
    private static readonly TimeSpan Occurrences = TimeSpan.FromDays(400);
    private static readonly TimeSpan Quarantined = TimeSpan.FromDays(90);
    private static readonly TimeSpan DeadTokens = TimeSpan.FromDays(90);

    // SQLite's one writer must not be held for long: between two steps others write.
    private const int RowsInOneStep = 5000;

    public async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        DateTimeOffset now = time.GetUtcNow();
        // One day more than events are accepted for, so that a repeat of the last one is still recognised.
        DateTimeOffset raw = now.AddDays(-options.Value.RawDays - 1);
        DateTimeOffset minutes = now.AddDays(-options.Value.MinuteDays);
        DateTimeOffset hours = now - Hours;
        DateTimeOffset occurrences = now - Occurrences;
        DateTimeOffset quarantined = now - Quarantined;
        DateTimeOffset tokens = now - DeadTokens;
        int deleted = await AllAsync(db => db.Attempts.Where(a => a.Minute < raw).OrderBy(a => a.Minute), cancellationToken);
        deleted += await AllAsync(db => db.Requests.Where(r => r.Minute < raw).OrderBy(r => r.Minute), cancellationToken);
        deleted += await AllAsync(db => db.AttemptRollups.Where(r => r.Step == RollupStep.Minute && r.Start < minutes).OrderBy(r => r.Start), cancellationToken);
        deleted += await AllAsync(db => db.RequestRollups.Where(r => r.Step == RollupStep.Minute && r.Start < minutes).OrderBy(r => r.Start), cancellationToken);
        deleted += await AllAsync(db => db.AttemptRollups.Where(r => r.Step == RollupStep.Hour && r.Start < hours).OrderBy(r => r.Start), cancellationToken);
        deleted += await AllAsync(db => db.RequestRollups.Where(r => r.Step == RollupStep.Hour && r.Start < hours).OrderBy(r => r.Start), cancellationToken);
        deleted += await AllAsync(db => db.Transitions.Where(t => t.At < occurrences).OrderBy(t => t.At), cancellationToken);
        deleted += await AllAsync(db => db.EdgeOccurrences.Where(o => o.At < occurrences).OrderBy(o => o.At), cancellationToken);
        deleted += await AllAsync(db => db.Quarantine.Where(q => q.ReceivedAt < quarantined).OrderBy(q => q.ReceivedAt), cancellationToken);
        // Raw rows are kept for three months at most: nothing late can belong to an older account. What a month did cost stays in the days.
        int month = BudgetMonth.Of(now.AddMonths(-4));
        deleted += await AllAsync(db => db.EdgeSpends.Where(s => s.Month <= month).OrderBy(s => s.Month), cancellationToken);
        // Used or not: by then each has expired long ago.
        deleted += await AllAsync(db => db.EnrolmentTokens.Where(t => t.ExpiresAt < tokens).OrderBy(t => t.ExpiresAt), cancellationToken);
        return deleted + await AllAsync(db => db.SignUpLinks.Where(l => l.ExpiresAt < tokens).OrderBy(l => l.ExpiresAt), cancellationToken);
    }

    private async Task<int> AllAsync<T>(Func<ControlPlaneDb, IQueryable<T>> old, CancellationToken cancellationToken) where T : class
    {
        int deleted = 0;
        for (int step = RowsInOneStep; step == RowsInOneStep; deleted += step) step = await StepAsync(old, cancellationToken);
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
