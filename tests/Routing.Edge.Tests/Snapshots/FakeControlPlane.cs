using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.IO.Compression;
using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Routing.Core.Budgets;
using Routing.Core.Health;
using Routing.Core.Snapshots;
using Routing.Core.Usage;

namespace Routing.Edge.Tests.Snapshots;

/// <summary>The control plane's side of the edge API, in memory.</summary>
internal sealed class FakeControlPlane : IAsyncDisposable
{
    public const string Credential = "edge-credential";

    private readonly ECDsa _signing = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private readonly WebApplication _app;
    private readonly ConcurrentBag<TaskCompletionSource> _listeners = [];
    private volatile EdgeEnvelope? _envelope;

    private FakeControlPlane(WebApplication app) => _app = app;

    public ConcurrentQueue<ApplyReport> Reports { get; } = new();
    public ConcurrentDictionary<Guid, UsageEvent> Usage { get; } = new();
    public ConcurrentQueue<HealthReport> Health { get; } = new();
    public byte[] EdgeKey { get; private set; } = [];

    /// <summary>How many it says it hears; 0 answers nothing, as an older one does.</summary>
    public int Edges { get; set; }

    /// <summary>How far it lets edges spend; told with the number of edges.</summary>
    public ImmutableArray<BudgetLease> Budgets { get; set; } = [];
    public bool RefuseUsage { get; set; }
    public bool BreakSignature { get; set; }
    public int Listeners => _listeners.Count;

    public Uri Address => new(_app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());

    public string Token => "enrol_" + Encode(new byte[32]) + "." + Encode(SHA256.HashData(_signing.ExportSubjectPublicKeyInfo()));

    public static async Task<FakeControlPlane> StartAsync()
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        var plane = new FakeControlPlane(app);
        app.Run(plane.AnswerAsync);
        await app.StartAsync();
        return plane;
    }

    public void Publish(EdgeEnvelope envelope)
    {
        _envelope = envelope;
        foreach (var listener in _listeners) listener.TrySetResult();
    }

    public byte[] Sign(byte[] body) => _signing.SignData(body, HashAlgorithmName.SHA256, DSASignatureFormat.IeeeP1363FixedFieldConcatenation);

    public byte[] SigningKey => _signing.ExportSubjectPublicKeyInfo();

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync(new CancellationToken(canceled: true));
        await _app.DisposeAsync();
        _signing.Dispose();
    }

    private async Task AnswerAsync(HttpContext context)
    {
        if (context.Request.Path != EdgeApi.Enrol && context.Request.Headers.Authorization != "Bearer " + Credential)
        {
            context.Response.StatusCode = 401;
            return;
        }

        switch (context.Request.Path.Value)
        {
            case EdgeApi.Enrol: await EnrolAsync(context); break;
            case EdgeApi.Envelope: await EnvelopeAsync(context); break;
            case EdgeApi.Nudges: await NudgesAsync(context); break;
            case EdgeApi.Reports: Reports.Enqueue((await ReadAsync(context, SnapshotJson.Default.ApplyReport))!); break;
            case EdgeApi.Health: await HealthAsync(context); break;
            case EdgeApi.Usage: await UsageAsync(context); break;
            default: context.Response.StatusCode = 404; break;
        }
    }

    private async Task HealthAsync(HttpContext context)
    {
        Health.Enqueue((await ReadAsync(context, SnapshotJson.Default.HealthReport))!);
        if (Edges > 0) await WriteAsync(context, JsonSerializer.SerializeToUtf8Bytes(new HealthReceipt(Edges) { Budgets = Budgets }, SnapshotJson.Default.HealthReceipt));
    }

    private async Task EnrolAsync(HttpContext context)
    {
        var request = (await ReadAsync(context, SnapshotJson.Default.EnrolRequest))!;
        if (request.Token != Token)
        {
            context.Response.StatusCode = 401;
            return;
        }

        EdgeKey = request.PublicKey;
        await WriteAsync(context, JsonSerializer.SerializeToUtf8Bytes(new EnrolResponse("edge-1", Credential, SigningKey), SnapshotJson.Default.EnrolResponse));
    }

    private async Task EnvelopeAsync(HttpContext context)
    {
        if (_envelope is not { } envelope)
        {
            context.Response.StatusCode = 404;
            return;
        }

        var etag = EdgeApi.ETag(envelope.Epoch, envelope.Revision.Revision, envelope.Overlay.Version);
        if (context.Request.Headers.IfNoneMatch == etag)
        {
            context.Response.StatusCode = 304;
            return;
        }

        var body = JsonSerializer.SerializeToUtf8Bytes(envelope, SnapshotJson.Default.EdgeEnvelope);
        var signature = Sign(body);
        if (BreakSignature) signature[5] ^= 1;
        context.Response.Headers.ETag = etag;
        context.Response.Headers[EdgeApi.SignatureHeader] = Convert.ToBase64String(signature);
        await WriteAsync(context, body);
    }

    private async Task NudgesAsync(HttpContext context)
    {
        context.Response.ContentType = "text/event-stream";
        await context.Response.Body.FlushAsync();
        while (!context.RequestAborted.IsCancellationRequested)
        {
            var changed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _listeners.Add(changed);
            await changed.Task.WaitAsync(context.RequestAborted);
            await context.Response.WriteAsync("event: changed\ndata: {}\n\n");
            await context.Response.Body.FlushAsync();
        }
    }

    private async Task UsageAsync(HttpContext context)
    {
        if (RefuseUsage)
        {
            context.Response.StatusCode = 503;
            return;
        }

        Assert.Equal("gzip", context.Request.Headers.ContentEncoding);
        await using var unpacked = new GZipStream(context.Request.Body, CompressionMode.Decompress);
        var batch = (await JsonSerializer.DeserializeAsync(unpacked, SnapshotJson.Default.UsageBatch))!;
        Assert.InRange(batch.Events.Length, 1, 1000);
        var stored = batch.Events.Count(e => Usage.TryAdd(e.Id, e));
        await WriteAsync(context, JsonSerializer.SerializeToUtf8Bytes(new UsageReceipt(stored, batch.Events.Length - stored, 0), SnapshotJson.Default.UsageReceipt));
    }

    private static async Task<T?> ReadAsync<T>(HttpContext context, System.Text.Json.Serialization.Metadata.JsonTypeInfo<T> type) =>
        await JsonSerializer.DeserializeAsync(context.Request.Body, type);

    private static async Task WriteAsync(HttpContext context, byte[] body)
    {
        context.Response.ContentType = "application/json";
        await context.Response.Body.WriteAsync(body);
    }

    private static string Encode(byte[] bytes) => Convert.ToBase64String(bytes).TrimEnd('=').Replace('+', '-').Replace('/', '_');
}
