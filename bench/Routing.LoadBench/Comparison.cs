using System.Globalization;
using System.Reflection;

namespace Routing.LoadBench;

/// <summary>
/// Builds of the edge against each other, and against YARP where one is called <c>yarp</c>. What the runtime makes of the same code differs from process to process by as much as a change
/// costs, so every round starts each build anew; they run at the same time and are measured in turns.
/// </summary>
internal static class Comparison
{
    private const int FirstPort = 5913, Turns = 2;

    public static async Task<int> RunAsync(string[] builds, BenchmarkOptions options)
    {
        using var upstream = await TargetProcess.StartAsync(
            Assembly.GetExecutingAssembly().Location, ["upstream", Benchmark.Text(Benchmark.UpstreamPort)], Benchmark.Ready(Benchmark.UpstreamPort));
        var scenario = Scenario.All.First(s => s.Name.StartsWith(options.Only, StringComparison.Ordinal));
        var cpu = builds.Select(_ => new List<double>()).ToArray();
        for (var round = 0; round < options.Rounds; round++)
        {
            var targets = new List<Target>();
            try
            {
                for (var i = 0; i < builds.Length; i++) targets.Add(await StartAsync(builds[i], FirstPort + i));
                foreach (var target in targets) await Benchmark.MeasureAsync(scenario, target, -1, scenario.WarmUpSeconds);
                for (var turn = 0; turn < Turns; turn++)
                {
                    for (var i = 0; i < targets.Count; i++)
                    {
                        var at = turn % 2 == 0 ? i : targets.Count - 1 - i;
                        cpu[at].Add((await Benchmark.MeasureAsync(scenario, targets[at], round, options.Seconds)).CpuMicros);
                    }
                }
            }
            finally
            {
                foreach (var target in targets) target.Process.Dispose();
            }
        }

        Console.WriteLine($"{scenario.Name}: CPU in µs per call");
        for (var i = 0; i < builds.Length; i++) Console.WriteLine($"  {Shown(cpu[i])}  {builds[i]}");
        return 0;
    }

    private static async Task<Target> StartAsync(string build, int port)
    {
        var self = Assembly.GetExecutingAssembly().Location;
        if (build == "yarp")
        {
            var passthrough = await TargetProcess.StartAsync(self, ["yarp", Benchmark.Text(port), $"http://localhost:{Benchmark.UpstreamPort}"], Benchmark.Ready(port));
            return new Target("yarp", passthrough, port);
        }

        var files = EdgeFiles.Write(Benchmark.Key, Benchmark.UpstreamPort);
        var process = await TargetProcess.StartAsync(build, files.Arguments(port), new Uri($"http://127.0.0.1:{port}/readyz"), files.Environment);
        return new Target("edge", process, port);
    }

    private static string Shown(List<double> values)
    {
        var sorted = values.Order().ToArray();
        return string.Create(CultureInfo.InvariantCulture, $"median {sorted[sorted.Length / 2]:0.0} ({sorted[0]:0.0}–{sorted[^1]:0.0})");
    }
}
