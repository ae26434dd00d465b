using System.IO.Compression;
using System.Text.Json;
using ControlPlane.Web.Budgets;
using ControlPlane.Web.Secrets;
using ControlPlane.Web.Usage;
using Microsoft.AspNetCore.Http.Features;
using Routing.Core.Health;
using Routing.Core.Snapshots;
using Routing.Core.Usage;

namespace ControlPlane.Web.Edges;

/// <summary>
/// What edges call. Each presents its own credential (no cookie is looked at), bodies are capped before and after decompression,
/// and what a body says about the edge's identity is ignored.
/// </summary>
internal static class EdgeEndpoints
{
    private const int LargestBody = 4 * 1024 * 1024;
    private const int LargestUnpacked = 32 * 1024 * 1024;

    // Anybody may ask to enrol, so little is read, and nothing unpacked, before the token is known to be good.
    private const int LargestEnrolment = 8 * 1024;
    private static readonly TimeSpan KeepAlive = TimeSpan.FromSeconds(15);

    public static void MapEdges(this IEndpointRouteBuilder routes)
    {
        RouteGroupBuilder edges = routes.MapGroup("").AllowAnonymous().DisableAntiforgery();
        edges.MapPost(EdgeApi.Enrol, EnrolAsync);
        edges.MapGet(EdgeApi.Envelope, EnvelopeAsync);
        edges.MapGet(EdgeApi.Nudges, NudgesAsync);
        edges.MapPost(EdgeApi.Reports, ReportAsync);
        edges.MapPost(EdgeApi.Health, HealthAsync);
        edges.MapPost(EdgeApi.Usage, UsageAsync);
    }

    private static async Task<IResult> EnrolAsync(HttpContext context, EdgeStore store)
    {
        if (context.Request.Headers.ContentEncoding.Count > 0 || await ReadAsync<EnrolRequest>(context, LargestEnrolment) is not { } request) return Results.BadRequest();
        EnrolResponse? response = await store.EnrolAsync(request, context.RequestAborted);
        return response is null ? Results.Unauthorized() : Results.Json(response, SnapshotJson.Default.EnrolResponse);
    }

    private static async Task<IResult> EnvelopeAsync(HttpContext context, EdgeDirectory directory, EnvelopeSource envelopes)
    {
        if (await directory.FindAsync(context.Request, context.RequestAborted) is not { } edge) return Results.Unauthorized();
        try
        {
            if (await envelopes.ForAsync(edge, context.RequestAborted) is not { } envelope) return Results.StatusCode(StatusCodes.Status304NotModified);
            if (context.Request.Headers.IfNoneMatch.Contains(envelope.ETag)) return Results.StatusCode(StatusCodes.Status304NotModified);
            context.Response.Headers.ETag = envelope.ETag;
            context.Response.Headers[EdgeApi.SignatureHeader] = envelope.Signature;
            return Results.Bytes(envelope.Body, "application/json");
        }
        catch (VaultSealedException e)
        {
            return Results.Problem(e.Message, statusCode: StatusCodes.Status503ServiceUnavailable);
        }
    }

    private static async Task NudgesAsync(HttpContext context, EdgeDirectory directory, VersionWatcher watcher, IHostApplicationLifetime lifetime)
    {
        if (await directory.FindAsync(context.Request, context.RequestAborted) is null)
        {
            context.Response.StatusCode = StatusCodes.Status401Unauthorized;
            return;
        }

        context.Response.ContentType = "text/event-stream";
        context.Features.Get<IHttpResponseBodyFeature>()?.DisableBuffering();

        // A server that stops waits for its answers, and this one has no end of its own.
        using var end = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, lifetime.ApplicationStopping);
        try
        {
            await SendNudgesAsync(context.Response, watcher, end.Token);
        }
        catch (OperationCanceledException) when (end.IsCancellationRequested)
        {
            // The edge went away, or this process does.
        }
    }

    private static async Task SendNudgesAsync(HttpResponse response, VersionWatcher watcher, CancellationToken end)
    {
        using VersionWatcher.Watch watch = watcher.Begin();
        await SendAsync(": connected\n\n");
        while (true)
        {
            string? etag = await watch.NextAsync(KeepAlive, end);
            await SendAsync(etag is null ? ": still here\n\n" : $"event: changed\ndata: {etag}\n\n");
        }

        async Task SendAsync(string text)
        {
            await response.WriteAsync(text, end);
            await response.Body.FlushAsync(end);
        }
    }

    private static async Task<IResult> ReportAsync(HttpContext context, EdgeDirectory directory, EdgeReports reports)
    {
        if (await directory.FindAsync(context.Request, context.RequestAborted) is not { } edge) return Results.Unauthorized();
        if (await ReadAsync<ApplyReport>(context) is not { } report) return Results.BadRequest();
        await reports.AppliedAsync(edge, report, context.RequestAborted);
        return Results.NoContent();
    }

    private static async Task<IResult> HealthAsync(HttpContext context, EdgeDirectory directory, EdgeReports reports, EdgeBoard board, BudgetLeases budgets)
    {
        if (await directory.FindAsync(context.Request, context.RequestAborted) is not { } edge) return Results.Unauthorized();
        if (await ReadAsync<HealthReport>(context) is not { } report) return Results.BadRequest();
        await reports.HealthAsync(edge, report, context.RequestAborted);
        var receipt = new HealthReceipt(await board.CountAsync(context.RequestAborted)) { Budgets = await budgets.GrantAsync(edge, report.Budgets, context.RequestAborted) };
        return Results.Json(receipt, SnapshotJson.Default.HealthReceipt);
    }

    private static async Task<IResult> UsageAsync(HttpContext context, EdgeDirectory directory, UsageIngest ingest)
    {
        if (await directory.FindAsync(context.Request, context.RequestAborted) is not { } edge) return Results.Unauthorized();
        if (await ReadAsync<UsageBatch>(context) is not { Events.IsDefault: false } batch) return Results.BadRequest();
        if (batch.Events.Length > UsageIngest.MostEvents) return Results.StatusCode(StatusCodes.Status413PayloadTooLarge);
        UsageReceipt receipt = await ingest.StoreAsync(edge.Id, batch, context.RequestAborted);
        return Results.Json(receipt, SnapshotJson.Default.UsageReceipt);
    }

    /// <summary>Null: not the document it should be, or larger than it may be.</summary>
    private static async Task<T?> ReadAsync<T>(HttpContext context, int largestBody = LargestBody) where T : class
    {
        if (context.Request.ContentLength > largestBody) return null;
        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit) limit.MaxRequestBodySize = largestBody;
        bool packed = context.Request.Headers.ContentEncoding == "gzip";
        int largest = packed ? LargestUnpacked : largestBody;
        await using Stream body = packed ? new GZipStream(context.Request.Body, CompressionMode.Decompress) : context.Request.Body;
        try
        {
            using var unpacked = new MemoryStream();
            var buffer = new byte[32 * 1024];
            for (int read; (read = await body.ReadAsync(buffer, context.RequestAborted)) > 0;)
            {
                if (unpacked.Length + read > largest) return null;
                unpacked.Write(buffer, 0, read);
            }
            return DocumentJson.Read<T>(unpacked.GetBuffer().AsSpan(0, (int)unpacked.Length));
        }
        catch (Exception e) when (e is JsonException or InvalidDataException or BadHttpRequestException)
        {
            return null;
        }
    }
}
