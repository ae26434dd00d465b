namespace EndToEnd.Tests;

/// <summary>A few callers who go on asking, and remember every answer they did not get.</summary>
internal sealed class SteadyCallers : IAsyncDisposable
{
    private static readonly TimeSpan Beat = TimeSpan.FromMilliseconds(250);
    private readonly CancellationTokenSource _stop = new();
    private readonly List<string> _errors = [];
    private readonly Task[] _callers;
    private int _answered;

    public SteadyCallers(RunningProduct product, string feature, int count = 4) =>
        _callers = [.. Enumerable.Range(0, count).Select(i => AskAsync(new FeatureClient(product, feature), i))];

    public int Answered => Volatile.Read(ref _answered);

    public string Errors
    {
        get
        {
            lock (_errors) return string.Join("\n", _errors);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await Task.WhenAll(_callers);
        _stop.Dispose();
    }

    private async Task AskAsync(FeatureClient client, int caller)
    {
        using var beat = new PeriodicTimer(Beat, TimeProvider.System);
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                if ((await client.AskAsync($"Caller {caller}, question {Answered}.")).Text.Length > 0) Interlocked.Increment(ref _answered);
                else Remember("an empty answer");
                await beat.WaitForNextTickAsync(_stop.Token);
            }
            catch (OperationCanceledException) when (_stop.IsCancellationRequested)
            {
                // Enough asked.
            }
            catch (Exception e)
            {
                Remember(e.Message);
            }
        }
    }

    private void Remember(string error)
    {
        lock (_errors) _errors.Add(error);
    }
}
