namespace Routing.Core.Health;

/// <summary>
/// Closed while our own quota at the provider is used up. Apart from the breaker: a healthy endpoint we have asked too much of is not a sick one.
/// Lock-free.
/// </summary>
internal sealed class QuotaGate(TimeProvider time)
{
    private static readonly TimeSpan DefaultWait = TimeSpan.FromSeconds(5);

    // A hint that proves too short again and again is no longer believed: as long as nothing is answered in between, the least wait doubles.
    private static readonly TimeSpan FirstLeast = TimeSpan.FromSeconds(1);
    private const int MostDoublings = 3;

    // A provider that names a day-long quota must not keep traffic away after an operator has raised it.
    private static readonly TimeSpan MaxWait = TimeSpan.FromMinutes(5);

    private long _until;
    private int _closings;

    public bool IsClosed
    {
        get
        {
            var until = Volatile.Read(ref _until);
            return until != 0 && time.GetTimestamp() < until;
        }
    }

    /// <summary>How long until it opens again; zero when it is open.</summary>
    public TimeSpan Left
    {
        get
        {
            var until = Volatile.Read(ref _until);
            var now = time.GetTimestamp();
            return until == 0 || now >= until ? TimeSpan.Zero : time.GetElapsedTime(now, until);
        }
    }

    /// <summary>Something was answered: the quota is there again, whatever it was before.</summary>
    public void Answered()
    {
        if (Volatile.Read(ref _closings) != 0) Volatile.Write(ref _closings, 0);
    }

    public void Close(TimeSpan? retryAfter)
    {
        var asked = retryAfter is { } hint && hint > TimeSpan.Zero ? hint : DefaultWait;
        var now = time.GetTimestamp();
        var seen = Volatile.Read(ref _until);
        while (true)
        {
            // Calls that were under way when it closed bring no news.
            var isNews = now >= seen;
            var until = now + Clock.Ticks(time, Wait(asked, Volatile.Read(ref _closings) - (isNews ? 0 : 1)));
            if (until <= seen) return;
            var before = Interlocked.CompareExchange(ref _until, until, seen);
            if (before == seen)
            {
                if (isNews) Interlocked.Increment(ref _closings);
                return;
            }

            seen = before;
        }
    }

    private static TimeSpan Wait(TimeSpan asked, int closings)
    {
        var least = FirstLeast * (1 << Math.Clamp(closings, 0, MostDoublings));
        var wait = asked > least ? asked : least;
        return wait < MaxWait ? wait : MaxWait;
    }
}
