namespace Drill;

/// <summary>
/// As many calls at a time as there are callers, each the next as soon as one has ended: half of the callers keep their connection, half
/// take a new one for each call; and beside them long streams. No hidden retries.
/// </summary>
internal sealed class BusyLoad(DrillOptions options, LoadLedger ledger) : IDisposable
{
    private const int Callers = 32;
    private const int Streams = 16;

    private readonly DrillCall _call = new(options);
    private int _openStreams;
    private int _endedStreams;

    /// <summary>What is being done to the system now; noted with each failure.</summary>
    public string Phase { get; set; } = "steady";

    public int OpenStreams => Volatile.Read(ref _openStreams);
    public int EndedStreams => Volatile.Read(ref _endedStreams);

    public Task RunAsync(CancellationToken stop) => Task.WhenAll([
        .. Enumerable.Range(0, Callers).Select(n => CallsAsync(n, stop)),
        .. Enumerable.Range(0, Streams).Select(n => StreamsAsync(n, stop))]);

    /// <summary>Completes when so many more calls have ended.</summary>
    public async Task CallsAsync(int count)
    {
        var until = ledger.Finished + count;
        while (ledger.Finished < until) await Task.Delay(20);
    }

    public void Dispose() => _call.Dispose();

    private async Task CallsAsync(int caller, CancellationToken stop)
    {
        for (var i = caller; !stop.IsCancellationRequested; i += Callers)
        {
            await CallAsync(new DrillRequest(i, Stream: i / 2 % 2 == 0, NewConnection: caller % 2 == 0));
        }
    }

    private async Task StreamsAsync(int caller, CancellationToken stop)
    {
        for (var i = caller; !stop.IsCancellationRequested; i += Streams)
        {
            Interlocked.Increment(ref _openStreams);
            await CallAsync(new DrillRequest(i, Stream: true, NewConnection: false, IsLong: true));
            Interlocked.Decrement(ref _openStreams);
            Interlocked.Increment(ref _endedStreams);
        }
    }

    private async Task CallAsync(DrillRequest request)
    {
        var (phase, edge) = (Phase, options.Edges[0]);
        var (id, failure) = await _call.SendAsync(edge, request);
        if (failure is null) ledger.Complete(id);
        else ledger.Fail(edge, phase == Phase ? phase : $"{phase} to {Phase}", failure);
    }
}
