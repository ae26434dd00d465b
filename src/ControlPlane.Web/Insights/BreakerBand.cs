using System.Collections.Immutable;
using ControlPlane.Web.Ui;
using Routing.Core.Health;

namespace ControlPlane.Web.Insights;

/// <summary>Turns breaker moves of all edges into one band: at each moment the worst edge's state. Pure.</summary>
internal static class BreakerBand
{
    public static IReadOnlyList<StateSpan> Spans(ImmutableArray<BreakerMove> moves, DateTimeOffset from, DateTimeOffset to, bool known)
    {
        // Before the first move an edge that is heard was closed; one nobody hears is unknown.
        Dictionary<string, (BreakerState State, int Share)> edges = new(StringComparer.Ordinal);
        foreach (BreakerMove move in moves.Where(m => m.At < from)) edges[move.EdgeId] = (move.To, move.SharePercent);
        List<StateSpan> spans = [];
        DateTimeOffset since = from;
        BreakerView state = Worst(edges, known);
        foreach (BreakerMove move in moves.Where(m => m.At >= from))
        {
            edges[move.EdgeId] = (move.To, move.SharePercent);
            BreakerView next = Worst(edges, known);
            if (next == state) continue;
            if (move.At > since) spans.Add(new StateSpan(since, move.At, state));
            (since, state) = (move.At, next);
        }
        if (to > since) spans.Add(new StateSpan(since, to, state));
        return spans;
    }

    private static BreakerView Worst(Dictionary<string, (BreakerState State, int Share)> edges, bool known)
    {
        if (edges.Count == 0) return known ? BreakerView.Closed : BreakerView.NoTraffic;
        (BreakerState state, int share) = edges.Values.MaxBy(e => e.State switch
        {
            BreakerState.Open => 300,
            BreakerState.Isolated => 250,
            BreakerState.PartialOpen => 200 - e.Share,
            _ => 0,
        });
        return BreakerView.From(state, share);
    }
}
