using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Reflection;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;

// Each class runs a product of its own; one at a time, so that they do not take the machine from each other.
[assembly: CollectionBehavior(DisableTestParallelization = true)]

namespace EndToEnd.Tests;

/// <summary>The all-in-one process as a user starts it: an own folder, free ports, and only what it prints is known of it.</summary>
public partial class RunningProduct : IAsyncLifetime
{
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(90);
    private readonly string _folder = Directory.CreateTempSubdirectory("end-to-end-").FullName;
    private readonly StringBuilder _printed = new();
    private Process? _process;

    public Uri ControlPlane { get; private set; } = null!; // set by InitializeAsync, before any test

    public Uri Edge { get; private set; } = null!; // as above

    public Uri Simulator { get; private set; } = null!; // as above

    public Uri SignIn { get; private set; } = null!; // as above

    public string CallerKey { get; private set; } = "";

    /// <summary>What this product is started with beside addresses.</summary>
    protected virtual IEnumerable<string> Arguments => [];

    public string Database => Path.Combine(_folder, "data", "control-plane", "control-plane.db");

    /// <summary>A file below the product's data folder.</summary>
    internal string PathOf(string file) => Path.Combine(_folder, "data", file);

    /// <summary>Where the built programs are.</summary>
    internal static string Binaries { get; } =
        typeof(RunningProduct).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(a => a.Key == "ProductFolder").Value!; // set by the project

    internal SimulatedClouds Clouds { get; private set; } = null!; // as above

    public async Task InitializeAsync()
    {
        var ports = FreePorts(3);
        ControlPlane = new Uri($"http://127.0.0.1:{ports[0]}");
        Edge = new Uri($"http://127.0.0.1:{ports[1]}");
        Simulator = new Uri($"http://127.0.0.1:{ports[2]}");
        _process = Start();
        await Poll.UntilAsync("the product printed its welcome", StartLimit, () => Task.FromResult(Printed().Contains("stop: Ctrl+C", StringComparison.Ordinal) || Ended()));
        var welcome = Printed();
        Assert.False(Ended(), welcome);
        SignIn = new Uri(SetupLinkPattern().Match(welcome).Value);
        CallerKey = CallerKeyPattern().Match(welcome).Groups["key"].Value;
        Clouds = new SimulatedClouds(Simulator, await AdminKeyAsync());
    }

    public async Task DisposeAsync()
    {
        Clouds?.Dispose();
        if (_process is null) return;
        if (!_process.HasExited) _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync();
        _process.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    /// <summary>Everything the process wrote so far.</summary>
    internal string Printed()
    {
        lock (_printed) return _printed.ToString();
    }

    /// <summary>As Ctrl+C does; the exit code, or null when it does not end in time.</summary>
    internal async Task<int?> InterruptAsync(TimeSpan limit)
    {
        using (var kill = Process.Start("kill", ["-INT", _process!.Id.ToString(CultureInfo.InvariantCulture)])) await kill.WaitForExitAsync(); // Started by InitializeAsync.
        using var waited = new CancellationTokenSource(limit);
        try
        {
            await _process.WaitForExitAsync(waited.Token);
            return _process.ExitCode;
        }
        catch (OperationCanceledException)
        {
            return null;
        }
    }

    private Process Start()
    {
        // Whoever runs the tests in the background has Ctrl+C ignored, and hands that down.
        var start = new ProcessStartInfo("env") { UseShellExecute = false, WorkingDirectory = _folder, RedirectStandardOutput = true, RedirectStandardError = true };
        string[] arguments =
        [
            "--default-signal=INT", "dotnet", Path.Combine(Binaries, "AllInOne.dll"), $"--ControlPlane:Listen={ControlPlane}", $"--Edge:Listen={Edge}", $"--Simulator:Listen={Simulator}",
            "--AllInOne:SampleTraffic=false", "--Simulator:Speed=0", .. Arguments,
        ];
        foreach (var argument in arguments) start.ArgumentList.Add(argument);
        var process = new Process { StartInfo = start };
        process.OutputDataReceived += (_, line) => Keep(line.Data);
        process.ErrorDataReceived += (_, line) => Keep(line.Data);
        process.Start();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return process;
    }

    private void Keep(string? line)
    {
        lock (_printed) _printed.AppendLine(line);
    }

    private bool Ended() => _process is { HasExited: true };

    private async Task<string> AdminKeyAsync()
    {
        using var credentials = JsonDocument.Parse(await File.ReadAllTextAsync(Path.Combine(_folder, "data", "sample-credentials.json")));
        return credentials.RootElement.GetProperty("SimulatorAdminKey").GetString() ?? "";
    }

    // Held open together, so that no two are the same.
    internal static int[] FreePorts(int count)
    {
        var listeners = Enumerable.Range(0, count).Select(_ => new TcpListener(IPAddress.Loopback, 0)).ToList();
        listeners.ForEach(l => l.Start());
        var ports = listeners.Select(l => ((IPEndPoint)l.LocalEndpoint).Port).ToArray();
        listeners.ForEach(l => l.Dispose());
        return ports;
    }

    [GeneratedRegex(@"http://\S+/setup\?token=\S+", RegexOptions.None, 1000)]
    private static partial Regex SetupLinkPattern();

    [GeneratedRegex("Bearer (?<key>[^\"]+)\"", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex CallerKeyPattern();
}
