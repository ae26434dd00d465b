using System.Diagnostics;
using System.Reflection;
using System.Text.Json;
using Clients.Tests.Dialects;

namespace Clients.Tests.Npm;

/// <summary>Runs the npm clients against the edge; each script runs once and reports on every feature and scenario, a line each.</summary>
internal static class NodeClients
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);
    private static readonly string Folder =
        typeof(NodeClients).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(a => a.Key == "ClientsFolder").Value!; // Set by the project file.
    private static readonly Dictionary<string, Task<IReadOnlyList<JsonElement>>> Reports = new(StringComparer.Ordinal);

    /// <summary>What the script said of one scenario; the suites run one after the other on one edge.</summary>
    public static async Task<JsonElement> ResultAsync(EdgeAndClouds edge, string script, string feature, string scenario)
    {
        if (!Reports.TryGetValue(script, out var report)) Reports[script] = report = RunScriptAsync(edge, script);
        var result = (await report).Single(r => r.GetProperty("feature").GetString() == feature && r.GetProperty("scenario").GetString() == scenario);
        Assert.False(result.TryGetProperty("error", out var error), error.ToString());
        return result;
    }

    private static async Task<IReadOnlyList<JsonElement>> RunScriptAsync(EdgeAndClouds edge, string script)
    {
        await InstallAsync();
        var config = JsonSerializer.Serialize(new
        {
            edge = edge.Edge.ToString(), clouds = edge.Clouds.Address.ToString(), key = EdgeAndClouds.CallerKey, chat = FeaturesOf(Dialect.Chat), messages = FeaturesOf(Dialect.Messages), responses = FeaturesOf(Dialect.Responses),
            embed = Provider.Embedders.Select(p => p.Feature),
        });
        var output = await RunAsync("node", [script], ("EDGE_CONFIG", config));
        return [.. output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(l => JsonDocument.Parse(l).RootElement)];
    }

    private static IEnumerable<string> FeaturesOf(string dialect) => Dialect.Pairs.Where(p => p.Dialect == dialect).Select(p => p.Provider.Feature);

    /// <summary>Installs once for all test runs of this checkout; again when the lock file is newer.</summary>
    private static async Task InstallAsync()
    {
        var installed = File.GetLastWriteTimeUtc(Path.Combine(Folder, "node_modules", ".package-lock.json"));
        if (installed < File.GetLastWriteTimeUtc(Path.Combine(Folder, "package-lock.json"))) await RunAsync("npm", ["ci", "--ignore-scripts", "--no-audit", "--no-fund"]);
    }

    private static async Task<string> RunAsync(string program, string[] arguments, params (string Name, string Value)[] environment)
    {
        var start = new ProcessStartInfo(program, arguments) { WorkingDirectory = Folder, UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var (name, value) in environment) start.Environment[name] = value;
        using var process = Process.Start(start) ?? throw new InvalidOperationException($"{program} did not start.");
        using var patience = new CancellationTokenSource(Patience);
        var output = process.StandardOutput.ReadToEndAsync(patience.Token);
        var errors = process.StandardError.ReadToEndAsync(patience.Token);
        await process.WaitForExitAsync(patience.Token);
        if (process.ExitCode != 0) throw new InvalidOperationException($"{program} {arguments[0]} ended with {process.ExitCode}: {await errors}");
        return await output;
    }
}
