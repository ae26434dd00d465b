using System.Collections.Immutable;
using System.Threading.Channels;

namespace Routing.Core.Health;

/// <summary>Moves nobody has acknowledged yet, oldest first and bounded: an edge that is cut off for days keeps the newest.</summary>
internal sealed class TransitionLog
{
    public const int Capacity = 1_000;

    private readonly Lock _lock = new();
    private readonly Queue<BreakerTransition> _queue = new();

    // Holds one token at most; its reader continues elsewhere, never under the breaker's lock.
    private readonly Channel<bool> _signal = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private long _dropped;

    public long Dropped => Interlocked.Read(ref _dropped);

    public void Append(BreakerTransition transition)
    {
        lock (_lock)
        {
            _queue.Enqueue(transition);
            if (_queue.Count > Capacity)
            {
                _queue.Dequeue();
                Interlocked.Increment(ref _dropped);
            }
        }
        _signal.Writer.TryWrite(true);
    }

    public ImmutableArray<BreakerTransition> Take(int max)
    {
        lock (_lock) return [.. _queue.Take(max)];
    }

    public void Acknowledge(Guid last)
    {
        lock (_lock)
        {
            // Already dropped, or acknowledged twice: what is left is newer.
            if (!_queue.Any(t => t.Id == last)) return;
            while (_queue.Dequeue().Id != last) { }
        }
    }

    public async ValueTask WaitAsync(CancellationToken cancellationToken) =>
        await _signal.Reader.ReadAsync(cancellationToken).ConfigureAwait(false);
}
