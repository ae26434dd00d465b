using System.Globalization;
using Routing.Core.Llm;
using Routing.Core.Snapshots;

namespace Routing.Edge.Calls;

/// <summary>An error as the caller sees it: OpenAI's status, type and code where it has one, and our kind beside it.</summary>
internal readonly record struct ErrorAnswer(
    int Status, string Type, string Code, string Kind, string Message, string? Param = null, TimeSpan? RetryAfter = null)
{
    private const string Request = "invalid_request_error";
    private const string Server = "server_error";
    private const string Unavailable = "service_unavailable_error";

    private const string OurFault = "The provider refused this service's own credential or configuration. Quote the request id to its operators.";

    private const string NoConnection = "The connection to the provider failed before it answered. Quote the request id to this service's operators.";

    // Asked of a caller when nobody knows better: long enough to matter, short enough for an interactive retry.
    private static readonly TimeSpan DefaultWait = TimeSpan.FromSeconds(2);

    /// <summary>One shape for every wrong key: absent, malformed, unknown, expired, revoked.</summary>
    public static readonly ErrorAnswer WrongKey = new(401, Request, "invalid_api_key", "unauthenticated",
        "The key is missing or not valid. Send it as 'Authorization: Bearer KEY'; keys are made on the control plane's Callers page.");

    public static readonly ErrorAnswer TwoKeys = new(400, Request, "ambiguous_credentials", "invalid_request",
        "The request carries two different credentials. Send one, as 'Authorization: Bearer KEY'.");

    /// <summary>The same in the words of an API whose clients put the key into a header of its own.</summary>
    public ErrorAnswer OrIn(string? keyHeader) => keyHeader is null ? this : this with
    {
        Message = Message.Replace("'Authorization: Bearer KEY'", $"'{keyHeader}: KEY' or 'Authorization: Bearer KEY'", StringComparison.Ordinal),
    };

    public static readonly ErrorAnswer NotReady = new(503, Unavailable, "not_ready", "no_eligible_endpoint",
        "This edge has no configuration yet. Try again, or another edge.", RetryAfter: DefaultWait);

    /// <summary>The edge has as many calls as it takes. A batch is asked to come back later than somebody who waits.</summary>
    public static ErrorAnswer Overloaded(RequestLane lane) => lane == RequestLane.Batch
        ? new(503, Unavailable, "edge_overloaded", "edge_overloaded", "This edge has no room for batch calls just now. Send it again after the time in 'retry-after'.", RetryAfter: TimeSpan.FromSeconds(10))
        : new(503, Unavailable, "edge_overloaded", "edge_overloaded", "This edge has as many calls as it takes. Send it again after the time in 'retry-after', or to another edge.", RetryAfter: DefaultWait);

    public static ErrorAnswer NoSuchPath(string method, string path) => new(404, Request, "unknown_url", "invalid_request",
        $"There is no {Shown(method)} {Shown(path)} here. This edge answers POST /v1/chat/completions, POST /v1/embeddings, POST /v1/messages, POST /v1/messages/count_tokens, POST /v1/responses, POST /v1/routing/explain, GET /v1/models and GET /v1/models/{{id}}.");

    public static ErrorAnswer WrongMethod(string allowed) => new(405, Request, "method_not_allowed", "invalid_request", $"Use {allowed}.");

    /// <summary>Unknown and not allowed look alike, so that a key cannot be used to list other teams' features.</summary>
    public static ErrorAnswer NoSuchFeature(string name) => new(404, Request, "model_not_found", "model_not_found",
        $"There is no feature '{Shown(name)}' that this key may use. GET /v1/models lists them.", "model");

    public static readonly ErrorAnswer Bug = new(500, Server, "internal_error", "unknown", "The edge failed on this request; its log says why.");

    public static ErrorAnswer Of(Failure failure)
    {
        var kind = failure.Kind.Name();
        return failure.Kind switch
        {
            FailureKind.InvalidRequest => Make(400, Request, failure.RawCode ?? "invalid_request"),
            FailureKind.ContextTooLong => Make(400, Request, "context_length_exceeded"),
            FailureKind.ContentBlocked => Make(400, Request, "content_filter"),
            FailureKind.CapabilityUnsupported => Make(400, Request, "unsupported_capability"),
            FailureKind.RequestTooLarge => Make(413, Request, "request_too_large"),

            // Our quota, whichever way it ran out: the caller should slow down.
            FailureKind.RateLimited or FailureKind.ReservedExhausted or FailureKind.QuotaGateClosed
                => Make(429, "requests", "rate_limit_exceeded", failure.RetryAfter ?? DefaultWait),
            // With a wait there may be more later: calls under way may leave some, or the control plane give this edge some (which has its own code). Without one it is spent.
            FailureKind.BudgetExceeded => failure.RetryAfter is { } wait ? Make(429, "requests", failure.RawCode ?? "rate_limit_exceeded", wait) : Make(429, "insufficient_quota", "insufficient_quota"),

            // Nobody can answer just now: the same request may work a little later.
            FailureKind.CapacityExhausted or FailureKind.ModelNotReady or FailureKind.CircuitOpen or FailureKind.NoEligibleEndpoint
                => Make(503, Unavailable, kind, failure.RetryAfter ?? DefaultWait),
            FailureKind.UpstreamTimeout or FailureKind.DeadlineFirstToken or FailureKind.DeadlineTotal => Make(504, Server, kind),
            FailureKind.ClientCancelled => Make(499, Request, kind),

            // The provider's 401, 403 and 404 are about our credential and model name, never the caller's: passed on as they are, SDKs would
            // tell people to change a key that is right, and their sentences name accounts that are none of the caller's business.
            FailureKind.Unauthenticated or FailureKind.PermissionDenied or FailureKind.ModelNotFound or FailureKind.SpendLimit or FailureKind.CredentialExchangeFailed
                => Make(502, Server, kind) with { Message = OurFault },

            // Which host it was, and why it may not be connected to, is told to operators by the endpoint's test.
            FailureKind.Transport => Make(502, Server, kind) with { Message = NoConnection },
            _ => Make(502, Server, kind),
        };

        ErrorAnswer Make(int status, string type, string code, TimeSpan? wait = null) => new(status, type, code, kind, Sentence(failure), failure.Param, wait);
    }

    // Nobody but the caller reads this: what the provider said may quote the prompt that the caller wrote.
    private static string Sentence(Failure failure) => failure.Said is { } said ? $"{failure.Message} It said: {said.ForCaller()}" : failure.Message;

    /// <summary>The headers that every API's errors carry.</summary>
    public void SetHeaders(IHeaderDictionary headers)
    {
        headers[RouteHeaders.Failure] = Kind;
        if (Status == 401) headers.WWWAuthenticate = "Bearer";
        if (RetryAfter is not { } wait) return;

        // Whole seconds for everybody, milliseconds for the SDKs that read them; both bounded, whatever a provider asked for.
        var ms = Math.Clamp(wait.TotalMilliseconds, 1, 3_600_000);
        headers.RetryAfter = Math.Ceiling(ms / 1000).ToString(CultureInfo.InvariantCulture);
        headers["retry-after-ms"] = Math.Ceiling(ms).ToString(CultureInfo.InvariantCulture);
    }

    internal static string Shown(string value) => value.Length <= 80 ? value : value[..80] + "…";
}
