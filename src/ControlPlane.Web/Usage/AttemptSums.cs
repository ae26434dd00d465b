using Routing.Core.Health;
using Routing.Core.Llm;
using Routing.Core.Usage;

namespace ControlPlane.Web.Usage;

/// <summary>Adds up attempts, and sums of attempts. Pure.</summary>
internal static class AttemptSums
{
    public static IEnumerable<AttemptRollup> OfRows(RollupStep step, DateTimeOffset start, IEnumerable<AttemptRow> rows) => rows
        .GroupBy(a => (a.Feature, a.ModelEndpoint, a.Cause, Currency: a.Currency ?? ""))
        .Select(group =>
        {
            AttemptRollup sum = New(step, start, group.Key);
            FailureCounts failures = new();
            LatencyHistogram first = new(), duration = new();
            foreach (AttemptRow row in group) Add(sum, row, failures, first, duration);
            return Finish(sum, failures, first, duration);
        });

    public static IEnumerable<AttemptRollup> OfRollups(RollupStep step, DateTimeOffset start, IEnumerable<AttemptRollup> parts) => parts
        .GroupBy(a => (a.Feature, a.ModelEndpoint, a.Cause, a.Currency))
        .Select(group =>
        {
            AttemptRollup sum = New(step, start, group.Key);
            FailureCounts failures = new();
            LatencyHistogram first = new(), duration = new();
            foreach (AttemptRollup part in group) Add(sum, part, failures, first, duration);
            return Finish(sum, failures, first, duration);
        });

    private static AttemptRollup New(RollupStep step, DateTimeOffset start, (string Feature, string ModelEndpoint, AttemptCause Cause, string Currency) key) => new()
    {
        Step = step, Start = start, Feature = key.Feature, ModelEndpoint = key.ModelEndpoint, Cause = key.Cause, Currency = key.Currency,
    };

    private static void Add(AttemptRollup sum, AttemptRow row, FailureCounts failures, LatencyHistogram first, LatencyHistogram duration)
    {
        sum.Attempts++;
        if (row.Outcome == AttemptOutcome.Answered) sum.Answered++;
        else if (row.Outcome == AttemptOutcome.Failed) sum.Failed++;
        else if (row.Outcome == AttemptOutcome.Interrupted) sum.Interrupted++;
        else sum.Cancelled++;
        if (row.Failure is { } kind) failures.Add(kind, 1);
        sum.InputTokens += row.InputTokens;
        sum.CacheReadTokens += row.CacheReadTokens;
        sum.CacheWriteTokens += row.CacheWriteTokens;
        sum.OutputTokens += row.OutputTokens;
        sum.ReasoningTokens += row.ReasoningTokens;
        sum.CostMicros += row.CostMicros ?? 0;
        if (row.UsageSource == UsageSource.Estimated) sum.EstimatedCostMicros += row.CostMicros ?? 0;
        if (row.CostMicros is null) sum.Unpriced++;
        if (row.Outcome != AttemptOutcome.Answered) return;
        if (row is { Streamed: true, FirstTokenMs: { } ms }) first.Add(ms);
        duration.Add(row.DurationMs);
    }

    private static void Add(AttemptRollup sum, AttemptRollup part, FailureCounts failures, LatencyHistogram first, LatencyHistogram duration)
    {
        sum.Attempts += part.Attempts;
        sum.Answered += part.Answered;
        sum.Failed += part.Failed;
        sum.Interrupted += part.Interrupted;
        sum.Cancelled += part.Cancelled;
        failures.Add(part.Failures);
        sum.InputTokens += part.InputTokens;
        sum.CacheReadTokens += part.CacheReadTokens;
        sum.CacheWriteTokens += part.CacheWriteTokens;
        sum.OutputTokens += part.OutputTokens;
        sum.ReasoningTokens += part.ReasoningTokens;
        sum.CostMicros += part.CostMicros;
        sum.EstimatedCostMicros += part.EstimatedCostMicros;
        sum.Unpriced += part.Unpriced;
        Histograms.Merge(first, part.FirstToken);
        Histograms.Merge(duration, part.Duration);
    }

    private static AttemptRollup Finish(AttemptRollup sum, FailureCounts failures, LatencyHistogram first, LatencyHistogram duration)
    {
        sum.Failures = failures.ToString();
        sum.FirstToken = first.ToBytes();
        sum.Duration = duration.ToBytes();
        return sum;
    }
}

internal static class Histograms
{
    /// <summary>A stored histogram that cannot be read counts as empty: a chart with a gap beats a page that fails.</summary>
    public static void Merge(LatencyHistogram target, byte[] stored)
    {
        if (LatencyHistogram.TryParse(stored, out LatencyHistogram part)) target.Merge(part);
    }
}
