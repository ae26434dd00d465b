using Routing.Core.Budgets;

namespace Routing.Core.Tests.Budgets;

/// <summary>
/// Edges that share one feature's budget in virtual time, each with the account an edge really has, before a control plane that stores what real ones store:
/// of each edge what has been ingested, how far it may go and when it was heard. Reports and batches of usage go every two seconds, and get lost while it
/// is away or the edge cut off from it.
/// </summary>
internal sealed class BudgetFleet
{
    public const int Month = 2026_11;
    public const long MostCost = 20_000;
    private const long MeanCost = 11_000;
    private const int BeatMs = 2_000;
    private const int SilentAfterMs = 15_000;
    private static readonly DateTimeOffset Start = new(2026, 11, 1, 0, 0, 0, TimeSpan.Zero);

    private readonly Random _random;
    private readonly long _budget;
    private double[] _weights;
    private Edge[] _edges;
    private readonly PriorityQueue<Call, long> _underWay = new();
    private Hearing? _hearing;

    public BudgetFleet(int seed, long budget, params double[] weights)
    {
        (_random, _budget, _weights) = (new Random(seed), budget, weights);
        _edges = [.. weights.Select((_, i) => new Edge { NextBeat = i * BeatMs / weights.Length })];
    }

    public long NowMs { get; private set; }
    public bool IsAway { get; set; }
    public long Served { get; private set; }
    public long Refused { get; private set; }

    /// <summary>What was not truly spent on any edge, set aside or not, when a call was refused although the control plane was there; the most of all.</summary>
    public long MostLeftAtRefusal { get; private set; }

    /// <summary>What providers will charge.</summary>
    public long TrueSpent => _edges.Sum(e => e.TrueSpent);
    public long Ingested => _edges.Sum(e => e.Ingested);
    public long Counted => _edges.Sum(e => e.Month.Spent);
    public long SetAside => _edges.Sum(e => e.Month.Used - e.Month.Spent);
    public int Writes { get; private set; }

    /// <summary>A new edge, which gets a share of the calls from now on. It reports at once, as it does when it starts.</summary>
    public void Join(double weight)
    {
        _weights = [.. _weights, weight];
        _edges = [.. _edges, new Edge { NextBeat = NowMs }];
    }

    public void Run(int calls, double perSecond)
    {
        for (var i = 0; i < calls; i++)
        {
            Advance(NowMs + (long)(-Math.Log(1 - _random.NextDouble()) * 1000 / perSecond));
            Arrive(_edges[Draw()]);
        }
    }

    /// <summary>The edge and the control plane do not hear each other for so long; calls reach it all the same.</summary>
    public void CutOff(int index, TimeSpan time) => _edges[index].CutOffUntil = NowMs + (long)time.TotalMilliseconds;

    /// <summary>It is gone, and no call reaches it any more. Others do not know.</summary>
    public void Lose(int index) => (_weights[index], _edges[index].CutOffUntil) = (0, long.MaxValue);

    /// <summary>Everything under way ends, and everybody reports once more.</summary>
    public void Settle()
    {
        IsAway = false;
        Advance(NowMs + 30_000);
    }

    /// <summary>kill -9: what was in memory is gone, calls under way with it. The spool and the file of the last beat are not.</summary>
    public void Kill(int index)
    {
        var edge = _edges[index];
        edge.Month = new MonthSpend(Month);
        if (edge.Kept is { } kept) edge.Month.Hear(kept.Spent, kept.UpTo);
        edge.Life++;
    }

    private int Draw()
    {
        var at = _random.NextDouble() * _weights.Sum();
        for (var i = 0; i < _weights.Length - 1; i++) if ((at -= _weights[i]) < 0) return i;
        return _weights.Length - 1;
    }

    private void Arrive(Edge edge)
    {
        if (!edge.Month.TryReserve(MeanCost, _budget / _edges.Length))
        {
            Refused++;
            if (!IsAway) MostLeftAtRefusal = Math.Max(MostLeftAtRefusal, _budget - TrueSpent);
            return;
        }

        Served++;
        _underWay.Enqueue(new Call(edge, edge.Life, _random.NextInt64(2_000, MostCost)), NowMs + _random.Next(200, 5_000));
    }

    private void Advance(long to)
    {
        while (true)
        {
            var beat = _edges.MinBy(e => e.NextBeat)!; // There are edges.
            var call = _underWay.TryPeek(out _, out var end) ? end : long.MaxValue;
            if (Math.Min(beat.NextBeat, call) > to) break;
            if (call <= beat.NextBeat) End(_underWay.Dequeue());
            else Beat(beat);
        }

        NowMs = to;
    }

    private static void End(Call call)
    {
        if (call.Life != call.Edge.Life) return; // Its process is gone; what the provider charges for that nobody knows.
        call.Edge.TrueSpent += call.Cost;
        call.Edge.Month.Count(call.Cost);
        call.Edge.Month.Release(MeanCost);
    }

    private void Beat(Edge edge)
    {
        var now = edge.NextBeat;
        edge.NextBeat += BeatMs;
        edge.Kept = (edge.Month.Spent, edge.Month.UpTo);
        if (IsAway || now < edge.CutOffUntil) return;

        // The control plane's side, as its store does it: nobody has a row before the first report, and who has none goes to an equal part.
        var last = Start.AddMilliseconds(_edges.Max(e => e.HeardAt) ?? now);
        _hearing = _hearing?.At(Start.AddMilliseconds(now), last) ?? Hearing.First(last, Start.AddMilliseconds(now));
        edge.HeardAt = now;
        var held = edge.Month.UpTo ?? _budget / _edges.Length;
        var own = new EdgePart(Math.Max(edge.Month.Spent, edge.Ingested), held);
        var upTo = LeaseShare.UpTo(_budget, own, [.. _edges.Where(e => e != edge).Select(e => Other(e, now))], _edges.Count(e => !IsSilent(e, now)));
        if (edge.Lease != Math.Max(upTo, held)) Writes++;
        edge.Lease = Math.Max(upTo, held);
        edge.Month.Hear(own.Spent, upTo);

        // Behind the report: what was spooled until the last beat.
        (edge.Ingested, edge.Spooled) = (edge.Spooled, edge.TrueSpent);
    }

    private EdgePart Other(Edge edge, long now)
    {
        var isGivenUp = edge.HeardAt is { } heard && Start.AddMilliseconds(heard) < _hearing!.Value.GoneBeforeAt(Start.AddMilliseconds(now)); // Somebody is heard at this moment.
        return new EdgePart(edge.Ingested, isGivenUp ? 0 : edge.Lease ?? _budget / _edges.Length, isGivenUp || IsSilent(edge, now));
    }

    // The fleet was there before the budget: who has not reported is about to.
    private static bool IsSilent(Edge edge, long now) => now - (edge.HeardAt ?? now) > SilentAfterMs;

    private sealed class Edge
    {
        public MonthSpend Month { get; set; } = new(BudgetFleet.Month);
        public (long Spent, long? UpTo)? Kept { get; set; }
        public long TrueSpent { get; set; }
        public long Spooled { get; set; }
        public long Ingested { get; set; }
        public long? Lease { get; set; }
        public long NextBeat { get; set; }
        public long? HeardAt { get; set; }
        public long CutOffUntil { get; set; }
        public int Life { get; set; }
    }

    private sealed record Call(Edge Edge, int Life, long Cost);
}
