using System.Collections.Immutable;
using ControlPlane.Web.Data;
using ControlPlane.Web.Usage;
using Microsoft.EntityFrameworkCore;
using Routing.Core.Health;
using Routing.Core.Llm;
using Routing.Core.Usage;

namespace ControlPlane.Web.Insights;

/// <summary>What the pages of Health and model endpoints show. Reads roll-ups and transitions only.</summary>
internal sealed class UsageQueries(IDbContextFactory<ControlPlaneDb> contexts)
{
    private const int LinePoints = 60;

    /// <summary>Every endpoint with traffic in the range.</summary>
    public async Task<ImmutableArray<EndpointTraffic>> EndpointsAsync(DateTimeOffset from, DateTimeOffset to, CancellationToken cancellationToken)
    {
        await using ControlPlaneDb db = await contexts.CreateDbContextAsync(cancellationToken);
        List<AttemptRollup> rows = await RollupReader.Attempts(db, from, to).Where(r => r.Cause != AttemptCause.Probe).ToListAsync(cancellationToken);
        // Lines of a young installation fill their cells instead of ending as specks at the right.
        from = Began([.. rows.Select(r => r.Start)], from);
        return [.. rows.GroupBy(r => r.ModelEndpoint, StringComparer.Ordinal).OrderBy(g => g.Key, StringComparer.Ordinal).Select(g => Endpoint(g.Key, [.. g], from, to))];
    }

    /// <summary>The charts of one endpoint; probes count as their own part of the spend.</summary>
    public async Task<ImmutableArray<EndpointPoint>> EndpointSeriesAsync(
        string modelEndpoint, DateTimeOffset from, DateTimeOffset to, TimeSpan step, CancellationToken cancellationToken)
    {
        await using ControlPlaneDb db = await contexts.CreateDbContextAsync(cancellationToken);
        List<AttemptRollup> rows = await RollupReader.Attempts(db, from, to).Where(r => r.ModelEndpoint == modelEndpoint).ToListAsync(cancellationToken);
        ILookup<DateTimeOffset, AttemptRollup> byStep = rows.ToLookup(r => Floor(r.Start, step));
        return [.. Steps(from, to, step).Select(at => Point(at, [.. byStep[at]]))];
    }

    /// <summary>Every feature with traffic in the range.</summary>
    public async Task<ImmutableArray<FeatureTraffic>> FeaturesAsync(DateTimeOffset from, DateTimeOffset to, CancellationToken cancellationToken)
    {
        await using ControlPlaneDb db = await contexts.CreateDbContextAsync(cancellationToken);
        List<RequestRollup> requests = await RollupReader.Requests(db, from, to).ToListAsync(cancellationToken);
        ILookup<string, AttemptRollup> attempts = (await RollupReader.Attempts(db, from, to).Where(r => r.Cause != AttemptCause.Probe && r.Cause != AttemptCause.Shadow).ToListAsync(cancellationToken))
            .ToLookup(r => r.Feature, StringComparer.Ordinal);
        return [.. requests.GroupBy(r => r.Feature, StringComparer.Ordinal).OrderBy(g => g.Key, StringComparer.Ordinal).Select(g => Feature(g.Key, [.. g], AttemptTotals.Of(attempts[g.Key])))];
    }

    public async Task<PlaneTraffic> TotalsAsync(DateTimeOffset from, DateTimeOffset to, CancellationToken cancellationToken)
    {
        await using ControlPlaneDb db = await contexts.CreateDbContextAsync(cancellationToken);
        List<RequestRollup> requests = await RollupReader.Requests(db, from, to).ToListAsync(cancellationToken);
        List<AttemptRollup> attempts = await RollupReader.Attempts(db, from, to).ToListAsync(cancellationToken);
        AttemptTotals all = AttemptTotals.Of(attempts);
        AttemptTotals probes = AttemptTotals.Of(attempts.Where(a => a.Cause == AttemptCause.Probe));
        LatencyHistogram first = FirstToken(requests);
        return new PlaneTraffic(
            requests.Sum(r => r.Requests), requests.Sum(r => r.Answered), requests.Sum(r => r.Cancelled), requests.Sum(r => r.FailedOver),
            first.P50, first.P90, all.Spend, all.ResilienceMicros, probes.Micros, all.Unpriced)
        {
            ShadowMicros = all.ShadowMicros,
            Refused = await RefusedAsync(db, requests, from, to, cancellationToken),
            Seen = to - Began([.. requests.Select(r => r.Start), .. attempts.Select(a => a.Start)], from),
        };
    }

    // Roll-ups do not tell them apart. Never more than they have as unanswered: rows are by the second and are kept for days only.
    private static async Task<long> RefusedAsync(ControlPlaneDb db, List<RequestRollup> requests, DateTimeOffset from, DateTimeOffset to, CancellationToken cancellationToken)
    {
        long failed = requests.Sum(r => r.Failed);
        return failed == 0 ? 0 : Math.Min(failed, await db.Requests.LongCountAsync(r => r.Failure == FailureKind.BudgetExceeded && r.At >= from && r.At < to && !r.Probe && r.ShadowOf == null, cancellationToken));
    }

