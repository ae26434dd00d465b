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

    private readonly TimeProvider _time = time;
    private readonly ConcurrentDictionary<Guid, Watch> _watches = new();
    private readonly SemaphoreSlim _changed = new(0, 1);
    private string _last = "";

    /// <summary>One edge's wait for news, which begins with the newest ETag; ends when disposed.</summary>
    public Watch Begin()
    {
        var watch = new Watch(this, Guid.CreateVersion7(_time.GetUtcNow()));
        if (_last.Length > 0) watch.Tell(_last);
        return watch;
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
            foreach (Watch watch in _watches.Values) watch.Tell(etag);
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

    internal sealed class Watch : IDisposable
    {
        // Oldest dropped: a slow edge skips to the newest.
        private readonly Channel<string> _etags = Channel.CreateBounded<string>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropOldest });
        private readonly VersionWatcher _watcher;
        private readonly Guid _id;

        public Watch(VersionWatcher watcher, Guid id)
        {
            (_watcher, _id) = (watcher, id);
            watcher._watches[id] = this;
        }

        /// <summary>The newest ETag once it changes; null when nothing has for as long as this.</summary>
        public async Task<string?> NextAsync(TimeSpan atMost, CancellationToken cancellationToken)
        {
            using var limit = new CancellationTokenSource(atMost, _watcher._time);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
            try
            {
                return await _etags.Reader.ReadAsync(either.Token);
            }
            catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
            {
                return null;
            }
        }

        public void Dispose() => _watcher._watches.TryRemove(_id, out _);

        internal void Tell(string etag) => _etags.Writer.TryWrite(etag);
    }
}
