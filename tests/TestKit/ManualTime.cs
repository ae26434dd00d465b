namespace TestKit;

/// <summary>A clock moved by hand. Timers fire inside <see cref="Advance(TimeSpan)"/>, in order of their due time, each seeing its own moment.</summary>
internal sealed class ManualTime(DateTimeOffset? start = null) : TimeProvider
{
    private readonly Lock _lock = new();
    private readonly List<Timer> _timers = [];
    private readonly List<(long Least, long Most, TaskCompletionSource Set)> _awaited = [];
    private DateTimeOffset _now = start ?? new DateTimeOffset(2026, 11, 24, 14, 0, 0, TimeSpan.Zero);
    private long _timestamp;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override DateTimeOffset GetUtcNow()
    {
        lock (_lock) return _now;
    }

    public override long GetTimestamp()
    {
        lock (_lock) return _timestamp;
    }

    public void Advance(TimeSpan by)
    {
        var end = GetTimestamp() + by.Ticks;
        while (TakeDue(end) is { } due) due.Fire();
        lock (_lock) MoveTo_NeedsLock(end);
    }

    public void Advance(double seconds) => Advance(TimeSpan.FromSeconds(seconds));

    /// <summary>Moves the wall clock only, as an operator or NTP does; durations must not notice.</summary>
    public void StepWallClock(TimeSpan by)
    {
        lock (_lock) _now += by;
    }

    /// <summary>Completes as soon as there is a timer that is due in a time between those two.</summary>
    public Task TimerDueInAsync(TimeSpan least, TimeSpan most)
    {
        lock (_lock)
        {
            if (_timers.Exists(t => t.Due - _timestamp >= least.Ticks && t.Due - _timestamp <= most.Ticks)) return Task.CompletedTask;
            var set = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _awaited.Add((least.Ticks, most.Ticks, set));
            return set.Task;
        }
    }

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new Timer(this, callback, state);
        timer.Change(dueTime, period);
        return timer;
    }

    private Timer? TakeDue(long end)
    {
        lock (_lock)
        {
            var due = _timers.Where(t => t.Due <= end).MinBy(t => t.Due);
            if (due is null) return null;
            MoveTo_NeedsLock(Math.Max(due.Due, _timestamp));
            if (due.Period > 0) due.Due += due.Period;
            else _timers.Remove(due);
            return due;
        }
    }

    private void Tell_NeedsLock(long due)
    {
        foreach (var (least, most, set) in _awaited)
        {
            if (due >= least && due <= most) set.TrySetResult();
        }
    }

    private void MoveTo_NeedsLock(long timestamp)
    {
        _now += TimeSpan.FromTicks(timestamp - _timestamp);
        _timestamp = timestamp;
    }

    private sealed class Timer(ManualTime time, TimerCallback callback, object? state) : ITimer
    {
        public long Due { get; set; }
        public long Period { get; private set; }

        public void Fire() => callback(state);

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            lock (time._lock)
            {
                time._timers.Remove(this);
                if (dueTime == Timeout.InfiniteTimeSpan) return true;
                Due = time._timestamp + dueTime.Ticks;
                Period = period == Timeout.InfiniteTimeSpan ? 0 : period.Ticks;
                time._timers.Add(this);
                time.Tell_NeedsLock(dueTime.Ticks);
                return true;
            }
        }

        public void Dispose()
        {
            lock (time._lock) time._timers.Remove(this);
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
