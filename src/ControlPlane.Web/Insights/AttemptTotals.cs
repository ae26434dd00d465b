using System.Collections.Immutable;
using ControlPlane.Web.Usage;
using Routing.Core.Health;
using Routing.Core.Llm;
using Routing.Core.Usage;

namespace ControlPlane.Web.Insights;

/// <summary>Adds up attempt roll-ups for a page.</summary>
internal sealed class AttemptTotals
{
    private readonly SortedDictionary<string, (long Micros, long Estimated)> _spend = new(StringComparer.Ordinal);
    private readonly FailureCounts _failures = new();

    public long Attempts { get; private set; }
    public long Answered { get; private set; }
    public long Unpriced { get; private set; }
    public long ResilienceMicros { get; private set; }
    public long PrimaryMicros { get; private set; }
    public long ShadowMicros { get; private set; }
    public LatencyHistogram FirstToken { get; } = new();
    public LatencyHistogram Duration { get; } = new();

    public ImmutableSortedDictionary<string, long> Failures => _failures.ByKind.ToImmutableSortedDictionary(StringComparer.Ordinal);

    public ImmutableArray<Spend> Spend => [.. _spend.Where(s => s.Key.Length > 0).Select(s => new Spend(s.Key, s.Value.Micros, s.Value.Estimated))];

    public long Micros => _spend.Values.Sum(s => s.Micros);

    /// <summary>Failures that count against the endpoint or our quota there; a caller's own mistake does not.</summary>
    public long Failed => Errors(static _ => true);

    public static AttemptTotals Of(IEnumerable<AttemptRollup> rows)
    {
        AttemptTotals totals = new();
        foreach (AttemptRollup row in rows) totals.Add(row);
        return totals;
    }

    public long ServerErrors => Errors(k => k is FailureKind.UpstreamInternal or FailureKind.CapacityExhausted or FailureKind.ModelError
        or FailureKind.ModelNotReady or FailureKind.Unknown or FailureKind.StreamInterrupted or FailureKind.Transport);

    public long RateLimited => Errors(k => k is FailureKind.RateLimited or FailureKind.ReservedExhausted);

    public long Timeouts => Errors(k => k is FailureKind.UpstreamTimeout or FailureKind.DeadlineFirstToken or FailureKind.DeadlineTotal);

    private long Errors(Func<FailureKind, bool> which)
    {
        long sum = 0;
        foreach (FailureKind kind in Enum.GetValues<FailureKind>())
        {
            bool counts = FailureRules.Of(kind).Health != HealthEffect.Ignored || kind == FailureKind.ReservedExhausted;
            if (counts && which(kind)) sum += _failures.ByKind.GetValueOrDefault(kind.Name());
        }
        return sum;
    }

    private void Add(AttemptRollup row)
    {
        Attempts += row.Attempts;
        Answered += row.Answered;
        Unpriced += row.Unpriced;
        _failures.Add(row.Failures);
        (long micros, long estimated) = _spend.GetValueOrDefault(row.Currency);
        _spend[row.Currency] = (micros + row.CostMicros, estimated + row.EstimatedCostMicros);
        if (row.Cause is AttemptCause.Retry or AttemptCause.Failover or AttemptCause.Hedge or AttemptCause.Continuation) ResilienceMicros += row.CostMicros;
        if (row.Cause == AttemptCause.Primary) PrimaryMicros += row.CostMicros;
        if (row.Cause == AttemptCause.Shadow) ShadowMicros += row.CostMicros;
        Histograms.Merge(FirstToken, row.FirstToken);
        Histograms.Merge(Duration, row.Duration);
    }
}
