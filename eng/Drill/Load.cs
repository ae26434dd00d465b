namespace Drill;

/// <summary>Steady traffic to all edges in turn, every second call streamed. No hidden retries: each call is sent once.</summary>
internal sealed class Load(DrillOptions options, LoadLedger ledger) : IDisposable
{
    private readonly DrillCall _call = new(options);
    private readonly List<Task> _calls = [];

    /// <summary>What is being done to the system now; noted with each failure.</summary>
    public string Phase { get; set; } = "steady";

    public async Task RunAsync(CancellationToken stop)
    {
        using var beat = new PeriodicTimer(TimeSpan.FromSeconds(1.0 / options.Rate));
        try
        {
            for (var i = 0; await beat.WaitForNextTickAsync(stop); i++) Begin(i);
        }
        catch (OperationCanceledException)
        {
            // The drill is over; what was sent still ends.
        }

        await BegunAsync();
    }

    /// <summary>Completes when every call begun so far has ended, well or not.</summary>
    public Task BegunAsync()
    {
        lock (_calls) return Task.WhenAll([.. _calls]);
    }

    public void Dispose() => _call.Dispose();

    private void Begin(int number)
    {
        lock (_calls)
        {
            _calls.RemoveAll(c => c.IsCompleted);
            _calls.Add(CallAsync(number));
        }
    }

    private async Task CallAsync(int number)
    {
        await Task.Yield();
        var edge = options.Edges[number % options.Edges.Count];
        var phase = Phase;
        var (id, failure) = await _call.SendAsync(edge, new DrillRequest(number, Stream: number / 2 % 2 == 0, NewConnection: false));
        if (failure is null) ledger.Complete(id);
        else ledger.Fail(edge, phase, failure);
    }
}