    /// <summary>Moves of one endpoint's breakers, oldest first, of all edges; the last one of each edge before the range tells how it began.</summary>
    public async Task<ImmutableArray<BreakerMove>> TransitionsAsync(string modelEndpoint, DateTimeOffset from, DateTimeOffset to, CancellationToken cancellationToken)
    {
        const int MostMoves = 2000;
        await using ControlPlaneDb db = await contexts.CreateDbContextAsync(cancellationToken);
        IQueryable<TransitionRow> of = db.Transitions.AsNoTracking().Where(t => t.ModelEndpoint == modelEndpoint);
        List<TransitionRow> inside = await of.Where(t => t.At >= from && t.At < to).OrderByDescending(t => t.At).Take(MostMoves).ToListAsync(cancellationToken);
        List<TransitionRow> before = await of.Where(t => t.At < from).GroupBy(t => t.EdgeId).Select(g => g.OrderByDescending(t => t.At).First()).ToListAsync(cancellationToken);
        return
        [
            .. before.Concat(inside).OrderBy(t => t.At)
                .Select(t => new BreakerMove(t.EdgeId, t.At, t.From, t.To, t.SharePercent, t.Cause, t.Sentence)),
        ];
    }

    private static EndpointTraffic Endpoint(string id, IReadOnlyCollection<AttemptRollup> rows, DateTimeOffset from, DateTimeOffset to)
    {
        AttemptTotals totals = AttemptTotals.Of(rows);
        // Not finer than the roll-ups, or a line would fall apart into dots.
        int points = (int)Math.Clamp((to - from) / Rounding.Length(RollupReader.StepFor(to - from)), 1, LinePoints);
        TimeSpan step = (to - from) / points;
        ILookup<long, AttemptRollup> line = rows.ToLookup(r => (r.Start - from).Ticks / step.Ticks);
        return new EndpointTraffic(
            id, totals.Attempts, totals.Answered, totals.Failed, totals.Failures, totals.FirstToken.P50, totals.FirstToken.P90,
            totals.Duration.P50, totals.Duration.P90, totals.Spend, totals.Unpriced,
            [.. Enumerable.Range(0, points).Select(i => (double?)AttemptTotals.Of(line[i]).FirstToken.P90)]);
    }

    private static EndpointPoint Point(DateTimeOffset at, IReadOnlyCollection<AttemptRollup> rows)
    {
        AttemptTotals all = AttemptTotals.Of(rows);
        AttemptTotals traffic = AttemptTotals.Of(rows.Where(r => r.Cause != AttemptCause.Probe));
        long known = traffic.ServerErrors + traffic.RateLimited + traffic.Timeouts;
        return new EndpointPoint(
            at, traffic.Attempts, traffic.ServerErrors, traffic.RateLimited, traffic.Timeouts, traffic.Failed - known,
            traffic.FirstToken.P50, traffic.FirstToken.P90, traffic.FirstToken.Quantile(0.99), traffic.Duration.P50, traffic.Duration.P90,
            all.PrimaryMicros, all.Micros - all.PrimaryMicros);
    }

    private static FeatureTraffic Feature(string name, IReadOnlyCollection<RequestRollup> rows, AttemptTotals attempts)
    {
        LatencyHistogram first = FirstToken(rows);
        return new FeatureTraffic(
            name, rows.Sum(r => r.Requests), rows.Sum(r => r.Answered), rows.Sum(r => r.Cancelled), rows.Sum(r => r.FailedOver), first.P50, first.P90,
            [.. rows.Where(r => r.ServedBy.Length > 0).GroupBy(r => r.ServedBy, StringComparer.Ordinal).Select(g => (g.Key, g.Sum(r => r.Answered))).OrderByDescending(s => s.Item2)],
            attempts.Spend, attempts.ResilienceMicros, attempts.Unpriced);
    }

    private static LatencyHistogram FirstToken(IEnumerable<RequestRollup> rows)
    {
        LatencyHistogram merged = new();
        foreach (RequestRollup row in rows) Histograms.Merge(merged, row.FirstToken);
        return merged;
    }

    // A range begins inside the period of its first roll-up.
    private static DateTimeOffset Began(IReadOnlyCollection<DateTimeOffset> starts, DateTimeOffset from) => starts.Count > 0 && starts.Min() is var first && first > from ? first : from;

    private static IEnumerable<DateTimeOffset> Steps(DateTimeOffset from, DateTimeOffset to, TimeSpan step)
    {
        for (DateTimeOffset at = Floor(from, step); at < to; at += step) yield return at;
    }

    private static DateTimeOffset Floor(DateTimeOffset at, TimeSpan step) => new(at.UtcTicks - at.UtcTicks % step.Ticks, TimeSpan.Zero);
}

/// <summary>One move of a breaker on one edge.</summary>
public sealed record BreakerMove(
    string EdgeId, DateTimeOffset At, BreakerState From, BreakerState To, int SharePercent, TransitionCause Cause, string Sentence);
