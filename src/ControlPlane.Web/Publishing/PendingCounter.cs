using ControlPlane.Web.Shell;

namespace ControlPlane.Web.Publishing;

/// <summary>Keeps the header's count of unpublished changes true: after each change here, and every ten seconds for those of other nodes.</summary>
internal sealed partial class PendingCounter(SnapshotPublisher publisher, DraftSignal signal, PendingChanges pending, ILogger<PendingCounter> logger) : BackgroundService
{
    private static readonly TimeSpan Beat = TimeSpan.FromSeconds(10);

    private readonly SemaphoreSlim _changed = new(0, 1);

    public override void Dispose()
    {
        _changed.Dispose();
        base.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        signal.Raised += Wake;
        try
        {
            while (true)
            {
                await CountAsync(stoppingToken);
                await _changed.WaitAsync(Beat, stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // Stopping.
        }
        finally
        {
            signal.Raised -= Wake;
        }
    }

    private async Task CountAsync(CancellationToken cancellationToken)
    {
        try
        {
            pending.Set((await publisher.StateAsync(cancellationToken)).Changes.Length);
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

    [LoggerMessage(LogLevel.Warning, "The number of unpublished changes could not be counted.")]
    private partial void LogFailed(Exception exception);
}
