using System.Diagnostics;
using System.Reflection;
using System.Text.Json;
using Routing.Simulator.Faults;

namespace Routing.Simulator.Tests.Honesty;

/// <summary>Runs the vendors' own clients (npm) against one simulator; each script runs once and reports on all its scenarios.</summary>
public sealed class NodeClients : IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);
    private static readonly string Folder =
        typeof(NodeClients).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(a => a.Key == "ClientsFolder").Value!; // Set by the project file.

    private readonly Dictionary<string, Task<JsonElement>> _reports = [];

    public SimulatorFixture Simulator { get; } = new();

    public async Task InitializeAsync()
    {
        await Simulator.InitializeAsync();
        await InstallAsync();
        Simulator.Host.Faults.Set("*/*/throttled", new FaultRule { Kind = FaultKind.RateLimited, RetryAfterMs = 1500 });
        Simulator.Host.Faults.Set("*/*/in-band", new FaultRule { Kind = FaultKind.ErrorInBand });
        Simulator.Host.Faults.Set("*/*/damaged", new FaultRule { Kind = FaultKind.Malformed });
        Simulator.Host.Faults.Set("*/*/novel-stop", new FaultRule { Kind = FaultKind.UnknownStop, Word = "fell_asleep" });
        Simulator.Host.Faults.Set("*/*/blocked", new FaultRule { Kind = FaultKind.ContentFilter, OnPrompt = true });
    }

    public Task DisposeAsync() => Simulator.DisposeAsync();

    public Task<JsonElement> ReportOf(string script)
    {
        lock (_reports)
        {
            if (!_reports.TryGetValue(script, out var report)) _reports[script] = report = RunAsync(script);
            return report;
        }
    }

    private async Task<JsonElement> RunAsync(string script)
    {
        var config = JsonSerializer.Serialize(new
        {
            address = Simulator.Host.Address.ToString(), prompt = "Résumé of the café thread, please. 👍",
            model = script switch { "bedrock.mjs" => "anthropic.claude-sonnet-4-5-20250929-v1:0", "vertex.mjs" => "gemini-2.5-flash", "anthropic.mjs" => "claude-sonnet-4-5", _ => "gpt-4.1" },
            arn = "arn:aws:bedrock:us-east-1:123456789012:inference-profile/us.anthropic.claude-sonnet-4-5-20250929-v1:0",
            region = SimulatorFixture.Region, keyId = SimulatorFixture.KeyId, secret = SimulatorFixture.Secret, location = "us-east5",
            email = SimulatorFixture.Account, privateKey = Simulator.AccountKey.ExportPkcs8PrivateKeyPem(),
            openAIKey = SimulatorFixture.OpenAIKey, azureKey = SimulatorFixture.AzureKey,
            anthropicKey = SimulatorFixture.AnthropicKey, googleToken = SimulatorFixture.GoogleToken,
            png = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==",
        });
        var output = await RunAsync("node", [script], ("SIM_CONFIG", config));
        return JsonDocument.Parse(output).RootElement;
    }

    /// <summary>Installs once for all test runs of this checkout, also when several start at the same time; again when the lock file is newer.</summary>
    private static async Task InstallAsync()
    {
        if (IsInstalled()) return;
        using var turn = await TakeTurnAsync(Path.Combine(Path.GetTempPath(), "simulator-clients.lock"));
        if (!IsInstalled()) await RunAsync("npm", ["ci", "--ignore-scripts", "--no-audit", "--no-fund"]);
    }

    private static bool IsInstalled() =>
        File.GetLastWriteTimeUtc(Path.Combine(Folder, "node_modules", ".package-lock.json")) >= File.GetLastWriteTimeUtc(Path.Combine(Folder, "package-lock.json"));

    private static async Task<FileStream> TakeTurnAsync(string path)
    {
        using var patience = new CancellationTokenSource(Patience);
        while (true)
        {
            try
            {
                return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            }
            catch (IOException)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(200), patience.Token);
            }
        }
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
