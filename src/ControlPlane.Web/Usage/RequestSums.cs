using Routing.Core.Health;
using Routing.Core.Usage;

namespace ControlPlane.Web.Usage;

/// <summary>Adds up requests as callers saw them, and sums of requests. Pure.</summary>
internal static class RequestSums
{
    public static IEnumerable<RequestRollup> OfRows(RollupStep step, DateTimeOffset start, IEnumerable<RequestRow> rows) => rows
        .GroupBy(r => (r.Feature, r.ServedBy))
        .Select(group =>
        {
            RequestRollup sum = new() { Step = step, Start = start, Feature = group.Key.Feature, ServedBy = group.Key.ServedBy };
            LatencyHistogram first = new(), total = new();
            foreach (RequestRow row in group) Add(sum, row, first, total);
            return Finish(sum, first, total);
        });

    public static IEnumerable<RequestRollup> OfRollups(RollupStep step, DateTimeOffset start, IEnumerable<RequestRollup> parts) => parts
        .GroupBy(r => (r.Feature, r.ServedBy))
        .Select(group =>
        {
            RequestRollup sum = new() { Step = step, Start = start, Feature = group.Key.Feature, ServedBy = group.Key.ServedBy };
            LatencyHistogram first = new(), total = new();
            foreach (RequestRollup part in group) Add(sum, part, first, total);
            return Finish(sum, first, total);
        });

    private static void Add(RequestRollup sum, RequestRow row, LatencyHistogram first, LatencyHistogram total)
    {
        sum.Requests++;
        if (row.Outcome == RequestOutcome.Answered) sum.Answered++;
        else if (row.Outcome == RequestOutcome.Failed) sum.Failed++;
        else if (row.Outcome == RequestOutcome.Interrupted) sum.Interrupted++;
        else sum.Cancelled++;
        if (row.Outcome != RequestOutcome.Answered) return;
        if (row.FailedOver) sum.FailedOver++;
        if (row is { Streamed: true, FirstTokenMs: { } ms }) first.Add(ms);
        total.Add(row.TotalMs);
    }

    private static void Add(RequestRollup sum, RequestRollup part, LatencyHistogram first, LatencyHistogram total)
    {
        sum.Requests += part.Requests;
        sum.Answered += part.Answered;
        sum.Failed += part.Failed;
        sum.Interrupted += part.Interrupted;
        sum.Cancelled += part.Cancelled;
        sum.FailedOver += part.FailedOver;
        Histograms.Merge(first, part.FirstToken);
        Histograms.Merge(total, part.Total);
    }

    private static RequestRollup Finish(RequestRollup sum, LatencyHistogram first, LatencyHistogram total)
    {
        sum.FirstToken = first.ToBytes();
        sum.Total = total.ToBytes();
        return sum;
    }
}
