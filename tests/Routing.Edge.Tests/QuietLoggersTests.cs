using System.Net.Sockets;
using System.Text;

namespace Routing.Edge.Tests;

public sealed class QuietLoggersTests
{
    private const string Prompt = "prompt-canary-4412";
    private const string Query = "query-canary-7719";
    private const string Header = "header-canary-9921";

    [Fact]
    public async Task Trace_OfGoodAndBadRequests_RepeatsNothingOfThem()
    {
        using var log = new KeptLogs();
        await using var edge = await EdgeFixture.StartAsync(settings: KeptLogs.Talkative, log: log);
        edge.Provider.OnStatus("model-a", 200, ScriptedProvider.Whole);
        using (await edge.PostAsync($"/v1/chat/completions?key={Query}", EdgeFixture.Body(stream: false).Replace("\"hi\"", $"\"{Prompt}\"", StringComparison.Ordinal))) { }
        await SendAsync(edge, $"GET /v1/models HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {Header}\u0001\r\n\r\n");
        await SendAsync(edge, $"GET /{Query} HTTP/1.1 x\r\nHost: x\r\n\r\n");

        Assert.Contains(log.Lines, l => l.Contains("Trace", StringComparison.Ordinal) || l.Contains("Debug", StringComparison.Ordinal));
        foreach (var canary in (string[])[Prompt, Query, Header, EdgeFixture.Key]) Assert.DoesNotContain(log.Lines, l => l.Contains(canary, StringComparison.Ordinal));
    }

    private static async Task SendAsync(EdgeFixture edge, string request)
    {
        using var client = new TcpClient();
        await client.ConnectAsync("127.0.0.1", edge.Address.Port);
        var stream = client.GetStream();
        await stream.WriteAsync(Encoding.Latin1.GetBytes(request));
        client.Client.Shutdown(SocketShutdown.Send);
        using var reader = new StreamReader(stream, Encoding.Latin1);
        await reader.ReadToEndAsync().WaitAsync(TimeSpan.FromSeconds(15));
    }
}
