namespace Routing.Edge.Shadows;

/// <summary>How many copies may be under way, and how many bytes of requests they may hold together. Without locks.</summary>
internal sealed class CopyRoom(int most)
{
    // A few of the largest requests, or thousands of ordinary ones.
    private const long MostBytes = 64L << 20;

    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _copies;
    private long _bytes;
    private volatile bool _isClosed;

    public int Copies => Volatile.Read(ref _copies);

    public bool TryEnter(int bytes)
    {
        // Counted before it is looked at: of two that come for the last place at once both may be sent away, never both let in.
        var fits = Interlocked.Increment(ref _copies) <= most & Interlocked.Add(ref _bytes, bytes) <= MostBytes;
        if (fits && !_isClosed) return true;
        Leave(bytes);
        return false;
    }

    public void Leave(int bytes)
    {
        Interlocked.Add(ref _bytes, -bytes);
        if (Interlocked.Decrement(ref _copies) == 0 && _isClosed) _ended.TrySetResult();
    }

    /// <summary>Lets nobody in any more; completes when the last has left.</summary>
    public Task CloseAsync()
    {
        _isClosed = true;

        // Closed for everybody before anybody is counted: of a copy that comes now either its count is seen here, or it sees the door (its own count is a full fence too).
        Interlocked.MemoryBarrier();
        if (Copies == 0) _ended.TrySetResult();
        return _ended.Task;
    }
}
