using Routing.Core.Snapshots;

namespace Routing.Edge.Admission;

/// <summary>
/// How many calls one edge works on at a time, and who goes first when that is all there is. Shedding comes in two steps: near the limit
/// batch calls are refused; at it interactive ones wait, briefly and as many as are worked on, take the places that get free before anybody else, and are refused
/// only after that. Below the limit a call costs two atomic operations; the lock is for those who wait.
/// </summary>
internal sealed class AdmissionControl(EdgeOptions options, TimeProvider time)
{
    private readonly int _most = options.MaxInFlight;
    private readonly int _mostBatch = MostBatch(options);
    private readonly TimeSpan _patience = TimeSpan.FromMilliseconds(options.QueueMs);
    private readonly Lock _lock = new();
    private readonly LinkedList<TaskCompletionSource> _queue = [];
    private int _inFlight;
    private int _waiting;
    private long _shedInteractive;
    private long _shedBatch;

    public int InFlight => Volatile.Read(ref _inFlight);
    public int Waiting => Volatile.Read(ref _waiting);

    /// <summary>Half of the places are free, and nobody waits: what nobody asked for may be done.</summary>
    public bool HasSlack => Waiting == 0 && InFlight <= _most / 2;

    /// <summary>Calls refused since the start, by lane.</summary>
    public long Shed(RequestLane lane) => Interlocked.Read(ref lane == RequestLane.Batch ? ref _shedBatch : ref _shedInteractive);

    /// <summary>Whether the call may go on; then it holds a <see cref="Place"/>. False: it is to be refused.</summary>
    /// <exception cref="OperationCanceledException">The caller went away while it waited.</exception>
    public ValueTask<bool> EnterAsync(RequestLane lane, CancellationToken caller)
    {
        // Nobody overtakes those who wait.
        if (Waiting == 0 && TryTake(lane == RequestLane.Batch ? _mostBatch : _most)) return new ValueTask<bool>(true);
        return lane == RequestLane.Batch || _patience == TimeSpan.Zero || Enqueue() is not { } turn
            ? new ValueTask<bool>(Refuse(lane))
            : WaitAsync(turn, caller);
    }

    /// <summary>The place that <see cref="EnterAsync"/> gave, until it is disposed of.</summary>
    public readonly struct Place(AdmissionControl admission) : IDisposable
    {
        public void Dispose() => admission.Leave();
    }

    private void Leave()
    {
        Interlocked.Decrement(ref _inFlight);
        if (Waiting == 0) return;
        lock (_lock) Serve_NeedsLock();
    }

    private bool TryTake(int most)
    {
        for (var seen = InFlight; seen < most; seen = InFlight)
        {
            if (Interlocked.CompareExchange(ref _inFlight, seen + 1, seen) == seen) return true;
        }

        return false;
    }

    private LinkedListNode<TaskCompletionSource>? Enqueue()
    {
        lock (_lock)
        {
            if (_queue.Count >= _most) return null;
            var turn = _queue.AddLast(new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
            // Told before the places are looked at again: who leaves in between sees one of the two.
            Interlocked.Increment(ref _waiting);
            Serve_NeedsLock();
            return turn;
        }
    }

    private async ValueTask<bool> WaitAsync(LinkedListNode<TaskCompletionSource> turn, CancellationToken caller)
    {
        try
        {
            await turn.Value.Task.WaitAsync(_patience, time, caller).ConfigureAwait(false);
            return true;
        }
        catch (TimeoutException)
        {
            return !TryGiveUp(turn) || Refuse(RequestLane.Interactive);
        }
        catch (OperationCanceledException)
        {
            if (!TryGiveUp(turn)) Leave();
            throw;
        }
    }

    /// <summary>False: its turn had come in the meantime.</summary>
    private bool TryGiveUp(LinkedListNode<TaskCompletionSource> turn)
    {
        lock (_lock)
        {
            if (turn.List is null) return false;
            Remove_NeedsLock(turn);
            return true;
        }
    }

    private void Serve_NeedsLock()
    {
        while (_queue.First is { } turn && TryTake(_most))
        {
            Remove_NeedsLock(turn);
            turn.Value.SetResult();
        }
    }

    private void Remove_NeedsLock(LinkedListNode<TaskCompletionSource> turn)
    {
        _queue.Remove(turn);
        Interlocked.Decrement(ref _waiting);
    }

    private bool Refuse(RequestLane lane)
    {
        Interlocked.Increment(ref lane == RequestLane.Batch ? ref _shedBatch : ref _shedInteractive);
        return false;
    }

    // One place at least is kept from batch calls, unless there is only one.
    private static int MostBatch(EdgeOptions options) =>
        Math.Max(1, Math.Min(options.MaxInFlight - 1, (int)((long)options.MaxInFlight * options.BatchPercent / 100)));
}
