namespace Routing.Core.Budgets;

/// <summary>What one edge has spent on a feature in one month, what it has set aside for calls under way, and how far it may go. Lock-free.</summary>
internal sealed class MonthSpend(int month)
{
    private const long NoLease = -1;

    private long _spent;
    private long _used; // Spent and set aside together: one word to judge by.
    private long _upTo = NoLease;
    private volatile Whole _whole;

    public int Month { get; } = month;
    public long Spent => Volatile.Read(ref _spent);
    public long Used => Volatile.Read(ref _used);

    /// <summary>Where the control plane's last word ends it, counted from the month's start as <see cref="Spent"/> is; null before the first.</summary>
    public long? UpTo => Volatile.Read(ref _upTo) is >= 0 and var upTo ? upTo : null;

    /// <summary>Whether all edges together have spent the whole budget, by the control plane's last word; null where it did not say.</summary>
    public bool? IsWholeSpent => _whole switch { Whole.Spent => true, Whole.Left => false, _ => null };

    public bool HasRoom(long ownPart) => Used < (UpTo ?? ownPart);

    /// <summary>No call that ends can make room again; another lease may, unless the whole is spent.</summary>
    public bool IsSpent(long ownPart) => Spent >= (UpTo ?? ownPart);

    /// <summary>
    /// Sets aside what a call will cost, as long as anything is left. Judged and taken in one step, so that of many that come at once only the first pass.
    /// </summary>
    /// <param name="ownPart">How far it may go before the control plane's first word.</param>
    public bool TryReserve(long micros, long ownPart)
    {
        while (true)
        {
            var used = Volatile.Read(ref _used);
            if (used >= (UpTo ?? ownPart)) return false;
            if (Interlocked.CompareExchange(ref _used, used + micros, used) == used) return true;
        }
    }

    public void Release(long micros) => Interlocked.Add(ref _used, -micros);

    public void Count(long micros)
    {
        Interlocked.Add(ref _used, micros);
        Interlocked.Add(ref _spent, micros);
    }

    /// <summary>
    /// The control plane's word, or this edge's own file. That more was spent than is known here is believed: an earlier process did. It never
    /// tells of a cost that this process has not counted, so none is counted twice.
    /// </summary>
    public void Hear(long spent, long? upTo, bool? isWholeSpent = null)
    {
        Raise(spent);
        _whole = isWholeSpent switch { true => Whole.Spent, false => Whole.Left, null => Whole.Unsaid };
        if (upTo is { } limit) Volatile.Write(ref _upTo, limit);
    }

    // Reports and the file may be heard at once, and calls end meanwhile: only who took the step adds it.
    private void Raise(long to)
    {
        while (Spent is var known && known < to)
        {
            if (Interlocked.CompareExchange(ref _spent, to, known) == known) Interlocked.Add(ref _used, to - known);
        }
    }

    private enum Whole { Unsaid, Left, Spent }
}
