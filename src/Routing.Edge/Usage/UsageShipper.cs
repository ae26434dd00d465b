using Routing.Edge.Snapshots;

namespace Routing.Edge.Usage;

/// <summary>Moves usage events from the spool to where they go, at least once: removed here only after they are safe there.</summary>
internal sealed partial class UsageShipper(UsageSpool spool, IUsageSink sink, EdgeOptions options, EdgeSeed seed, TimeProvider time, ILogger<UsageShipper> log) : BackgroundService
{
    private const int MostEvents = 1_000;
    private const int MostBytes = 4 * 1024 * 1024;

    // Charts of the last minute are drawn every few seconds; a second's wait makes batches of what a busy edge does.
    private static readonly TimeSpan Beat = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LastTry = TimeSpan.FromSeconds(5);

    // Halved while a batch is refused, until the event at fault is alone.
    private int _most = MostEvents;

    private readonly Backoff _backoff = new(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(30), seed.Small ^ 3);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            var wait = Beat;
            try
            {
                if (!await ShipAllAsync(stoppingToken).ConfigureAwait(false)) wait = _backoff.Next();
                else _backoff.Reset();
            }
            catch (Exception e) when (!stoppingToken.IsCancellationRequested)
            {
                wait = _backoff.Next();
                Failed(log, e.Message, spool.Pending, wait.TotalSeconds);
            }

            await Task.Delay(wait, time, stoppingToken).ConfigureAwait(false);
        }
    }

    /// <summary>Stops the beat, then ships what came in meanwhile, so that a planned restart leaves nothing behind.</summary>
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken).ConfigureAwait(false);
        using var limit = new CancellationTokenSource(LastTry, time);
        try
        {
            await ShipAllAsync(limit.Token).ConfigureAwait(false);
        }
        catch (Exception e) when (e is IOException or HttpRequestException or OperationCanceledException)
        {
            LeftBehind(log, spool.Pending);
        }
    }

    /// <summary>Ships until the spool has nothing more. False: it was not taken.</summary>
    internal async Task<bool> ShipAllAsync(CancellationToken cancellationToken)
    {
        while (spool.Take(_most, MostBytes) is { Count: > 0 } batch)
        {
            switch (await sink.SendAsync(batch, cancellationToken).ConfigureAwait(false))
            {
                case Delivery.NotNow: return false;
                case Delivery.Refused when batch.Count > 1:
                    _most = Math.Max(1, batch.Count / 2);
                    continue;
                case Delivery.Refused:
                    SetAside(batch);
                    break;
                default:
                    _most = Math.Min(MostEvents, _most * 2);
                    break;
            }

            spool.Acknowledge(batch);
        }

        return true;
    }

    // One event that nobody can read must not hold up all that follow; it is kept for people to look at.
    private void SetAside(SpoolBatch batch)
    {
        var path = Path.Combine(options.DataDirectory, "refused-usage.jsonl");
        using (var file = new FileStream(path, FileMode.Append, FileAccess.Write)) file.Write(batch.Lines.Span);
        RefusedEvent(log, path);
    }

    [LoggerMessage(LogLevel.Warning, "{Pending} usage events could not be shipped ({Reason}); next try in {Seconds:0.#} s.")]
    private static partial void Failed(ILogger log, string reason, long pending, double seconds);

    [LoggerMessage(LogLevel.Error, "The control plane cannot read one usage event; it is set aside in {Path}.")]
    private static partial void RefusedEvent(ILogger log, string path);

    [LoggerMessage(LogLevel.Information, "{Pending} usage events stay in the spool until the next start.")]
    private static partial void LeftBehind(ILogger log, long pending);
}
