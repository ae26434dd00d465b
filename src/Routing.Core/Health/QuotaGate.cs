namespace Routing.Core.Health;

/// <summary>
/// Closed while our own quota at the provider is used up. Apart from the breaker: a healthy endpoint we have asked too much of is not a sick one.
/// Lock-free.
/// </summary>
internal sealed class QuotaGate(TimeProvider time)
{
    private static readonly TimeSpan DefaultWait = TimeSpan.FromSeconds(5);

    // A provider that names a day-long quota must not keep traffic away after an operator has raised it.
    private static readonly TimeSpan MaxWait = TimeSpan.FromMinutes(5);

    private long _until;

    public bool IsClosed
    {
        get
        {
            var until = Volatile.Read(ref _until);
            return until != 0 && time.GetTimestamp() < until;
        }
    }

    /// <summary>When it opens again, or null when it is open.</summary>
    public DateTimeOffset? Until
    {
        get
        {
            var until = Volatile.Read(ref _until);
            var now = time.GetTimestamp();
            return until == 0 || now >= until ? null : time.GetUtcNow() + time.GetElapsedTime(now, until);
        }
    }

    public void Close(TimeSpan? retryAfter)
    {
        var wait = retryAfter is { } asked && asked > TimeSpan.Zero ? asked : DefaultWait;
        if (wait > MaxWait) wait = MaxWait;
        var until = time.GetTimestamp() + Clock.Ticks(time, wait);
        var seen = Volatile.Read(ref _until);
        while (seen < until)
        {
            var before = Interlocked.CompareExchange(ref _until, until, seen);
            if (before == seen) return;
            seen = before;
        }
    }
}
