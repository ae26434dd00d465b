namespace Routing.Core.Health;

/// <summary>
/// What is usual: the median of the p90s of the last twelve five minutes, each with enough samples. One p90 over the whole hour would follow a tenth
/// of it, which is six bad minutes; this follows half an hour. Not thread-safe.
/// </summary>
/// <param name="slotTicks">Five minutes.</param>
internal sealed class LatencyBaseline(long slotTicks)
{
    private const int SlotCount = 12;

    // Less than half an hour shows a moment, not a habit.
    private const int LeastSlots = 6;
    private const int LeastSamples = 20;

    private readonly int[] _p90s = new int[SlotCount];
    private readonly LatencyHistogram _current = new();
    private long _slot;

    /// <summary>In ms; 0 = not known.</summary>
    public int P90Ms { get; private set; }

    /// <param name="now">Time during which the endpoint was well; it stands still otherwise, so that an hour is always a healthy one.</param>
    public void Add(long now, long milliseconds)
    {
        Advance(now / slotTicks);
        _current.Add(milliseconds);
    }

    /// <summary>Leaves out the five minutes under way: they ended in trouble.</summary>
    public void DropCurrent() => _current.Clear();

    private void Advance(long target)
    {
        if (target == _slot) return;
        _p90s[_slot % SlotCount] = _current.Count >= LeastSamples ? Math.Max(1, _current.P90 ?? 0) : 0;
        _current.Clear();
        for (var skipped = Math.Max(_slot + 1, target - SlotCount); skipped <= target; skipped++) _p90s[skipped % SlotCount] = 0;
        _slot = target;
        P90Ms = Median();
    }

    private int Median()
    {
        Span<int> known = stackalloc int[SlotCount];
        var count = 0;
        foreach (var p90 in _p90s)
        {
            if (p90 > 0) known[count++] = p90;
        }

        if (count < LeastSlots) return 0;
        known = known[..count];
        known.Sort();
        return known[(count - 1) / 2];
    }
}
