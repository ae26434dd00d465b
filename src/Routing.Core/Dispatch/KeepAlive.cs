namespace Routing.Core.Dispatch;

/// <summary>
/// Beats while an answer is held back, so that nobody on the way takes the silence for the end. Stopped before anything else is written:
/// disposing waits for a beat under way.
/// </summary>
internal sealed class KeepAlive : IAsyncDisposable
{
    // Proxies and clients commonly give up a silent connection after 15 to 60 s.
    private static readonly TimeSpan Beat = TimeSpan.FromSeconds(10);

    private readonly PeriodicTimer _timer;
    private readonly Task _beating;

    public KeepAlive(IChatAnswer answer, TimeProvider time, CancellationToken caller)
    {
        _timer = new PeriodicTimer(Beat, time);
        _beating = BeatAsync(answer, caller);
    }

    public async ValueTask DisposeAsync()
    {
        _timer.Dispose();
        await _beating.ConfigureAwait(false);
    }

    private async Task BeatAsync(IChatAnswer answer, CancellationToken caller)
    {
        try
        {
            while (await _timer.WaitForNextTickAsync(CancellationToken.None).ConfigureAwait(false)) await answer.KeepAliveAsync(caller).ConfigureAwait(false);
        }
        catch (Exception e) when (e is OperationCanceledException or IOException)
        {
            // The caller went away, which the attempt sees as well.
        }
    }
}
