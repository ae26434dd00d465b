using System.Buffers;
using System.Diagnostics;
using System.Net.Http.Headers;
using System.Text;

namespace Routing.LoadBench;

/// <summary>One finished call: a fast wrong answer is an error.</summary>
/// <param name="Shed">Refused by an edge that has as many calls as it takes, in the form it promises.</param>
internal readonly record struct CallResult(bool Good, TimeSpan FirstToken, TimeSpan Total, bool Shed = false);

/// <summary>Sends chat calls and checks status, chunks, usage and the terminal event of each.</summary>
internal sealed class LoadClient(Uri address, string key, string model) : IDisposable
{
    private const int ReadBufferBytes = 32 * 1024;
    private static readonly byte[] Prompt = Encoding.UTF8.GetBytes(new string('x', 900));

    private readonly Uri _uri = new(address, "/v1/chat/completions");
    private readonly HttpMessageInvoker _http = new(new SocketsHttpHandler { MaxConnectionsPerServer = 4096, UseProxy = false, ActivityHeadersPropagator = null });

    /// <param name="started">When the call was to be sent: a client that comes late counts against the target.</param>
    public async Task<CallResult> CallAsync(bool stream, bool paced, long started, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, _uri) { Content = new ByteArrayContent(Body(stream, paced)) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", key);
        try
        {
            using var response = await _http.SendAsync(request, cancellationToken);
            var body = await response.Content.ReadAsStreamAsync(cancellationToken);
            var (tally, first) = await ReadAsync(body, started, cancellationToken);
            var good = (int)response.StatusCode == 200 && (stream ? tally.IsWholeStream : tally.IsWholeAnswer);
            var shed = (int)response.StatusCode == 503 && response.Headers.RetryAfter is not null
                && response.Headers.TryGetValues("x-route-failure", out var kinds) && kinds.Contains("edge_overloaded", StringComparer.Ordinal);
            return new CallResult(good, first, Stopwatch.GetElapsedTime(started), shed);
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            return new CallResult(false, default, Stopwatch.GetElapsedTime(started));
        }
    }

    public void Dispose() => _http.Dispose();

    private static async Task<(Tally Tally, TimeSpan First)> ReadAsync(Stream body, long started, CancellationToken cancellationToken)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(ReadBufferBytes);
        var tally = new Tally();
        TimeSpan first = default;
        int read;
        while ((read = await body.ReadAsync(buffer, cancellationToken)) > 0)
        {
            tally.Add(buffer.AsSpan(0, read));
            if (first == default && tally.Deltas > 0) first = Stopwatch.GetElapsedTime(started);
        }

        ArrayPool<byte>.Shared.Return(buffer);
        return (tally, first);
    }

    private byte[] Body(bool stream, bool paced)
    {
        var prefix = $$"""{"model":"{{model}}","stream":{{(stream ? "true,\"stream_options\":{\"include_usage\":true}" : "false")}},"messages":[{"role":"user","content":"{{(paced ? "paced" : "")}}""";
        return [.. Encoding.UTF8.GetBytes(prefix), .. Prompt, .. "\"}]}"u8];
    }

    /// <summary>Counts marks across reads; a mark split between two reads is found by keeping a short tail.</summary>
    private struct Tally()
    {
        private const int TailBytes = 32;
        private byte[] _tail = [];
        private bool _done;
        private bool _usage;

        public int Deltas { get; private set; }
        public readonly bool IsWholeStream => _done && _usage && Deltas == Upstream.Chunks;
        public readonly bool IsWholeAnswer => _usage;

        public void Add(ReadOnlySpan<byte> bytes)
        {
            byte[] window = [.. _tail, .. bytes];
            var span = window.AsSpan();
            Deltas += Count(span, "\"content\":\" token"u8) - Count(_tail, "\"content\":\" token"u8);
            _usage |= span.IndexOf("\"completion_tokens\":60"u8) >= 0;
            _done |= span.IndexOf("data: [DONE]"u8) >= 0;
            _tail = window[^Math.Min(TailBytes, window.Length)..];
        }

        private static int Count(ReadOnlySpan<byte> span, ReadOnlySpan<byte> mark)
        {
            var count = 0;
            for (int at; (at = span.IndexOf(mark)) >= 0; span = span[(at + mark.Length)..]) count++;
            return count;
        }
    }
}
