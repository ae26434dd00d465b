using System.Globalization;

namespace Drill;

/// <summary>
/// Edges behind a load balancer are restarted one after the other under load, again and again. Verdict: no call failed, and every stream
/// that was open when its edge was told to stop came to its own end.
/// </summary>
internal sealed class RestartDrill(DrillOptions options)
{
    private const int CallsBetweenRestarts = 500;

    private readonly LoadLedger _ledger = new();

    public async Task<int> RunAsync()
    {
        using var load = new BusyLoad(options, _ledger);
        using var stop = new CancellationTokenSource();
        var running = load.RunAsync(stop.Token);
        var (restarts, open) = (0, 0);
        while (restarts < options.Restarts || _ledger.Finished < options.Requests)
        {
            await load.CallsAsync(CallsBetweenRestarts);
            if (restarts == options.Restarts) continue;
            var edge = $"edge-{restarts++ % 2 + 1}";
            load.Phase = $"restart {restarts} ({edge})";
            open += load.OpenStreams;
            await RunScript.CallAsync(options.RunScript, "stop", edge);
            await RunScript.CallAsync(options.RunScript, "start", edge);
        }

        await stop.CancelAsync();
        await running;
        foreach (var group in _ledger.Failed.GroupBy(f => (f.Phase, f.Reason))) Say($"{group.Count()} × {group.Key.Phase}: {group.Key.Reason}");
        Say($"{restarts} restarts; completed {_ledger.Completed.Count}, of them {load.EndedStreams} long streams ({open} open at a restart); failed {_ledger.Failed.Count}");
        return _ledger.Failed.IsEmpty && open > 0 ? 0 : 1;
    }

    private static void Say(string sentence) => Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"drill: {sentence}"));
}
