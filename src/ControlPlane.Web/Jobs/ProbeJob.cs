using System.Collections.Immutable;
using ControlPlane.Web.Data;
using ControlPlane.Web.Publishing;
using ControlPlane.Web.Usage;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Routing.Core.Snapshots;
using Routing.Core.Usage;

namespace ControlPlane.Web.Jobs;

/// <summary>
/// A tiny call to each published endpoint, booked as usage with cause probe. It informs: traffic decides, and no edge's breaker hears of it.
/// </summary>
internal sealed class ProbeJob(
    IDbContextFactory<ControlPlaneDb> contexts, EndpointProbe probe, UsageIngest ingest, IOptions<PlaneOptions> options, TimeProvider time)
{
    /// <summary>In usage rows, where edges have their id.</summary>
    public const string NodeId = "control-plane";

    /// <summary>How many endpoints were probed.</summary>
    public async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        RoutingSnapshot? live;
        List<ProbesToday> usedToday;
        await using (ControlPlaneDb db = await contexts.CreateDbContextAsync(cancellationToken))
        {
            Revision? row = await db.Revisions.AsNoTracking().OrderByDescending(r => r.Number).FirstOrDefaultAsync(cancellationToken);
            live = row is null ? null : DocumentJson.Read<RoutingSnapshot>(row.Document);
            usedToday = await TodayAsync(db, cancellationToken);
        }
        if (live is null) return 0;

        HashSet<string> spent = [.. usedToday.Where(u => u.Probes >= options.Value.ProbesPerDay).Select(u => u.ModelEndpoint)];
        List<ModelEndpointConfig> due = [.. live.ModelEndpoints.Where(e => e.Probe && options.Value.ProbesPerDay > 0 && !spent.Contains(e.Id))];
        if (due.Count == 0) return 0;
        ImmutableArray<UsageEvent> events = await probe.RunAsync(live, due, cancellationToken);
        foreach (UsageEvent[] batch in events.Chunk(UsageIngest.MostEvents))
            await ingest.StoreAsync(NodeId, new UsageBatch([.. batch]), cancellationToken);
        return events.Length;
    }

    private async Task<List<ProbesToday>> TodayAsync(ControlPlaneDb db, CancellationToken cancellationToken)
    {
        var today = new DateTimeOffset(time.GetUtcNow().UtcDateTime.Date, TimeSpan.Zero);
        return await db.AttemptRollups.Where(r => r.Step == RollupStep.Hour && r.Start >= today && r.Cause == AttemptCause.Probe)
            .GroupBy(r => r.ModelEndpoint)
            .Select(g => new ProbesToday(g.Key, g.Sum(r => r.Attempts)))
            .ToListAsync(cancellationToken);
    }

    private sealed record ProbesToday(string ModelEndpoint, long Probes);
}
