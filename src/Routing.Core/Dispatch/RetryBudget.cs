namespace Routing.Core.Dispatch;

/// <summary>
/// Bounds how much trying again may add to a feature's traffic: of the last ten seconds a fifth of its requests, and a fifth of their bytes, since a
/// long prompt tried again costs what many short ones do. All attempts after a request's first count; only one on the same model endpoint
/// needs leave. Lock-free: a request that is answered at once costs two atomic additions.
/// </summary>
internal sealed class RetryBudget
{
    private const int Seconds = 10;
    private const int PercentOfTraffic = 20;

    // For thin traffic, a fifth of which is nothing: one a second, and the longest prompt of most models.
    private const int LeastAttempts = Seconds;
    private const int LeastBytes = 4 * 1024 * 1024;

    private readonly Slot[] _slots = [.. Enumerable.Range(0, Seconds).Select(_ => new Slot())];

    /// <summary>What may be sent to two providers at once.</summary>
    public HedgeBudget Hedges { get; } = new();

    /// <summary>A request has come.</summary>
    /// <param name="second">Of the clock that never jumps.</param>
    public void Ask(long second, int bytes)
    {
        var slot = At(second);
        Interlocked.Increment(ref slot.Asked);
        Interlocked.Add(ref slot.AskedBytes, bytes);
    }

    /// <summary>An attempt after the first that is made in any case.</summary>
    public void Spend(long second, int bytes)
    {
        var slot = At(second);
        Interlocked.Increment(ref slot.Spent);
        Interlocked.Add(ref slot.SpentBytes, bytes);
    }

    /// <summary>Spends unless trying again would add too much.</summary>
    public bool TrySpend(long second, int bytes)
    {
        if (!HasRoom(second, bytes)) return false;
        Spend(second, bytes);
        return true;
    }

    /// <summary>What was spent at that second was not sent after all.</summary>
    public void GiveBack(long second, int bytes)
    {
        var slot = _slots[(int)(second % Seconds)];
        if (Volatile.Read(ref slot.Second) != second) return; // Forgotten since.
        Interlocked.Decrement(ref slot.Spent);
        Interlocked.Add(ref slot.SpentBytes, -bytes);
    }

    /// <summary>False when trying again would add too much. Requests that ask at the same instant may all be let through: a rate is bounded, not the last one counted.</summary>
    public bool HasRoom(long second, int bytes)
    {
        long asked = 0, askedBytes = 0, spent = 0, spentBytes = bytes;
        foreach (var slot in _slots)
        {
            if (Volatile.Read(ref slot.Second) <= second - Seconds) continue;
            asked += Volatile.Read(ref slot.Asked);
            askedBytes += Volatile.Read(ref slot.AskedBytes);
            spent += Volatile.Read(ref slot.Spent);
            spentBytes += Volatile.Read(ref slot.SpentBytes);
        }

        if (spent >= Math.Max(LeastAttempts, asked * PercentOfTraffic / 100)) return false;
        return spentBytes <= Math.Max(LeastBytes, askedBytes * PercentOfTraffic / 100);
    }

    private Slot At(long second)
    {
        var slot = _slots[(int)(second % Seconds)];
        var seen = Volatile.Read(ref slot.Second);

        // Who comes first empties it. Who counts at that very moment may be forgotten.
        if (seen < second && Interlocked.CompareExchange(ref slot.Second, second, seen) == seen) slot.Clear();
        return slot;
    }

    private sealed class Slot
    {
        public long Second = long.MinValue;
        public long Asked;
        public long AskedBytes;
        public long Spent;
        public long SpentBytes;

        public void Clear()
        {
            Volatile.Write(ref Asked, 0);
            Volatile.Write(ref AskedBytes, 0);
            Volatile.Write(ref Spent, 0);
            Volatile.Write(ref SpentBytes, 0);
        }
    }
}
