using System.Buffers;
using System.Globalization;
using System.Text;
using Routing.Core.Dispatch;
using Routing.Core.Llm;
using Routing.Core.Tables;

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

    /// <summary>A comment, in every dialect: readers of events pass it over, wherever it stands.</summary>
    public ValueTask KeepAliveAsync(CancellationToken cancellationToken)
    {
        var response = Context.Response;
        if (!response.HasStarted) BeginBody(response);
        Model = Call.Feature; // For an error event of a dialect that names the model; nobody has answered yet.
        response.BodyWriter.Write(": the answer is held back until it is whole\n\n"u8);
        return EventStream.FlushAsync(response.BodyWriter, cancellationToken);
    }

    public void Begin(in AnswerHead head)
    {
        Model = head.Endpoint.Model;
        var inBody = Context.Response.HasStarted;
        Tell(RouteHeaders.Endpoint, head.Endpoint.Id, inBody);
        Tell(RouteHeaders.Attempts, head.Attempts.ToString(CultureInfo.InvariantCulture), inBody);
        if (head.BeforeEnd) Tell(RouteHeaders.Warnings, "answer too large to be held back whole", inBody);
        if (head.IsNotContinued) Tell(RouteHeaders.Warnings, "this answer cannot be continued if it breaks", inBody);
        if (head.Kept is { } kept) Tell(RouteHeaders.Warnings, kept, inBody);
        Warn(head, inBody);
        if (inBody) Context.Response.BodyWriter.Write("\n"u8);
        else BeginBody(Context.Response);
    }

    /// <summary>Told amid the stream, where headers are gone; the answer's own name for its model stays.</summary>
    public void GoOn(in AnswerHead head)
    {
        Tell(RouteHeaders.Continued, head.Endpoint.Id, inBody: true);
        Warn(head, inBody: true);
        Context.Response.BodyWriter.Write("\n"u8);
    }

    public abstract void Write(List<ChatEvent> events);

    public abstract ValueTask FlushAsync(CancellationToken cancellationToken);

    /// <summary>Releases the last bytes of a whole answer.</summary>
    public abstract ValueTask CompleteAsync();

    /// <summary>Ends an answer that failed: as an error answer where nothing has been released, else as an error event and a cut.</summary>
    public abstract ValueTask FailAsync(in DispatchResult result);

    public virtual void Dispose() { }

    protected abstract void BeginBody(HttpResponse response);

    /// <summary>The whole body. The head goes before it: a body that is there first, the server keeps aside and copies once more. Both are sent together.</summary>
    protected async ValueTask SendAsync(PooledBuffer body)
    {
        var response = Context.Response;
        response.ContentType = "application/json";
        response.ContentLength = body.WrittenCount;
        await response.StartAsync().ConfigureAwait(false);
        response.BodyWriter.Write(body.WrittenMemory.Span);
    }

    /// <summary>The status is on its way, or content is: what fails now is told inside the stream, and cuts it.</summary>
    protected bool HasBegun(in DispatchResult result) => result.Committed || Context.Response.HasStarted;

    protected void Note(in ChatEvent e)
    {
        if (e.Kind == ChatEventKind.Usage) Usage = e.Usage;
        else if (e.Kind == ChatEventKind.Stopped) (Stop, RawStop) = (e.Stop, e.RawStop);
    }

    /// <summary>What the answering model endpoint could meet only nearly, whatever its value or because of it.</summary>
    private void Warn(in AnswerHead head, bool inBody)
    {
        var (call, served) = (head.Call, head.Endpoint.Api(head.Call.Api));
        foreach (var nearly in served.Approximations)
        {
            if (!nearly.IsOfValue && (call.Needs & nearly.Need) != Capabilities.None) Tell(RouteHeaders.Warnings, nearly.Warning, inBody);
        }

        if (call.Original is { } original && (original.Rewrites & Rewrites.ForeignReasoning) != Rewrites.None && (served.Capabilities & Capabilities.SameWireFields) != Capabilities.None)
        {
            Tell(RouteHeaders.Warnings, "earlier reasoning of other models not sent", inBody);
        }

        if (call.Original is { } named && (named.Rewrites & Rewrites.BothUsers) != Rewrites.None && IsTranslated(call, head.Endpoint))
        {
            Tell(RouteHeaders.Warnings, "of user and safety_identifier only the latter sent on", inBody);
        }

        foreach (var warning in head.Endpoint.Adapter.Warnings(call, head.Endpoint.Target)) Tell(RouteHeaders.Warnings, warning, inBody);
    }

    private static bool IsTranslated(ChatCall call, ModelEndpoint served) => (served.Adapter.Support(call.Api, served.Target).Carries & Capabilities.SameWireFields) == Capabilities.None;

    /// <summary>By a header; by a comment line when those are gone.</summary>
    private void Tell(string header, string value, bool inBody)
    {
        if (inBody) Context.Response.BodyWriter.Write(Encoding.UTF8.GetBytes($": {header}: {value}\n"));
        else Context.Response.Headers.Append(header, value);
    }

    protected ValueTask RefuseAsync(in DispatchResult result, Failure failure)
    {
        Context.Response.Headers.Remove(RouteHeaders.Endpoint);
        Context.Response.Headers[RouteHeaders.Attempts] = result.Sent.ToString(CultureInfo.InvariantCulture);
        if (result.IsFinal) Context.Response.Headers[RouteHeaders.ShouldRetry] = "false";
        return new ValueTask(api.RefuseAsync(Context, ErrorAnswer.Of(failure)));
    }
}
