namespace ControlPlane.Web.Ui;

/// <summary>
/// The one clock behind every live part of every circuit. It beats only while somebody listens. A listener is called when its interval is
/// over, or sooner after <see cref="Nudge"/>, but never more often than every <see cref="MinimumGap"/> and never while its last call runs.
/// </summary>
public sealed class LiveTicker(TimeProvider time) : IDisposable
{
    /// <summary>Five refreshes a second are as many as an eye can use.</summary>
    public static readonly TimeSpan MinimumGap = TimeSpan.FromMilliseconds(200);

    private readonly Lock _lock = new();
    private readonly List<Listener> _listeners = [];
    private ITimer? _timer;

    public int Listeners
    {
        get
        {
            lock (_lock)
                return _listeners.Count;
        }
    }

    /// <summary>Calls <paramref name="refresh"/> every <paramref name="interval"/> until the result is disposed. It must not throw.</summary>
    public IDisposable Listen(TimeSpan interval, Func<Task> refresh)
    {
        ArgumentNullException.ThrowIfNull(refresh);
        Listener listener = new(this, interval < MinimumGap ? MinimumGap : interval, refresh, time.GetTimestamp());
        lock (_lock)
        {
            _listeners.Add(listener);
            _timer ??= time.CreateTimer(static state => ((LiveTicker)state!).Beat(), this, MinimumGap, MinimumGap); // state is this
        }
        return listener;
    }

    /// <summary>Says that something worth showing arrived: every listener is called on the next beat its gap allows.</summary>
    public void Nudge()
    {
        lock (_lock)
        {
            foreach (Listener listener in _listeners)
                listener.Nudged = true;
        }
    }

    public void Dispose()
    {
        lock (_lock)
        {
            _listeners.Clear();
            StopWhenIdle_NeedsLock();
        }
    }

    private void Beat()
    {
        Listener[] due;
        lock (_lock)
            due = [.. _listeners.Where(listener => listener.IsDue(time))];
        foreach (Listener listener in due)
            _ = listener.CallAsync(time);
    }

    private void Remove(Listener listener)
    {
        lock (_lock)
        {
            _listeners.Remove(listener);
            StopWhenIdle_NeedsLock();
        }
    }

    private void StopWhenIdle_NeedsLock()
    {
        if (_listeners.Count > 0)
            return;
        _timer?.Dispose();
        _timer = null;
    }

    private sealed class Listener(LiveTicker owner, TimeSpan interval, Func<Task> refresh, long since) : IDisposable
    {
        private long _last = since;
        private int _running;

        public bool Nudged { get; set; }

        public bool IsDue(TimeProvider time)
        {
            TimeSpan age = time.GetElapsedTime(_last);
            return Volatile.Read(ref _running) == 0 && (age >= interval || (Nudged && age >= MinimumGap));
        }

        public async Task CallAsync(TimeProvider time)
        {
            if (Interlocked.Exchange(ref _running, 1) != 0)
                return;
            Nudged = false;
            _last = time.GetTimestamp();
            try
            {
                await refresh();
            }
            finally
            {
                Volatile.Write(ref _running, 0);
            }
        }

        public void Dispose() => owner.Remove(this);
    }
}
