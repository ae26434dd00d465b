namespace Routing.Core.Health;

internal enum OutcomeClass : byte { Answered, Failed, RateLimited }

/// <summary>
/// Outcomes of the last seconds in a ring of ten slots. The oldest slot leaves as a whole, so the window spans 90 to 100 % of its length.
/// Not thread-safe: the breaker's lock guards it. That lock is held for well under a microsecond once per attempt, and an attempt lasts
/// hundreds of milliseconds; a lock-free ring would still need one to judge ratio, run and state together.
/// </summary>
internal sealed class RollingWindow(long slotTicks)
{
    public const int SlotCount = 10;

    private readonly int[] _slots = new int[SlotCount * 3];
    private readonly int[] _sums = new int[3];
    private long _current;

    public int Answered(long now) => Sum(now, OutcomeClass.Answered);

    public int Failed(long now) => Sum(now, OutcomeClass.Failed);

    public int RateLimited(long now) => Sum(now, OutcomeClass.RateLimited);

    public void Add(long now, OutcomeClass outcome)
    {
        Advance(now);
        _slots[((int)(_current % SlotCount) * 3) + (int)outcome]++;
        _sums[(int)outcome]++;
    }

    public void Clear()
    {
        Array.Clear(_slots);
        Array.Clear(_sums);
    }

    private int Sum(long now, OutcomeClass outcome)
    {
        Advance(now);
        return _sums[(int)outcome];
    }

    private void Advance(long now)
    {
        var target = now / slotTicks;
        if (target - _current >= SlotCount)
        {
            Clear();
            _current = target;
        }
        while (_current < target)
        {
            _current++;
            var slot = _slots.AsSpan((int)(_current % SlotCount) * 3, 3);
            for (var i = 0; i < 3; i++) _sums[i] -= slot[i];
            slot.Clear();
        }
    }
}
