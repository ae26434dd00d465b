namespace Routing.Core.Health;

/// <summary>How fast the model endpoint is, published for whoever chooses: one volatile read a choice, one scan of the window a second.</summary>
internal sealed partial class HealthBreaker
{
    private int _firstTokenP90;
    private int _firstTokenP95;
    private int _durationP95;
    private long _speedAt;

    /// <summary>In ms, of the breaker's window; 0 = too few answers to tell.</summary>
    public int FirstTokenP90Ms => Volatile.Read(ref _firstTokenP90);

    /// <summary>As <see cref="FirstTokenP90Ms"/>.</summary>
    public int FirstTokenP95Ms => Volatile.Read(ref _firstTokenP95);

    /// <summary>Of whole durations, as <see cref="FirstTokenP90Ms"/>.</summary>
    public int DurationP95Ms => Volatile.Read(ref _durationP95);

    /// <summary>At most once a second, but at once when there is enough to tell for the first time: nobody may ask it again soon.</summary>
    private void PublishSpeed_NeedsLock(long now)
    {
        if ((_firstTokenP90 != 0 || _durationP95 != 0) && now - _speedAt < _time.TimestampFrequency) return;
        _speedAt = now;
        var window = _firstToken.At(now);

        // Once told it is told for as long as anything shows it: with thin traffic it would else be lost, and asked by nobody, by chance.
        var isKnown = window.Count >= (_firstTokenP90 == 0 ? EndpointHealth.LeastSpeedSamples : 1);
        Volatile.Write(ref _firstTokenP90, isKnown ? Math.Max(1, window.P90 ?? 0) : 0);
        Volatile.Write(ref _firstTokenP95, isKnown ? Math.Max(1, window.Quantile(0.95) ?? 0) : 0);
        var durations = _duration.At(now);
        Volatile.Write(ref _durationP95, durations.Count >= (_durationP95 == 0 ? EndpointHealth.LeastSpeedSamples : 1) ? Math.Max(1, durations.Quantile(0.95) ?? 0) : 0);
    }
}
