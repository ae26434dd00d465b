namespace Routing.Core.Health;

/// <summary>
/// A bucket that fills by itself, in one number: the moment at which it will be full. Whoever finds anything in it may go; what turns out to be
/// more than was left is owed, and waited for. So nobody needs to know beforehand how much an answer will use, and no call is too large for ever.
/// </summary>
internal sealed class QuotaBucket(SharedHealth shared)
{
    // Providers count in seconds rather than in minutes, as Azure says of its own. A sixth of the minute's quota at once: then any minute sees at
    // most seven sixths.
    private static readonly TimeSpan Capacity = TimeSpan.FromSeconds(10);

    // As long as the gate ever stays closed: an estimate must not keep traffic away for longer than a refusal.
    private static readonly TimeSpan MostOwed = TimeSpan.FromMinutes(5);

    private readonly long _capacity = Clock.Ticks(shared.Time, Capacity);
    private readonly long _mostOwed = Clock.Ticks(shared.Time, MostOwed);
    private readonly double _minute = Clock.Ticks(shared.Time, TimeSpan.FromMinutes(1));
    private int _perMinute;
    private long _fullAt;

    public int PerMinute
    {
        set => Volatile.Write(ref _perMinute, value);
    }

    public bool IsKnown => Volatile.Read(ref _perMinute) > 0;

    /// <summary>In the clock's ticks, until there is something in it; 0 when there is.</summary>
    public long Missing(long now) => IsKnown ? Math.Max(0, Volatile.Read(ref _fullAt) - now - _capacity + 1) : 0;

    public void Take(long now, long units)
    {
        var perMinute = Volatile.Read(ref _perMinute);
        if (perMinute <= 0 || units == 0) return;
        var cost = units * _minute * shared.Edges / perMinute;
        var seen = Volatile.Read(ref _fullAt);
        while (true)
        {
            var fullAt = Math.Min(Math.Max(seen, now) + (long)cost, now + _capacity + _mostOwed);
            var before = Interlocked.CompareExchange(ref _fullAt, fullAt, seen);
            if (before == seen) return;
            seen = before;
        }
    }
}
