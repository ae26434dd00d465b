namespace Routing.Edge.Snapshots;

/// <summary>Growing waits with full jitter between a half and the whole of each step, so that a thousand edges do not come back together.</summary>
internal sealed class Backoff(TimeSpan first, TimeSpan longest, int seed)
{
    private readonly Random _random = new(seed);
    private int _failures;

    public TimeSpan Next()
    {
        var step = Math.Min(longest.TotalMilliseconds, first.TotalMilliseconds * Math.Pow(2, Math.Min(_failures++, 20)));
        return TimeSpan.FromMilliseconds(step * (0.5 + _random.NextDouble() / 2));
    }

    public void Reset() => _failures = 0;
}
