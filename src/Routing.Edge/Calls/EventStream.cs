using System.IO.Pipelines;

namespace Routing.Edge.Calls;

/// <summary>An answer as server-sent events, whatever API it is in.</summary>
internal static class EventStream
{
    public static void Begin(HttpResponse response)
    {
        response.ContentType = "text/event-stream";
        response.Headers.CacheControl = "no-cache";
        // Proxies that buffer would turn a stream into one late block.
        response.Headers["X-Accel-Buffering"] = "no";

        // Writes the head, which is sent with what follows it; what is written without one is kept aside and copied. Done when it returns, as nobody here asks to be told of a start.
        _ = response.StartAsync();
    }

    public static ValueTask FlushAsync(PipeWriter to, CancellationToken cancellationToken)
    {
        var flush = to.FlushAsync(cancellationToken);
        if (!flush.IsCompletedSuccessfully) return Wait(flush);
        _ = flush.Result; // A completed ValueTask's result is taken exactly once.
        return ValueTask.CompletedTask;

        static async ValueTask Wait(ValueTask<FlushResult> flush) => await flush.ConfigureAwait(false);
    }
}
