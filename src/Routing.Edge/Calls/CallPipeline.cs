using System.Globalization;
using System.Runtime.ExceptionServices;
using Routing.Core.Dispatch;
using Routing.Core.Llm;
using Routing.Core.Tables;
using Routing.Edge.Admission;
using Routing.Edge.Callers;
using Routing.Edge.Shadows;
using Routing.Edge.Usage;

namespace Routing.Edge.Calls;

/// <summary>The request path from arrival to ledger, the same for every API.</summary>
internal sealed class CallPipeline(CurrentTable current, ChatDispatcher dispatcher, UsageSpool spool, RequestIdSource ids, AdmissionControl admission, ShadowCopies shadows, EdgeOptions options, TimeProvider time)
{
    // Above this, parsing takes long enough to hold up the other connections of a socket thread.
    private const int LargeBody = 64 * 1024;

    public async Task HandleAsync(HttpContext context, IInboundApi api)
    {
        // R1: one table for the whole request.
        var (started, at) = (time.GetTimestamp(), time.GetUtcNow());
        var id = ids.Next(at);
        var headers = context.Response.Headers;
        headers[RouteHeaders.RequestId] = id.ToString();
        if (current.Value is not { } table)
        {
            await api.RefuseAsync(context, ErrorAnswer.NotReady).ConfigureAwait(false);
            return;
        }

        headers[RouteHeaders.Revision] = table.Revision.ToString(CultureInfo.InvariantCulture);

        // R2: who asks, then what for; nobody's body is read without a key.
        if (!CallerGate.TryAdmit(context, table, at, api.KeyHeader, out var caller, out var error)
            || !RequestBody.TryCheckHead(context.Request, options.MaxBodyBytes, out error))
        {
            await api.RefuseAsync(context, error).ConfigureAwait(false);
            return;
        }

        using var body = await RequestBody.ReadAsync(context.Request, options.MaxBodyBytes, context.RequestAborted).ConfigureAwait(false);
        if (body.Json.Length > LargeBody) await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        if (!api.TryRead(body.Json, out var call, out var failure))
        {
            await api.RefuseAsync(context, ErrorAnswer.Of(failure)).ConfigureAwait(false);
            return;
        }

        // R3: the feature, among those the caller may name.
        if (!caller.Features.TryGetValue(call.Feature, out var route))
        {
            await api.RefuseAsync(context, ErrorAnswer.NoSuchFeature(call.Feature)).ConfigureAwait(false);
            return;
        }

        // A place among the calls under way, for which its lane decides.
        if (!await admission.EnterAsync(route.Lane, context.RequestAborted).ConfigureAwait(false))
        {
            await api.RefuseAsync(context, ErrorAnswer.Overloaded(route.Lane)).ConfigureAwait(false);
            return;
        }

        using var place = new AdmissionControl.Place(admission);

        // R4 to R8: candidates, permit, provider, commit point.
        var identity = new RequestIdentity(id, at, started, caller.Id);
        using var answer = api.Answer(context, call, id.ToString("N"), at);
        var result = await dispatcher.DispatchAsync(call, route, table, identity, answer, context.RequestAborted).ConfigureAwait(false);

        // R9: the ledger first, then the last byte.
        spool.Append(result.Event);
        if (result.Bug is { } bug) ExceptionDispatchInfo.Throw(bug);
        if (result.Failure is null) await answer.CompleteAsync().ConfigureAwait(false);
        else await answer.FailAsync(result).ConfigureAwait(false);

        // R10: the caller has everything. Of a count of tokens nothing could be learned.
        if (route.Shadows.Length > 0 && result.Failure is null && call.Api != CallerApi.CountTokens) shadows.Offer(api, body.Json.Span, route, table, identity);
    }
}
