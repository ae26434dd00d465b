using System.Diagnostics;
using System.Globalization;

namespace Routing.LoadBench;

/// <summary>A child process under measurement.</summary>
internal sealed class TargetProcess : IDisposable
{
    private readonly Process _process;

    private TargetProcess(Process process) => _process = process;

    public static async Task<TargetProcess> StartAsync(string dll, string[] arguments, Uri ready, IReadOnlyDictionary<string, string>? environment = null)
    {
        // What an earlier run left behind would be measured for the one that could not take its port.
        if (await AnswersAsync(ready)) throw new InvalidOperationException($"Something answers at {ready} already; stop it first.");
        var start = new ProcessStartInfo("dotnet", [dll, .. arguments]) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var (name, value) in environment ?? new Dictionary<string, string>(StringComparer.Ordinal)) start.Environment[name] = value;
        var process = Process.Start(start) ?? throw new InvalidOperationException($"{dll} did not start.");
        process.OutputDataReceived += (_, _) => { };
        process.ErrorDataReceived += (_, e) => { if (!string.IsNullOrEmpty(e.Data)) Console.Error.WriteLine("  " + e.Data); };
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        await WaitAsync(ready, process);
        return new TargetProcess(process);
    }

    /// <summary>User and system time so far.</summary>
    public TimeSpan Cpu
    {
        get
        {
            _process.Refresh();
            return _process.TotalProcessorTime;
        }
    }

    /// <summary>Resident memory in KiB.</summary>
    public long ResidentKiB() => File.ReadLines($"/proc/{_process.Id}/status")
        .Where(l => l.StartsWith("VmRSS:", StringComparison.Ordinal))
        .Select(l => long.Parse(l.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture))
        .FirstOrDefault();

    public void Dispose()
    {
        if (!_process.HasExited) _process.Kill(entireProcessTree: true);
        _process.Dispose();
    }

    private static async Task WaitAsync(Uri ready, Process process)
    {
        var waited = Stopwatch.StartNew();
        while (waited.Elapsed < TimeSpan.FromSeconds(30) && !process.HasExited)
        {
            if (await AnswersAsync(ready)) return;
            await Task.Delay(100);
        }

        throw new InvalidOperationException($"{ready} did not become ready.");
    }

    private static async Task<bool> AnswersAsync(Uri ready)
    {
        using var client = new HttpMessageInvoker(new SocketsHttpHandler());
        try
        {
            using var response = await client.SendAsync(new HttpRequestMessage(HttpMethod.Get, ready), CancellationToken.None);
            return response.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }
}
