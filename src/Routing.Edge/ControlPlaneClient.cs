using System.IO.Compression;
using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Routing.Core.Health;
using Routing.Core.Snapshots;
using Routing.Edge.Usage;

namespace Routing.Edge;

/// <summary>
/// The edge's calls to its control plane. Each ends with a hop off the socket thread: with inline sockets its continuation would otherwise
/// parse, compile and compress where product requests are served.
/// </summary>
internal sealed class ControlPlaneClient : IUsageSink, IDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(15);

    private readonly HttpMessageInvoker _http;
    private readonly Uri _address;
    private readonly Func<string?> _credential;

    public ControlPlaneClient(Uri address, Func<string?> credential)
    {
        _address = address;
        _credential = credential;
        _http = new HttpMessageInvoker(new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseProxy = false,
            UseCookies = false,
            ConnectTimeout = TimeSpan.FromSeconds(5),
            PooledConnectionLifetime = TimeSpan.FromMinutes(2),
            AutomaticDecompression = DecompressionMethods.GZip,
            ActivityHeadersPropagator = null,
        });
    }

    public async Task<EnrolResponse?> EnrolAsync(EnrolRequest enrol, CancellationToken cancellationToken)
    {
        using var message = Message(HttpMethod.Post, EdgeApi.Enrol, Json(enrol, SnapshotJson.Default.EnrolRequest));
        using var limit = Within(cancellationToken);
        using var response = await _http.SendAsync(message, limit.Token).ConfigureAwait(false);
        if (response.StatusCode is HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden or HttpStatusCode.Gone) return null;
        response.EnsureSuccessStatusCode();
        var body = await response.Content.ReadAsByteArrayAsync(limit.Token).ConfigureAwait(false);
        await LeaveSocketThread();
        return JsonSerializer.Deserialize(body, SnapshotJson.Default.EnrolResponse);
    }

    /// <summary>The envelope as received; null bytes when nothing changed since <paramref name="etag"/>.</summary>
    public async Task<PulledEnvelope> PullAsync(string? etag, CancellationToken cancellationToken)
    {
        using var message = Message(HttpMethod.Get, EdgeApi.Envelope, null);
        if (etag is not null) message.Headers.IfNoneMatch.Add(EntityTagHeaderValue.Parse(etag));
        using var limit = Within(cancellationToken);
        using var response = await _http.SendAsync(message, limit.Token).ConfigureAwait(false);
        if (response.StatusCode == HttpStatusCode.NotModified) return new PulledEnvelope(etag, null, null);
        response.EnsureSuccessStatusCode();
        var signature = response.Headers.TryGetValues(EdgeApi.SignatureHeader, out var values) ? string.Join("", values) : "";
        var body = await BoundedAsync(response.Content, limit.Token).ConfigureAwait(false);
        await LeaveSocketThread();
        return new PulledEnvelope(response.Headers.ETag?.ToString(), body, signature);
    }

    public Task ReportAsync(ApplyReport report, CancellationToken cancellationToken) =>
        PostAsync(EdgeApi.Reports, Json(report, SnapshotJson.Default.ApplyReport), cancellationToken);

    /// <summary>Null from a control plane that answers nothing.</summary>
    public async Task<HealthReceipt?> ReportAsync(HealthReport report, CancellationToken cancellationToken)
    {
        using var message = Message(HttpMethod.Post, EdgeApi.Health, Json(report, SnapshotJson.Default.HealthReport));
        using var limit = Within(cancellationToken);
        using var response = await _http.SendAsync(message, limit.Token).ConfigureAwait(false);
        response.EnsureSuccessStatusCode();
        var body = await response.Content.ReadAsByteArrayAsync(limit.Token).ConfigureAwait(false);
        await LeaveSocketThread();
        return body.Length == 0 ? null : JsonSerializer.Deserialize(body, SnapshotJson.Default.HealthReceipt);
    }

    /// <summary>Ships a batch; taken only when the receipt accounts for every event.</summary>
    public async Task<Delivery> SendAsync(SpoolBatch batch, CancellationToken cancellationToken)
    {
        await LeaveSocketThread();
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest, leaveOpen: true)) batch.WriteBatch(gzip);
        var content = new ByteArrayContent(packed.GetBuffer(), 0, (int)packed.Length);
        content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        content.Headers.ContentEncoding.Add("gzip");
        using var message = Message(HttpMethod.Post, EdgeApi.Usage, content);
        using var limit = Within(cancellationToken);
        using var response = await _http.SendAsync(message, limit.Token).ConfigureAwait(false);
        if (response.StatusCode is HttpStatusCode.BadRequest or HttpStatusCode.RequestEntityTooLarge or HttpStatusCode.UnprocessableEntity) return Delivery.Refused;
        response.EnsureSuccessStatusCode();
        var body = await response.Content.ReadAsByteArrayAsync(limit.Token).ConfigureAwait(false);
        await LeaveSocketThread();
        var receipt = JsonSerializer.Deserialize(body, SnapshotJson.Default.UsageReceipt);
        return receipt is not null && receipt.Stored + receipt.Duplicates + receipt.Quarantined == batch.Count ? Delivery.Taken : Delivery.NotNow;
    }

    /// <summary>Opens the stream of nudges; it stays open until something breaks.</summary>
    public async Task<(HttpResponseMessage Response, Stream Body)> NudgesAsync(CancellationToken cancellationToken)
    {
        using var message = Message(HttpMethod.Get, EdgeApi.Nudges, null);
        message.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("text/event-stream"));
        var response = await _http.SendAsync(message, cancellationToken).ConfigureAwait(false);
        try
        {
            response.EnsureSuccessStatusCode();
            return (response, await response.Content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false));
        }
        catch
        {
            response.Dispose();
            throw;
        }
    }

    public void Dispose() => _http.Dispose();

    /// <summary>Awaited after whatever may have completed on a socket thread.</summary>
    public static System.Runtime.CompilerServices.ConfiguredTaskAwaitable LeaveSocketThread() =>
        Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);

    private async Task PostAsync(string path, HttpContent content, CancellationToken cancellationToken)
    {
        using var message = Message(HttpMethod.Post, path, content);
        using var limit = Within(cancellationToken);
        using var response = await _http.SendAsync(message, limit.Token).ConfigureAwait(false);
        await LeaveSocketThread();
        response.EnsureSuccessStatusCode();
    }

    private HttpRequestMessage Message(HttpMethod method, string path, HttpContent? content)
    {
        var message = new HttpRequestMessage(method, new Uri(_address, path)) { Content = content };
        if (_credential() is { } credential) message.Headers.Authorization = new AuthenticationHeaderValue("Bearer", credential);
        return message;
    }

    private static CancellationTokenSource Within(CancellationToken cancellationToken)
    {
        var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(Limit);
        return limit;
    }

    private static ByteArrayContent Json<T>(T value, JsonTypeInfo<T> type)
    {
        var content = new ByteArrayContent(JsonSerializer.SerializeToUtf8Bytes(value, type));
        content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        return content;
    }

    // A document beyond the cap is not read to its end, whatever its head says.
    private static async Task<byte[]> BoundedAsync(HttpContent content, CancellationToken cancellationToken)
    {
        var most = SnapshotValidator.MaxDocumentBytes;
        var stream = await content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
        using var body = new MemoryStream();
        var buffer = new byte[64 * 1024];
        for (int read; (read = await stream.ReadAsync(buffer, cancellationToken).ConfigureAwait(false)) > 0;)
        {
            if (body.Length + read > most) throw new InvalidDataException($"The control plane's envelope is larger than {most} bytes.");
            body.Write(buffer, 0, read);
        }

        return body.ToArray();
    }
}

/// <param name="Body">Null when nothing changed.</param>
internal readonly record struct PulledEnvelope(string? ETag, byte[]? Body, string? Signature);
