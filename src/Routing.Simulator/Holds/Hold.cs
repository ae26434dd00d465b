namespace Routing.Simulator.Holds;

/// <summary>A gate every part of an answer waits at until it is let through: so a test can see that what was sent has arrived while the rest is not made yet.</summary>
internal sealed class Hold
{
    private readonly Lock _lock = new();
    private readonly Queue<TaskCompletionSource> _queue = [];
    private long _permits;
    private long _passed;
    private bool _ended;

    public long Passed
    {
        get { lock (_lock) return _passed; }
    }

    /// <summary>Calls that wait now.</summary>
    public int Waiting
    {
        get { lock (_lock) return _queue.Count(w => !w.Task.IsCompleted); }
    }

    /// <summary>Waits for one permit; once the hold has ended nothing waits any more.</summary>
    public async Task TakeAsync(CancellationToken ct)
    {
        TaskCompletionSource? turn = null;
        lock (_lock)
        {
            if (_ended || _permits > 0)
            {
                _permits--;
                _passed++;
                return;
            }

            _queue.Enqueue(turn = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
        }

        // Who leaves gives up the turn, so that no permit is spent on it.
        await using var leaving = ct.Register(() => turn.TrySetCanceled(ct));
        await turn.Task;
    }

    public void Release(int parts)
    {
        lock (_lock)
        {
            _permits += parts;
            while (_permits > 0 && _queue.TryDequeue(out var turn)) LetThrough_NeedsLock(turn);
        }
    }

    public void End()
    {
        lock (_lock)
        {
            _ended = true;
            while (_queue.TryDequeue(out var turn)) LetThrough_NeedsLock(turn);
        }
    }

    private void LetThrough_NeedsLock(TaskCompletionSource turn)
    {
        if (!turn.TrySetResult()) return;
        _permits--;
        _passed++;
    }
}
