namespace Routing.Core.Health;

/// <summary>Latencies of the last seconds: ten histograms in a ring and their sum, so that a quantile is one scan. Not thread-safe.</summary>
internal sealed class LatencyWindow(long slotTicks)
{
    private readonly LatencyHistogram?[] _slots = new LatencyHistogram?[RollingWindow.SlotCount];
    private readonly LatencyHistogram _sum = new();
    private long _current;

    public LatencyHistogram At(long now)
    {
        Advance(now);
        return _sum;
    }

    public void Add(long now, long milliseconds)
    {
        Advance(now);
        (_slots[_current % RollingWindow.SlotCount] ??= new LatencyHistogram()).Add(milliseconds);
        _sum.Add(milliseconds);
    }

    public void Clear()
    {
        foreach (var slot in _slots) slot?.Clear();
        _sum.Clear();
    }

    private void Advance(long now)
    {
        var target = now / slotTicks;
        if (target - _current >= RollingWindow.SlotCount)
        {
            Clear();
            _current = target;
        }
        while (_current < target)
        {
            _current++;
            var slot = _slots[_current % RollingWindow.SlotCount];
            if (slot is null || slot.Count == 0) continue;
            _sum.Subtract(slot);
            slot.Clear();
        }
    }
}
