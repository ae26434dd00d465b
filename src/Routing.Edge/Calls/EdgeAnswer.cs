using System.Collections.Immutable;
using System.Globalization;
using Routing.Core.Dispatch;
using Routing.Core.Llm;
using Routing.Core.Providers;

namespace Routing.Edge.Calls;

/// <summary>
/// An answer on its way to the caller. The dispatcher begins and writes it; the endpoint ends it, after the usage event is in the spool.
/// </summary>
internal abstract class EdgeAnswer(IInboundApi api, HttpContext context, ChatCall call, string id, DateTimeOffset at) : IChatAnswer, IDisposable
{
    protected HttpContext Context { get; } = context;
    protected ChatCall Call { get; } = call;
    protected long Created { get; } = at.ToUnixTimeSeconds();
    protected string Id { get; } = id;

    /// <summary>Model name shown in answers we build ourselves.</summary>
    protected string Model { get; private set; } = "";
    protected TokenUsage Usage { get; private set; }
    protected StopReason Stop { get; private set; }
    protected string? RawStop { get; private set; }

    public void Begin(in AnswerHead head)
    {
        Model = head.Endpoint.Model;
        var headers = Context.Response.Headers;
        headers[RouteHeaders.Endpoint] = head.Endpoint.Id;
        headers[RouteHeaders.Attempts] = head.Attempts.ToString(CultureInfo.InvariantCulture);
        var served = head.Endpoint.Api(Call.Api);
        Warn(served.Approximations, headers);
        if (Call.Original is { } original && (original.Rewrites & Rewrites.ForeignReasoning) != Rewrites.None && (served.Capabilities & Capabilities.SameWireFields) != Capabilities.None)
        {
            headers.Append(RouteHeaders.Warnings, "earlier reasoning of other models not sent");
        }

        foreach (var warning in head.Endpoint.Adapter.Warnings(Call, head.Endpoint.Target)) headers.Append(RouteHeaders.Warnings, warning);
        BeginBody(Context.Response);
    }

    public abstract void Write(List<ChatEvent> events);

    public abstract ValueTask FlushAsync(CancellationToken cancellationToken);

    /// <summary>Releases the last bytes of a whole answer.</summary>
    public abstract ValueTask CompleteAsync();

    /// <summary>Ends an answer that failed: as an error answer where nothing has been released, else as an error event and a cut.</summary>
    public abstract ValueTask FailAsync(in DispatchResult result);

    public virtual void Dispose() { }

    protected abstract void BeginBody(HttpResponse response);

    protected void Note(in ChatEvent e)
    {
        if (e.Kind == ChatEventKind.Usage) Usage = e.Usage;
        else if (e.Kind == ChatEventKind.Stopped) (Stop, RawStop) = (e.Stop, e.RawStop);
    }

    /// <summary>What the answering model endpoint could meet only nearly.</summary>
    private void Warn(ImmutableArray<Approximation> approximations, IHeaderDictionary headers)
    {
        foreach (var (need, warning) in approximations)
        {
            if ((Call.Needs & need) != Capabilities.None) headers.Append(RouteHeaders.Warnings, warning);
        }
    }

    protected ValueTask RefuseAsync(in DispatchResult result, Failure failure)
    {
        Context.Response.Headers.Remove(RouteHeaders.Endpoint);
        Context.Response.Headers[RouteHeaders.Attempts] = result.Event.Attempts.Length.ToString(CultureInfo.InvariantCulture);
        return new ValueTask(api.RefuseAsync(Context, ErrorAnswer.Of(failure)));
    }
}
