using System.Collections.Concurrent;
using System.Threading.Channels;
using ControlPlane.Web.Publishing;

namespace ControlPlane.Web.Edges;

/// <summary>
/// Tells waiting edges that there is something new. Changes of this process are known at once; those of other nodes by asking the database
/// every two seconds. A nudge carries no content, so one that is lost costs an edge its next beat and nothing else.
/// </summary>
internal sealed partial class VersionWatcher(EnvelopeSource envelopes, DraftSignal changes, TimeProvider time, ILogger<VersionWatcher> logger) : BackgroundService
{
    private static readonly TimeSpan Beat = TimeSpan.FromSeconds(2);

    private readonly ConcurrentDictionary<Guid, Channel<string>> _watchers = new();
    private readonly SemaphoreSlim _changed = new(0, 1);
    private string _last = "";

    /// <summary>The newest ETag, whenever it changes. Capacity one, oldest dropped: a slow edge skips to the newest.</summary>
    public async IAsyncEnumerable<string> WatchAsync([System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var id = Guid.CreateVersion7(time.GetUtcNow());
        var channel = Channel.CreateBounded<string>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropOldest });
        _watchers[id] = channel;
        try
        {
            if (_last.Length > 0) yield return _last;
            await foreach (string etag in channel.Reader.ReadAllAsync(cancellationToken)) yield return etag;
        }
        finally
        {
            _watchers.TryRemove(id, out _);
        }
    }

    public override void Dispose()
    {
        _changed.Dispose();
        base.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        changes.Raised += Wake;
        try
        {
            while (!stoppingToken.IsCancellationRequested)
            {
                await LookAsync(stoppingToken);
                await _changed.WaitAsync(Beat, stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // Stopping.
        }
        finally
        {
            changes.Raised -= Wake;
        }
    }

    private async Task LookAsync(CancellationToken cancellationToken)
    {
        try
        {
            string etag = (await envelopes.VersionAsync(cancellationToken))?.ETag ?? "";
            if (etag == _last) return;
            _last = etag;
            foreach (Channel<string> watcher in _watchers.Values) watcher.Writer.TryWrite(etag);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            LogFailed(e);
        }
    }

    private void Wake()
    {
        try
        {
            _changed.Release();
        }
        catch (SemaphoreFullException)
        {
            // Already awake.
        }
    }

    [LoggerMessage(LogLevel.Warning, "The published version could not be read; edges keep polling.")]
    private partial void LogFailed(Exception exception);
}
