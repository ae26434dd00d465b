using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Microsoft.AspNetCore.Http;
using Routing.Core.Llm;
using Routing.Core.Usage;
using Routing.Edge.Admission;
using Routing.Edge.Probes;
using TestKit;

namespace Routing.Edge.Tests.Calls;

/// <summary>Callers that go away in the middle of anything.</summary>
public sealed class AbortTests
{
    private const int Callers = 1_000, AtATime = 50, Chunks = 40, MostBytes = 3_600; // Fewer than the stream has: it never ends by itself.

    [Fact]
    public async Task Stream_ThousandCallersGoAwayAnywhere_NothingIsLeftOfThemButTheLedger()
    {
        await using var edge = await EdgeFixture.StartAsync();
        var (asked, left) = (0, 0);
        edge.Provider.On("model-a", async context =>
        {
            Interlocked.Increment(ref asked);
            try
            {
                await StreamWithoutEndAsync(context);
            }
            finally
            {
                Interlocked.Increment(ref left);
            }
        });
        await AbortAsync(edge.Address, bytes: MostBytes / 2); // Whatever is made once.
        await Eventually.HoldsAsync(() => left == asked && edge.Get<Drain>().InFlight == 0);
        var (files, memory) = (OpenFiles(), GC.GetTotalMemory(forceFullCollection: true));

        var random = new Random(33);
        var bytes = Enumerable.Range(0, Callers).Select(_ => random.Next(MostBytes)).ToArray();
        await Parallel.ForEachAsync(bytes, new ParallelOptions { MaxDegreeOfParallelism = AtATime }, async (n, _) => await AbortAsync(edge.Address, n));

        await Eventually.HoldsAsync(() => left == asked && edge.Get<Drain>().InFlight == 0 && OpenFiles() <= files + AtATime);
        Assert.Equal(0, edge.Get<AdmissionControl>().InFlight);
        Assert.InRange(GC.GetTotalMemory(forceFullCollection: true), 0, memory + (16 << 20));
        var rows = await edge.LedgerAsync(asked);
        Assert.InRange(rows.Count, asked, Callers + 1);
        Assert.All(rows, r => Assert.Equal(RequestOutcome.Cancelled, r.Outcome));
        Assert.All(rows.Where(r => r.FirstTokenMs is not null), r => Assert.Equal(UsageSource.Estimated, r.Attempts[^1].Usage.Source));
        Assert.All(rows.Where(r => r.FirstTokenMs is not null), r => Assert.InRange(r.Attempts[^1].Usage.OutputTotal, 1, Chunks));
        Assert.InRange(rows.Count(r => r.FirstTokenMs is not null), Callers / 2, Callers + 1);
    }

    private static async Task StreamWithoutEndAsync(HttpContext context)
    {
        context.Response.ContentType = "text/event-stream";
        for (var i = 0; i < Chunks; i++)
        {
            await context.Response.WriteAsync($"data: {ScriptedProvider.Delta(" word")}\n\n", context.RequestAborted);
            await context.Response.Body.FlushAsync(context.RequestAborted);
        }

        await ScriptedProvider.Silence(context);
    }

    /// <summary>Sends a call, reads so many bytes of its answer, and resets the connection.</summary>
    private static async Task AbortAsync(Uri edge, int bytes)
    {
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { LingerState = new LingerOption(enable: true, seconds: 0) };
        await socket.ConnectAsync(IPAddress.Loopback, edge.Port);
        var body = EdgeFixture.Body(stream: true);
        var head = string.Create(CultureInfo.InvariantCulture,
            $"POST /v1/chat/completions HTTP/1.1\r\nHost: {edge.Authority}\r\nAuthorization: Bearer {EdgeFixture.Key}\r\nContent-Type: application/json\r\nContent-Length: {body.Length}\r\n\r\n");
        await socket.SendAsync(Encoding.ASCII.GetBytes(head + body));
        var buffer = new byte[512];
        for (int read; bytes > 0 && (read = await socket.ReceiveAsync(buffer.AsMemory(0, Math.Min(bytes, buffer.Length)))) > 0;) bytes -= read;
    }

    private static int OpenFiles() => Directory.GetFileSystemEntries("/proc/self/fd").Length;
}
