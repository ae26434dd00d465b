using System.Collections.Immutable;
using ControlPlane.Web.Data;
using Microsoft.EntityFrameworkCore;

namespace ControlPlane.Web.Jobs;

/// <param name="LastStartedAt">Null: it has not run yet.</param>
/// <param name="LastMessage">What it did when there was something to do, or why it failed.</param>
public sealed record JobRunView(
    string Job, string Purpose, TimeSpan Every, DateTimeOffset? LastStartedAt, DateTimeOffset? LastFinishedAt, bool LastOk, TimeSpan LastDuration,
    string LastMessage, DateTimeOffset? LastFailedAt, long Runs, long Failures, string Node)
{
    /// <summary>About when it runs again.</summary>
    public DateTimeOffset? NextAt => LastStartedAt + Every;
}

/// <summary>What jobs there are and how they went, whichever node ran them.</summary>
internal sealed class JobRunStore(IDbContextFactory<ControlPlaneDb> contexts, JobSchedule schedule)
{
    public async Task<ImmutableArray<JobRunView>> ListAsync(CancellationToken cancellationToken)
    {
        await using ControlPlaneDb db = await contexts.CreateDbContextAsync(cancellationToken);
        Dictionary<string, JobRun> runs = await db.JobRuns.AsNoTracking().ToDictionaryAsync(r => r.Job, cancellationToken);
        return [.. schedule.Jobs.Select(job => View(job, runs.GetValueOrDefault(job.Name)))];
    }

    private static JobRunView View(ScheduledJob job, JobRun? run) => new(
        job.Name, job.Purpose, job.Every, run?.LastStartedAt, run?.LastFinishedAt, run?.LastOk ?? true, TimeSpan.FromMilliseconds(run?.LastDurationMs ?? 0),
        run?.LastMessage ?? "", run?.LastFailedAt, run?.Runs ?? 0, run?.Failures ?? 0, run?.Node ?? "");
}
