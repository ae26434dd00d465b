using System.Globalization;
using System.Reflection;
using System.Text.Json;

namespace Routing.LoadBench;

/// <param name="Only">Beginning of the names of the scenarios to run.</param>
internal sealed record BenchmarkOptions(int Seconds = 5, int Rounds = 5, string Only = "", string? Json = null)
{
    public static BenchmarkOptions Parse(string[] arguments)
    {
        var options = new BenchmarkOptions();
        for (var i = 0; i + 1 < arguments.Length; i += 2)
        {
            options = arguments[i] switch
            {
                "--seconds" => options with { Seconds = int.Parse(arguments[i + 1], CultureInfo.InvariantCulture) },
                "--rounds" => options with { Rounds = int.Parse(arguments[i + 1], CultureInfo.InvariantCulture) },
                "--only" => options with { Only = arguments[i + 1] },
                "--json" => options with { Json = arguments[i + 1] },
                _ => throw new ArgumentException($"Unknown option {arguments[i]}."),
            };
        }

        return options;
    }
}

/// <summary>One round of one scenario against one target.</summary>
internal sealed record Measured(string Scenario, string Target, int Round, int Calls, int Bad, double CpuMicros, double RatePerSecond, Latencies FirstToken, Latencies Total, long ResidentKiB);

/// <param name="Model">Name the calls carry: of the edge's features, each on another wire.</param>
internal sealed record Target(string Name, TargetProcess Process, int Port, string Model = "bench");

/// <summary>Runs every scenario against direct, YARP and edge in alternation, and prints medians with ranges and ratios.</summary>
internal static class Benchmark
{
    internal const int UpstreamPort = 5910;
    internal const string Key = "bench-key-0123456789abcdef0123456789abcdef";

    private const int YarpPort = 5911, EdgePort = 5912;

    public static async Task<int> RunAsync(string edgeDll, BenchmarkOptions options)
    {
        var self = Assembly.GetExecutingAssembly().Location;
        using var upstream = await TargetProcess.StartAsync(self, ["upstream", Text(UpstreamPort)], Ready(UpstreamPort));
        using var yarp = await TargetProcess.StartAsync(self, ["yarp", Text(YarpPort), $"http://localhost:{UpstreamPort}"], Ready(YarpPort));
        var files = EdgeFiles.Write(Key, UpstreamPort);
        using var edge = await TargetProcess.StartAsync(edgeDll, files.Arguments(EdgePort), new Uri($"http://127.0.0.1:{EdgePort}/readyz"), files.Environment);

        Target[] all =
        [
            new("direct", upstream, UpstreamPort), new("yarp", yarp, YarpPort), new("edge", edge, EdgePort),
            new("edge-bedrock", edge, EdgePort, "bench-bedrock"), new("edge-vertex", edge, EdgePort, "bench-vertex"),
        ];
        var measured = new List<Measured>();
        Report.PrintLoad("before");
        foreach (var scenario in Scenario.All.Where(s => s.Name.StartsWith(options.Only, StringComparison.Ordinal)))
        {
            Target[] targets = [.. scenario.Targets.Select(n => all.First(t => t.Name == n))];
            foreach (var target in targets) await MeasureAsync(scenario, target, -1, scenario.WarmUpSeconds); // not kept
            for (var round = 0; round < options.Rounds; round++)
            {
                // A B C, C B A, …: a drift of the machine hits every target alike.
                foreach (var target in round % 2 == 0 ? targets : [.. targets.Reverse()])
                {
                    measured.Add(await MeasureAsync(scenario, target, round, options.Seconds));
                }
            }

            Report.Print(scenario, measured);
        }

        Report.PrintLoad("after");
        if (options.Json is not null) await File.WriteAllTextAsync(options.Json, JsonSerializer.Serialize(measured));
        return measured.Any(m => m.Bad > 0) ? 1 : 0;
    }

    internal static async Task<Measured> MeasureAsync(Scenario scenario, Target target, int round, int seconds)
    {
        using var client = new LoadClient(new Uri($"http://127.0.0.1:{target.Port}"), Key, target.Model);
        var before = target.Process.Cpu;
        var results = await scenario.RunAsync(client, TimeSpan.FromSeconds(seconds));
        var cpu = target.Process.Cpu - before;
        var good = results.Where(r => r.Good).ToArray();
        return new Measured(
            scenario.Name, target.Name, round, results.Count, results.Count - good.Length,
            cpu.TotalMicroseconds / Math.Max(1, results.Count),
            results.Count / (double)seconds,
            Latencies.Of(good.Select(r => r.FirstToken)),
            Latencies.Of(good.Select(r => r.Total)),
            target.Process.ResidentKiB());
    }

    internal static string Text(int port) => port.ToString(CultureInfo.InvariantCulture);

    internal static Uri Ready(int port) => new($"http://127.0.0.1:{port}/healthz");
}
