using System.Diagnostics;
using System.Globalization;

namespace Drill;

/// <summary>
/// The control plane is killed and stays away, then an edge is killed again and again, under steady load.
/// Verdict: no call failed by the control plane's loss, no completed call is missing from the ledger, none is in it twice.
/// </summary>
internal sealed class KillDrill(DrillOptions options)
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);
    private const int SteadyRequests = 100;
    private const int RequestsBetweenKills = 60;

    private readonly LoadLedger _ledger = new();

    public async Task<int> RunAsync()
    {
        using var load = new Load(options, _ledger);
        using var stop = new CancellationTokenSource();
        var running = load.RunAsync(stop.Token);

        await RequestsAsync(SteadyRequests);
        await ControlPlaneOutageAsync(load);
        await EdgeKillsAsync(load);
        load.Phase = "steady";
        await RequestsAsync(SteadyRequests);

        await stop.CancelAsync();
        await running;
        return await VerdictAsync();
    }

    private async Task ControlPlaneOutageAsync(Load load)
    {
        load.Phase = "control plane down";
        await RunScript.CallAsync(options.RunScript, "kill", "control-plane");
        if (options.OutageSeconds > 0) await Task.Delay(TimeSpan.FromSeconds(options.OutageSeconds));
        else await RequestsAsync(options.OutageRequests);
        await RunScript.CallAsync(options.RunScript, "start", "control-plane");
        Say($"control plane was away for {(options.OutageSeconds > 0 ? $"{options.OutageSeconds} s" : $"{options.OutageRequests} requests")}");
    }

    private async Task EdgeKillsAsync(Load load)
    {
        // What began before must end before: a call that the kill cuts is not the control plane's doing.
        load.Phase = "edge killed";
        await load.BegunAsync();
        for (var i = 0; i < options.EdgeKills; i++)
        {
            await RunScript.CallAsync(options.RunScript, "kill", "edge-1");
            await RequestsAsync(RequestsBetweenKills);
            await RunScript.CallAsync(options.RunScript, "start", "edge-1");
            await RequestsAsync(RequestsBetweenKills);
        }

        Say($"edge-1 was killed {options.EdgeKills} times");
    }

    private async Task<int> VerdictAsync()
    {
        var completed = _ledger.Completed.ToArray();
        var counts = await LedgerAsync(completed);
        var lost = completed.Count(id => !counts.ContainsKey(id));
        var doubled = counts.Count(c => c.Value > 1);
        var byControlPlane = _ledger.Failed.Where(f => f.Phase is "steady" or "control plane down").ToArray();
        var byKill = _ledger.Failed.Count - byControlPlane.Length;
        foreach (var group in byControlPlane.GroupBy(f => (f.Phase, f.Reason))) Say($"{group.Count()} × {group.Key.Phase}: {group.Key.Reason}");

        Say($"completed {completed.Length}; cut by the edge's own death {byKill}; " +
            $"failed otherwise {byControlPlane.Length}; lost {lost}; doubled {doubled}");
        return byControlPlane.Length + lost + doubled == 0 && completed.Length > 0 ? 0 : 1;
    }

    /// <summary>Shipping is asynchronous: asks until every completed call is there, or nothing has come for a long time.</summary>
    private async Task<IReadOnlyDictionary<string, int>> LedgerAsync(string[] completed)
    {
        var database = new LedgerDatabase(options.Database);
        var counts = await database.CountAsync(completed);
        var since = Stopwatch.StartNew();
        while (counts.Count < completed.Length && since.Elapsed < Patience)
        {
            await Task.Delay(TimeSpan.FromSeconds(1));
            var again = await database.CountAsync(completed);
            if (again.Count > counts.Count) since.Restart();
            counts = again;
        }

        return counts;
    }

    private async Task RequestsAsync(int count)
    {
        var until = _ledger.Finished + count;
        while (_ledger.Finished < until) await Task.Delay(20);
    }

    private static void Say(string sentence) => Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"drill: {sentence}"));
}
