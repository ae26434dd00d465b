using System.Diagnostics;
using System.Net;

namespace EndToEnd.Tests;

/// <summary>An edge in a process of its own beside the product's, which can be away for a while; its folder outlives its process.</summary>
internal sealed class SecondEdge(RunningProduct product) : IAsyncDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("second-edge-").FullName;
    private readonly Uri _address = new($"http://127.0.0.1:{RunningProduct.FreePorts(1)[0]}");
    private Process? _process;

    /// <param name="token">Only the first start needs one.</param>
    public void Start(string token = "")
    {
        var start = new ProcessStartInfo("dotnet") { UseShellExecute = false, WorkingDirectory = _folder, RedirectStandardOutput = true, RedirectStandardError = true };
        string[] arguments =
        [
            Path.Combine(RunningProduct.Binaries, "Routing.Edge.dll"), $"--Edge:Listen={_address}", $"--Edge:DataDirectory={Path.Combine(_folder, "data")}",
            $"--Edge:ControlPlane:Address={product.ControlPlane.GetLeftPart(UriPartial.Authority)}", $"--Edge:ControlPlane:EnrolToken={token}", "--Edge:ControlPlane:Name=edge-2",
            $"--Edge:AllowedAddresses:0={product.Simulator.Authority}", $"--Identity:GoogleTokenAddress={new Uri(product.Simulator, "/token")}",
        ];
        foreach (var argument in arguments) start.ArgumentList.Add(argument);
        _process = new Process { StartInfo = start };
        _process.OutputDataReceived += static (_, _) => { };
        _process.ErrorDataReceived += static (_, _) => { };
        _process.Start();
        _process.BeginOutputReadLine(); // read, so that a full pipe never holds it
        _process.BeginErrorReadLine();
    }

    /// <summary>Status of a call with the sample's key.</summary>
    public async Task<HttpStatusCode> ChatAsync(string feature)
    {
        using var http = new HttpClient(new SocketsHttpHandler { UseProxy = false }) { DefaultRequestHeaders = { Authorization = new("Bearer", product.CallerKey) } };
        using var body = new StringContent($$"""{"model":"{{feature}}","messages":[{"role":"user","content":"Hello."}]}""", null, "application/json");
        using var answer = await http.PostAsync(new Uri(_address, "/v1/chat/completions"), body);
        return answer.StatusCode;
    }

    public async Task StopAsync()
    {
        if (_process is null) return;
        if (!_process.HasExited) _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync();
        _process.Dispose();
        _process = null;
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        Directory.Delete(_folder, recursive: true);
    }
}
