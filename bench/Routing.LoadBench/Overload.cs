using System.Diagnostics;
using System.Globalization;
using System.Reflection;

namespace Routing.LoadBench;

/// <summary>
/// Five times what one edge may work on: 50 calls in flight before an upstream of 50 ms, so 1,000 a second at most. Calls come in an open
/// loop at random moments, interactive ones at 0.6 of that capacity, batch ones for the rest.
/// </summary>
internal static class Overload
{
    private const int InFlight = 50, EdgePort = 5912, Excess = 5;
    private const double InteractiveShare = 0.6;

    public static async Task<int> RunAsync(string edgeDll, BenchmarkOptions options)
    {
        using var upstream = await TargetProcess.StartAsync(
            Assembly.GetExecutingAssembly().Location, ["upstream", Benchmark.Text(Benchmark.UpstreamPort)], Benchmark.Ready(Benchmark.UpstreamPort));
        var files = EdgeFiles.Write(Benchmark.Key, Benchmark.UpstreamPort);
        string[] arguments = [.. files.Arguments(EdgePort), $"--Edge:MaxInFlight={InFlight}"];
        using var edge = await TargetProcess.StartAsync(edgeDll, arguments, new Uri($"http://127.0.0.1:{EdgePort}/readyz"), files.Environment);
        var address = new Uri($"http://127.0.0.1:{EdgePort}");
        using var interactive = new LoadClient(address, Benchmark.Key, "bench");
        using var batch = new LoadClient(address, Benchmark.Key, "bench-batch");
        var duration = TimeSpan.FromSeconds(options.Seconds);
        Report.PrintLoad("before");

        await PeakAsync(interactive, TimeSpan.FromSeconds(10)); // The runtime's compiler is done with the hot methods.
        var peak = await PeakAsync(interactive, duration);
        var wanted = InteractiveShare * InFlight / Upstream.PacedWhole.TotalSeconds;
        var all = Excess * InFlight / Upstream.PacedWhole.TotalSeconds;
        var lanes = await Task.WhenAll(
            Task.Run(() => OpenLoopAsync(interactive, wanted, duration, seed: 1)), Task.Run(() => OpenLoopAsync(batch, all - wanted, duration, seed: 2)));

        Print("interactive", lanes[0], duration);
        Print("batch", lanes[1], duration);
        var goodput = lanes.Sum(l => l.Count(r => r.Good)) / duration.TotalSeconds;
        var served = lanes[0].Count(r => r.Good) / (double)lanes[0].Count;
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"  peak {peak:0}/s; goodput at {Excess} x {goodput:0}/s = {goodput / peak:P1} of it (aim 90 %); interactive served {served:P2} (aim 99.4 %)"));
        Report.PrintLoad("after");
        return goodput >= 0.9 * peak && served >= 0.994 && lanes.All(l => l.All(r => r.Good || r.Shed)) ? 0 : 1;
    }

    private static async Task<double> PeakAsync(LoadClient client, TimeSpan duration)
    {
        var started = Stopwatch.GetTimestamp();
        var served = 0;
        await Task.WhenAll(Enumerable.Range(0, InFlight).Select(async _ =>
        {
            while (Stopwatch.GetElapsedTime(started) < duration)
            {
                if ((await client.CallAsync(stream: false, paced: true, Stopwatch.GetTimestamp(), CancellationToken.None)).Good) Interlocked.Increment(ref served);
            }
        }));
        return served / Stopwatch.GetElapsedTime(started).TotalSeconds;
    }

    private static async Task<IReadOnlyList<CallResult>> OpenLoopAsync(LoadClient client, double rate, TimeSpan duration, int seed)
    {
        var random = new Random(seed);
        var started = Stopwatch.GetTimestamp();
        var calls = new List<Task<CallResult>>();
        for (var due = 0.0; due < duration.TotalSeconds; due += -Math.Log(1 - random.NextDouble()) / rate)
        {
            var ahead = TimeSpan.FromSeconds(due) - Stopwatch.GetElapsedTime(started);
            if (ahead > TimeSpan.FromMilliseconds(1)) await Task.Delay(ahead);
            calls.Add(client.CallAsync(stream: false, paced: true, started + (long)(due * Stopwatch.Frequency), CancellationToken.None));
        }

        return await Task.WhenAll(calls);
    }

    private static void Print(string lane, IReadOnlyList<CallResult> results, TimeSpan duration)
    {
        var shed = Latencies.Of(results.Where(r => r.Shed).Select(r => r.Total));
        var served = Latencies.Of(results.Where(r => r.Good).Select(r => r.Total));
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"  {lane,-12} {results.Count / duration.TotalSeconds,6:0}/s came, {results.Count(r => r.Good)} served ({served.P50:0.0} ms p50, {served.P99:0.0} p99), {results.Count(r => r.Shed)} refused ({shed.P50:0.0} ms p50, {shed.P99:0.0} p99), {results.Count(r => r is { Good: false, Shed: false })} failed"));
    }
}
