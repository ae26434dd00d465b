using System.Collections.Concurrent;
using ControlPlane.Web.Data;
using Microsoft.EntityFrameworkCore;

namespace ControlPlane.Web.Jobs;

/// <summary>Runs a job and writes down how it went. A failure is noted and logged, never thrown: the next run comes all the same.</summary>
internal sealed partial class JobRunner(JobSchedule schedule, WriteTransactions transactions, TimeProvider time, ILogger<JobRunner> logger)
{
    // The roll-up runs every two seconds; its row need not be written that often unless something changed.
    private static readonly TimeSpan BetweenWrites = TimeSpan.FromSeconds(10);
    private const int LongestMessage = 1000;

    private readonly ConcurrentDictionary<string, Unwritten> _unwritten = new(StringComparer.Ordinal);

    public async Task RunAsync(string name, CancellationToken cancellationToken)
    {
        ScheduledJob job = schedule.Find(name);
        (DateTimeOffset at, long started) = (time.GetUtcNow(), time.GetTimestamp());
        (bool ok, string message) = (true, "");
        try
        {
            message = await job.Run(cancellationToken);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            return;
        }
        catch (Exception e)
        {
            (ok, message) = (false, $"{e.GetType().Name}: {e.Message}");
            Failed(name, e);
        }
        await NoteAsync(name, new Outcome(at, time.GetElapsedTime(started), ok, message), cancellationToken);
    }

    private async Task NoteAsync(string name, Outcome outcome, CancellationToken cancellationToken)
    {
        Unwritten counts = _unwritten.GetOrAdd(name, static _ => new Unwritten());
        bool flipped = counts.Add(outcome);
        if (!flipped && outcome.Ok && outcome.At - counts.WrittenAt < BetweenWrites) return;
        try
        {
            await transactions.RunAsync(db => WriteAsync(db, name, outcome, counts, cancellationToken), cancellationToken);
            counts.Written(outcome.At);
        }
        catch (Exception e) when (e is DbUpdateException or System.Data.Common.DbException)
        {
            NotNoted(name, e);
        }
    }

    private static async Task WriteAsync(ControlPlaneDb db, string name, Outcome outcome, Unwritten counts, CancellationToken cancellationToken)
    {
        JobRun? row = await db.JobRuns.SingleOrDefaultAsync(r => r.Job == name, cancellationToken);
        row ??= db.JobRuns.Add(new JobRun { Job = name }).Entity;
        row.LastStartedAt = outcome.At;
        row.LastFinishedAt = outcome.At + outcome.Took;
        row.LastDurationMs = (long)outcome.Took.TotalMilliseconds;
        row.LastOk = outcome.Ok;
        // A run that found nothing to do leaves the words of the last one that did.
        if (outcome.Message.Length > 0 || !outcome.Ok) row.LastMessage = outcome.Message.Length > LongestMessage ? outcome.Message[..LongestMessage] : outcome.Message;
        if (!outcome.Ok) row.LastFailedAt = outcome.At;
        row.Runs += counts.Runs;
        row.Failures += counts.Failures;
        row.Node = Environment.MachineName;
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "Job {Job} failed; it runs again at its next time.")]
    private partial void Failed(string job, Exception exception);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The run of job {Job} could not be written down.")]
    private partial void NotNoted(string job, Exception exception);

    private readonly record struct Outcome(DateTimeOffset At, TimeSpan Took, bool Ok, string Message);

    /// <summary>Runs since the row was last written. One job never runs twice at once in a process.</summary>
    private sealed class Unwritten
    {
        private bool _lastOk = true;

        public long Runs { get; private set; }
        public long Failures { get; private set; }
        public DateTimeOffset WrittenAt { get; private set; }

        /// <returns>Whether the job began to fail, or to work again.</returns>
        public bool Add(Outcome outcome)
        {
            Runs++;
            if (!outcome.Ok) Failures++;
            bool flipped = outcome.Ok != _lastOk;
            _lastOk = outcome.Ok;
            return flipped;
        }

        public void Written(DateTimeOffset at) => (Runs, Failures, WrittenAt) = (0, 0, at);
    }
}
