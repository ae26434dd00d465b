namespace Routing.Core.Providers;

/// <summary>How long a provider that refused asks us to stay away.</summary>
public static class RetryHint
{
    // A hint beyond this is a mistake or an outage notice; the breaker's own schedule is better evidence.
    private static readonly TimeSpan Longest = TimeSpan.FromHours(1);

    /// <summary>
    /// From headers: <c>retry-after-ms</c>, then <c>retry-after</c> in seconds or as an HTTP date, then the reset of whatever limit is used up.
    /// Null when there is none that makes sense; a <c>RetryInfo</c> in the body comes after these.
    /// </summary>
    public static TimeSpan? From(IWireHeaders headers)
    {
        var wait = headers["retry-after-ms"] is { } milliseconds ? WireTimes.Milliseconds(milliseconds) : null;
        wait ??= headers["retry-after"] is { } text ? WireTimes.Wait(text, headers["date"]) : null;
        return Bounded(wait ?? UsedUp(LimitSignals.Read(headers)));
    }

    /// <summary>A protobuf or Go duration: <c>3.5s</c>, <c>250ms</c>, <c>6m0s</c>, <c>1h2m3s</c>.</summary>
    public static TimeSpan? Duration(string? text) => Bounded(WireTimes.Duration(text));

    // Of several limits that are used up the longest counts: before it the next call is refused again.
    private static TimeSpan? UsedUp(ReadOnlySpan<LimitSignal> signals)
    {
        TimeSpan? longest = null;
        foreach (var signal in signals)
        {
            if (signal is { Remaining: 0, ResetsIn: { } wait } && !(wait <= longest)) longest = wait;
        }

        return longest;
    }

    private static TimeSpan? Bounded(TimeSpan? wait) => wait > Longest ? Longest : wait;
}
