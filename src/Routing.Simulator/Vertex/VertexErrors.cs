using System.Text.Json.Nodes;
using Routing.Simulator.Calls;
using Routing.Simulator.Faults;

namespace Routing.Simulator.Vertex;

/// <summary>Google's error object, with the details that tell like from like.</summary>
internal static class VertexErrors
{
    public static ErrorReply Of(int code, string status, string message, params ReadOnlySpan<JsonNode> details)
    {
        var error = new JsonObject { ["code"] = code, ["message"] = message, ["status"] = status };
        if (details.Length > 0) error["details"] = new JsonArray([.. details]);
        return new ErrorReply(code, new JsonObject { ["error"] = error });
    }

    /// <summary>A stream that would have been one JSON array is refused in one: a list with the error in it.</summary>
    public static ErrorReply For(SimulatedCall call, ErrorReply reply) =>
        call.Streamed && call.AsJsonArray ? reply with { Body = new JsonArray(reply.Body) } : reply;

    public static ErrorReply Unauthenticated(string reason) => Of(401, "UNAUTHENTICATED",
        "Request had invalid authentication credentials. Expected OAuth 2 access token, login cookie or other valid authentication credential.",
        Reason(reason));

    public static ErrorReply? Of(FaultRule fault, SimulatedCall call) => fault.Kind switch
    {
        FaultKind.RateLimited => RateLimited(fault, call),
        FaultKind.RampTooFast => RateLimited(fault, call),
        FaultKind.QuotaExceeded => Of(429, "RESOURCE_EXHAUSTED", "Quota exceeded for the project.", Reason("RESOURCE_QUOTA_EXCEEDED"), QuotaFailure(call)).WithRetryAfter(fault, call.At),
        FaultKind.ReservedExhausted => Of(429, "RESOURCE_EXHAUSTED", "Too many requests. Exceeded the Provisioned Throughput."),
        FaultKind.Capacity => Of(429, "RESOURCE_EXHAUSTED", "Resource exhausted, please try again later."),
        FaultKind.SpendLimit => Of(403, "PERMISSION_DENIED", "This API method requires billing to be enabled. Please enable billing on the project and retry.", Reason("BILLING_DISABLED")),
        FaultKind.Unavailable or FaultKind.Overloaded or FaultKind.ModelNotReady => Of(503, "UNAVAILABLE", "The service is currently unavailable."),
        FaultKind.Internal or FaultKind.ModelError => Of(500, "INTERNAL", "Internal error encountered."),
        FaultKind.Unauthenticated => Unauthenticated("ACCESS_TOKEN_EXPIRED"),
        FaultKind.Forbidden => Of(403, "PERMISSION_DENIED",
            "Permission 'aiplatform.endpoints.predict' denied on resource (or it may not exist).", Reason("IAM_PERMISSION_DENIED")),
        FaultKind.NotFound or FaultKind.WrongModelForm => Of(404, "NOT_FOUND",
            $"Publisher Model `publishers/google/models/{call.Model}` was not found or your project does not have access to it."),
        FaultKind.ContextTooLong => Of(400, "INVALID_ARGUMENT", $"The input token count ({call.Ask.InputTokens}) exceeds the maximum number of tokens allowed (1048576)."),
        FaultKind.InvalidRequest => Of(400, "INVALID_ARGUMENT", "Request contains an invalid argument."),
        FaultKind.RequestTooLarge => Of(400, "INVALID_ARGUMENT", "Request payload size exceeds the limit: 25000000 bytes."),
        FaultKind.UpstreamTimeout => Of(504, "DEADLINE_EXCEEDED", "Deadline expired before operation could complete."),
        FaultKind.Conflict => Of(409, "ABORTED", "The operation was aborted."),
        FaultKind.UnknownError => Of(fault.Status, fault.Word.ToUpperInvariant(), "Something this client has never heard of."),
        _ => null,
    };

    private static ErrorReply RateLimited(FaultRule fault, SimulatedCall call)
    {
        const string Metric = "aiplatform.googleapis.com/generate_content_requests_per_minute_per_project_per_base_model";
        var message = $"Quota exceeded for {Metric} with base model: {call.Model}. Please submit a quota increase request.";
        if (fault.RetryAfterMs is not { } ms || fault.Hint is not (HintSpelling.Own or HintSpelling.RetryInfo))
            return Of(429, "RESOURCE_EXHAUSTED", message, Reason("RATE_LIMIT_EXCEEDED", Metric)).WithRetryAfter(fault, call.At);
        var retry = new JsonObject { ["@type"] = "type.googleapis.com/google.rpc.RetryInfo", ["retryDelay"] = FormattableString.Invariant($"{ms / 1000.0}s") };
        return Of(429, "RESOURCE_EXHAUSTED", message, Reason("RATE_LIMIT_EXCEEDED", Metric), retry);
    }

    private static JsonObject QuotaFailure(SimulatedCall call) => new()
    {
        ["@type"] = "type.googleapis.com/google.rpc.QuotaFailure",
        ["violations"] = new JsonArray(new JsonObject { ["subject"] = $"base_model:{call.Model}", ["description"] = "Quota of generate content requests is used up." }),
    };

    private static JsonObject Reason(string reason, string? metric = null)
    {
        var metadata = new JsonObject { ["service"] = "aiplatform.googleapis.com" };
        if (metric is not null) metadata["quota_metric"] = metric;
        return new JsonObject
        {
            ["@type"] = "type.googleapis.com/google.rpc.ErrorInfo", ["reason"] = reason, ["domain"] = "googleapis.com", ["metadata"] = metadata,
        };
    }
}
