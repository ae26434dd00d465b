namespace Routing.Simulator.Log;

/// <summary>Bounded ring of the newest calls, with totals that outlive it.</summary>
public sealed class CallLog
{
    public const int Capacity = 200_000;

    // Callers choose model names: beyond this many, new ones are counted together.
    private const int MostTotals = 10_000;

    private readonly Lock _lock = new();
    private readonly CallRecord[] _ring = new CallRecord[Capacity];
    private readonly Dictionary<(string Wire, string Region, string Model, string Outcome), Totals> _totals = [];
    private long _last;

    /// <summary>Sequence number of the newest call; 0 before the first.</summary>
    public long LastSeq
    {
        get { lock (_lock) return _last; }
    }

    /// <summary>Adds a call; the sequence number of <paramref name="call"/> is given here.</summary>
    public void Add(CallRecord call)
    {
        lock (_lock)
        {
            _last++;
            _ring[(_last - 1) % Capacity] = call with { Seq = _last };
            var key = (call.Wire, call.Region, call.Model, call.Outcome);
            if (_totals.Count >= MostTotals && !_totals.ContainsKey(key)) key = (call.Wire, "other", "other", call.Outcome);
            if (!_totals.TryGetValue(key, out var totals)) _totals[key] = totals = new Totals();
            totals.Calls++;
            totals.Input += call.InputTokens ?? 0;
            totals.Output += call.OutputTokens ?? 0;
        }
    }

    /// <summary>Calls after <paramref name="seq"/>, oldest first. What the ring has forgotten is skipped.</summary>
    public IReadOnlyList<CallRecord> After(long seq, int limit = 1000)
    {
        lock (_lock)
        {
            var first = Math.Max(Math.Max(seq, 0), _last - Capacity);
            var found = new List<CallRecord>((int)Math.Clamp(_last - first, 0, limit));
            for (var at = first; at < _last && found.Count < limit; at++) found.Add(_ring[at % Capacity]);
            return found;
        }
    }

    public IReadOnlyList<CallTotals> Summary()
    {
        lock (_lock)
        {
            return
            [
                .. _totals.Select(t => new CallTotals(t.Key.Wire, t.Key.Region, t.Key.Model, t.Key.Outcome, t.Value.Calls, t.Value.Input, t.Value.Output))
                    .OrderBy(t => t.Wire, StringComparer.Ordinal).ThenBy(t => t.Region, StringComparer.Ordinal)
                    .ThenBy(t => t.Model, StringComparer.Ordinal).ThenBy(t => t.Outcome, StringComparer.Ordinal),
            ];
        }
    }

    private sealed class Totals
    {
        public long Calls { get; set; }
        public long Input { get; set; }
        public long Output { get; set; }
    }
}
