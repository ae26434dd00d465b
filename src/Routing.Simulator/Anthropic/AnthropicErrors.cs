using System.Globalization;
using System.Text.Json.Nodes;
using Routing.Simulator.Calls;
using Routing.Simulator.Faults;

namespace Routing.Simulator.Anthropic;

/// <summary>Anthropic's error object, which carries the id of the request.</summary>
internal static class AnthropicErrors
{
    public static ErrorReply Of(int status, string type, string message, SimulatedCall call, string? code = null)
    {
        var error = new JsonObject { ["type"] = type, ["message"] = message };
        if (code is not null) error["details"] = new JsonObject { ["error_code"] = code };
        return new(status, new JsonObject { ["type"] = "error", ["error"] = error, ["request_id"] = RequestId(call) });
    }

    /// <summary>The request's id beside the message's: the same letters behind another prefix, so that the log can be searched by either.</summary>
    public static string RequestId(SimulatedCall call) => "req_" + call.RequestId["msg_".Length..];

    public static ErrorReply? Of(FaultRule fault, SimulatedCall call) => fault.Kind switch
    {
        FaultKind.RateLimited or FaultKind.QuotaExceeded or FaultKind.ReservedExhausted => RateLimited(fault, call),
        FaultKind.RampTooFast => Of(429, "rate_limit_error", "This request would exceed your organization's acceleration limit. Please increase your usage more gradually.", call).WithRetryAfter(fault, call.At, HintSpelling.Seconds),
        FaultKind.SpendLimit => SpendLimit(fault, call),
        FaultKind.Capacity or FaultKind.Overloaded or FaultKind.ModelNotReady => Retry(Of(529, "overloaded_error", "Overloaded", call), "true"),
        FaultKind.Unavailable => Of(503, "api_error", "Service unavailable", call),
        FaultKind.Internal or FaultKind.ModelError => Of(500, "api_error", "Internal server error", call),
        FaultKind.Unauthenticated => Unauthenticated(call),
        FaultKind.Forbidden => Of(403, "permission_error", "Your API key does not have permission to use the specified resource.", call),
        FaultKind.NotFound or FaultKind.WrongModelForm => Of(404, "not_found_error", $"model: {call.Model}", call),
        FaultKind.ContextTooLong => Of(400, "invalid_request_error", $"prompt is too long: {call.Ask.InputTokens} tokens > 200000 maximum", call),
        FaultKind.InvalidRequest => Of(400, "invalid_request_error", "messages: Input should be a valid list", call),
        FaultKind.RequestTooLarge => Of(413, "request_too_large", "Request exceeds the maximum size", call),
        FaultKind.UpstreamTimeout => Of(504, "timeout_error", "Request timed out", call),
        FaultKind.Conflict => Of(409, "conflict_error", "The request conflicts with another one", call),
        FaultKind.UnknownError => Of(fault.Status, fault.Word, "Something this client has never heard of.", call),
        _ => null,
    };

    public static ErrorReply Unauthenticated(SimulatedCall call) => Of(401, "authentication_error", "invalid x-api-key", call);

    private static ErrorReply RateLimited(FaultRule fault, SimulatedCall call)
    {
        var reply = Of(429, "rate_limit_error", "This request would exceed your organization's rate limit of 2,000,000 input tokens per minute.", call);
        var reset = RetryAfter.WholeSecond(call.At, fault.RetryAfterMs ?? 6000).ToString(AnthropicWire.TimeForm, CultureInfo.InvariantCulture);
        reply = reply with { Headers = [("anthropic-ratelimit-input-tokens-remaining", "0"), ("anthropic-ratelimit-input-tokens-reset", reset)] };
        return reply.WithRetryAfter(fault, call.At, HintSpelling.Seconds);
    }

    /// <summary>Three ways of having no money left: prepaid credit, a limit Anthropic enforces, a cap the customer set.</summary>
    private static ErrorReply SpendLimit(FaultRule fault, SimulatedCall call) => Retry(fault.Word switch
    {
        "enforced_spend_limit_reached" => Of(429, "rate_limit_error", "You have reached your spend limit for this month.", call, fault.Word),
        "own_limit" => Of(400, "invalid_request_error", "You have reached your specified API usage limits. You will regain access at the start of next month.", call),
        _ => Of(402, "billing_error", "Your credit balance is too low to access the Anthropic API. Please go to Plans & Billing to upgrade or purchase credits.", call),
    }, "false");

    private static ErrorReply Retry(ErrorReply reply, string whether) => reply with { Headers = [.. reply.Headers, ("x-should-retry", whether)] };
}
