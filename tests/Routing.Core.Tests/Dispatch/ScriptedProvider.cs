using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Routing.Core.Tests.Dispatch;

/// <summary>A provider on loopback that does exactly what the test says, call by call, down to the bytes on the socket.</summary>
internal sealed class ScriptedProvider : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentQueue<Func<NetworkStream, CancellationToken, Task>> _script = new();
    private readonly TaskCompletionSource _asked = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Task _accepting;

    public ScriptedProvider()
    {
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public string HostPort => $"127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}";

    public string Address => $"http://{HostPort}";

    public ConcurrentQueue<string> Requests { get; } = new();

    /// <summary>Completes when the first request is here.</summary>
    public Task Asked => _asked.Task;

    public ScriptedProvider Then(Func<NetworkStream, CancellationToken, Task> step)
    {
        _script.Enqueue(step);
        return this;
    }

    public ScriptedProvider ThenStatus(int status, string body, string headers = "") => Then((s, c) =>
        WriteAsync(s, $"HTTP/1.1 {status} X\r\nContent-Type: application/json\r\n{headers}Content-Length: {Encoding.UTF8.GetByteCount(body)}\r\n\r\n{body}", c));

    public ScriptedProvider ThenAnswer(string body) => ThenStatus(200, body);

    /// <summary>A chunked event stream; without <paramref name="whole"/> the connection is cut after the last event.</summary>
    /// <param name="hold">Waited for behind the last event.</param>
    /// <param name="thinks">Waited for before anything is said.</param>
    public ScriptedProvider ThenStream(string[] events, bool whole = true, Task? hold = null, Task? thinks = null) => Then(async (s, c) =>
    {
        if (thinks is not null) await thinks.WaitAsync(c);
        await WriteAsync(s, "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n", c);
        foreach (var e in events) await WriteAsync(s, $"{Encoding.UTF8.GetByteCount(e):x}\r\n{e}\r\n", c);
        if (hold is not null) await hold.WaitAsync(c);
        if (whole) await WriteAsync(s, "0\r\n\r\n", c);
        else s.Socket.LingerState = new LingerOption(true, 0);
    });

    /// <summary>A whole answer of which only the beginning is sent; then the connection is cut, unless it is held.</summary>
    public ScriptedProvider ThenPartOf(string body, int length, bool hold = false) => Then(async (s, c) =>
    {
        await WriteAsync(s, $"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {body.Length}\r\n\r\n{body[..length]}", c);
        if (hold) await Task.Delay(Timeout.Infinite, c);
        s.Socket.LingerState = new LingerOption(true, 0);
    });

    /// <summary>Takes the request and never answers.</summary>
    public ScriptedProvider ThenSilence() => Then((_, c) => Task.Delay(Timeout.Infinite, c));

    /// <summary>Takes the request, says that much and no more, and tells when its client has gone.</summary>
    public ScriptedProvider ThenIsLeft(TaskCompletionSource left, params string[] events) => Then(async (s, c) =>
    {
        if (events.Length > 0) await WriteAsync(s, "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n", c);
        foreach (var e in events) await WriteAsync(s, $"{Encoding.UTF8.GetByteCount(e):x}\r\n{e}\r\n", c);
        try
        {
            if (await s.ReadAsync(new byte[1], c) == 0) left.TrySetResult();
        }
        catch (IOException)
        {
            left.TrySetResult();
        }
    });

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Dispose();
        await _accepting;
        _stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        var serving = new List<Task>();
        try
        {
            while (true) serving.Add(ServeAsync(await _listener.AcceptSocketAsync(_stop.Token)));
        }
        catch (Exception e) when (e is OperationCanceledException or InvalidOperationException or SocketException) // Closed, and perhaps between two accepts.
        {
            await Task.WhenAll(serving);
        }
    }

    private async Task ServeAsync(Socket socket)
    {
        using var stream = new NetworkStream(socket, ownsSocket: true);
        try
        {
            while (await ReadRequestAsync(stream) is { } request)
            {
                Requests.Enqueue(request);
                _asked.TrySetResult();
                if (!_script.TryDequeue(out var step)) return;
                await step(stream, _stop.Token);
                if (socket.LingerState is { Enabled: true }) return;
            }
        }
        catch (Exception e) when (e is IOException or OperationCanceledException)
        {
            // The client went away, or the test is over.
        }
    }

    private async Task<string?> ReadRequestAsync(NetworkStream stream)
    {
        var text = new StringBuilder();
        var buffer = new byte[4096];
        while (true)
        {
            var read = await stream.ReadAsync(buffer, _stop.Token);
            if (read == 0) return null;
            text.Append(Encoding.UTF8.GetString(buffer, 0, read));
            var request = text.ToString();
            var end = request.IndexOf("\r\n\r\n", StringComparison.Ordinal);
            if (end >= 0 && Encoding.UTF8.GetByteCount(request[(end + 4)..]) >= ContentLength(request[..end])) return request;
        }
    }

    private static int ContentLength(string head) => head.Split("\r\n")
        .Where(l => l.StartsWith("Content-Length:", StringComparison.OrdinalIgnoreCase))
        .Select(l => int.Parse(l[15..].Trim(), System.Globalization.CultureInfo.InvariantCulture))
        .FirstOrDefault();

    private static Task WriteAsync(NetworkStream stream, string text, CancellationToken cancellationToken) =>
        stream.WriteAsync(Encoding.UTF8.GetBytes(text), cancellationToken).AsTask();
}
