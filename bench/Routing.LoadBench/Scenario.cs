using System.Diagnostics;

namespace Routing.LoadBench;

/// <param name="Targets">What is compared; the first is what latencies are added to, the second what costs are a multiple of.</param>
/// <param name="Rate">Calls per second, by intended send time; 0 = closed loop.</param>
/// <param name="Connections">Calls at a time in a closed loop.</param>
/// <param name="WarmUpSeconds">Before the first scenario of a kind long enough for the runtime to have compiled the hot methods for good: earlier, a fifth of the CPU time is the compiler's.</param>
internal sealed record Scenario(string Name, string[] Targets, bool Stream, bool Paced, int Rate, int Connections, int WarmUpSeconds)
{
    private static readonly string[] Gateways = ["direct", "yarp", "edge"];
    private static readonly string[] Wires = ["direct", "edge", "edge-bedrock", "edge-vertex"];

    public static readonly Scenario[] All =
    [
        new("unary, 32 at a time", Gateways, Stream: false, Paced: false, Rate: 0, Connections: 32, WarmUpSeconds: 20),
        new("unary, 500/s", Gateways, Stream: false, Paced: false, Rate: 500, Connections: 0, WarmUpSeconds: 3),
        new("streams of 60 chunks, 16 at a time", Gateways, Stream: true, Paced: false, Rate: 0, Connections: 16, WarmUpSeconds: 20),
        new("streams, paced, 200 at a time", Gateways, Stream: true, Paced: true, Rate: 0, Connections: 200, WarmUpSeconds: 3),
        new("streams, paced, 30/s", Gateways, Stream: true, Paced: true, Rate: 30, Connections: 0, WarmUpSeconds: 3),
        new("wires: streams of 60 chunks, 16 at a time", Wires, Stream: true, Paced: false, Rate: 0, Connections: 16, WarmUpSeconds: 15),
        new("wires: streams, paced, 30/s", Wires, Stream: true, Paced: true, Rate: 30, Connections: 0, WarmUpSeconds: 3),
    ];

    public async Task<IReadOnlyList<CallResult>> RunAsync(LoadClient client, TimeSpan duration)
    {
        var results = new List<CallResult>();
        if (Rate > 0) await OpenLoopAsync(client, duration, results);
        else await Task.WhenAll(Enumerable.Range(0, Connections).Select(_ => ClosedLoopAsync(client, duration, results)));
        return results;
    }

    private async Task ClosedLoopAsync(LoadClient client, TimeSpan duration, List<CallResult> results)
    {
        var started = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(started) < duration)
        {
            var result = await client.CallAsync(Stream, Paced, Stopwatch.GetTimestamp(), CancellationToken.None);
            lock (results) results.Add(result);
        }
    }

    private async Task OpenLoopAsync(LoadClient client, TimeSpan duration, List<CallResult> results)
    {
        var calls = new List<Task>();
        var started = Stopwatch.GetTimestamp();
        for (var i = 0; i < Rate * duration.TotalSeconds; i++)
        {
            var due = started + (long)((double)i / Rate * Stopwatch.Frequency);
            var wait = Stopwatch.GetElapsedTime(Stopwatch.GetTimestamp(), due);
            if (wait > TimeSpan.FromMilliseconds(1)) await Task.Delay(wait);
            calls.Add(Task.Run(async () =>
            {
                var result = await client.CallAsync(Stream, Paced, due, CancellationToken.None);
                lock (results) results.Add(result);
            }));
        }

        await Task.WhenAll(calls);
    }
}
