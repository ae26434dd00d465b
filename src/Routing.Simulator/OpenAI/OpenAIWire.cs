using System.Globalization;
using System.Text.Json.Nodes;
using Routing.Simulator.Calls;
using Routing.Simulator.Faults;

namespace Routing.Simulator.OpenAI;

/// <summary>OpenAI's own headers and errors.</summary>
internal sealed class OpenAIWire : IWire
{
    private const int TokensPerMinute = 2_000_000;

    public string Name => "openai";

    public void AddHeaders(IHeaderDictionary headers, SimulatedCall call)
    {
        headers["x-request-id"] = "req_" + call.RequestId[^20..];
        headers["openai-version"] = "2020-10-01";
        headers["openai-processing-ms"] = "1";
        headers["x-ratelimit-limit-requests"] = "10000";
        headers["x-ratelimit-remaining-requests"] = "9999";
        headers["x-ratelimit-reset-requests"] = "6ms";
        headers["x-ratelimit-limit-tokens"] = TokensPerMinute.ToString(CultureInfo.InvariantCulture);
        headers["x-ratelimit-remaining-tokens"] = Math.Max(0, TokensPerMinute - call.Ask.InputTokens).ToString(CultureInfo.InvariantCulture);
        headers["x-ratelimit-reset-tokens"] = "2ms";
    }

    public ErrorReply? Refuse(FaultRule fault, SimulatedCall call) => fault.Kind switch
    {
        FaultKind.RateLimited => RateLimited(fault, call),
        FaultKind.RampTooFast => Of(429, "rate_limit_error", "slow_down", "Your request rate went up too fast. Please slow down and increase it gradually.").WithRetryAfter(fault, call.At, HintSpelling.Seconds),
        FaultKind.QuotaExceeded => RateLimited(fault, call),
        FaultKind.ReservedExhausted => Of(429, "requests", "rate_limit_exceeded", "Scale tier capacity of this model is used up. Please try again later."),
        FaultKind.SpendLimit => Of(429, "insufficient_quota", SpendCode(fault), "You exceeded your current quota, please check your plan and billing details."),
        FaultKind.Capacity or FaultKind.Overloaded => Of(503, "service_unavailable_error", "server_is_overloaded", "The server is currently overloaded with other requests. Sorry about that! You can retry your request."),
        FaultKind.Unavailable or FaultKind.ModelNotReady => Of(503, "service_unavailable_error", null, "The engine is currently unavailable, please try again later."),
        FaultKind.Internal or FaultKind.ModelError => Of(500, "server_error", null, "The server had an error while processing your request. Sorry about that!"),
        FaultKind.Unauthenticated => InvalidKey(),
        FaultKind.Forbidden => Of(403, "request_forbidden", "unsupported_country_region_territory", "Country, region, or territory not supported"),
        FaultKind.NotFound or FaultKind.WrongModelForm => Of(404, "invalid_request_error", "model_not_found", $"The model `{call.Model}` does not exist or you do not have access to it."),
        FaultKind.ContentFilter when fault.OnPrompt => Of(400, "invalid_request_error", "content_policy_violation", "Your request was rejected as a result of our safety system."),
        FaultKind.ContextTooLong => Of(400, "invalid_request_error", "context_length_exceeded", $"This model's maximum context length is shorter than your messages, which resulted in {call.Ask.InputTokens} tokens. Please reduce the length of the messages.", "messages"),
        FaultKind.InvalidRequest => Of(400, "invalid_request_error", "invalid_value", "Invalid value in the request.", "messages"),
        FaultKind.RequestTooLarge => Of(413, "invalid_request_error", "request_too_large", "The request is too large."),
        FaultKind.UpstreamTimeout => Of(504, "server_error", null, "The request timed out before the model answered."),
        FaultKind.Conflict => Of(409, "conflict_error", null, "The request conflicts with another one. Please try again."),
        FaultKind.UnknownError => Of(fault.Status, fault.Word, fault.Word, "Something this client has never heard of."),
        _ => null,
    };

    public static ErrorReply InvalidKey() => Of(401, "invalid_request_error", "invalid_api_key", "Incorrect API key provided.");

    public static ErrorReply Of(int status, string type, string? code, string message, string? param = null) => new(status, new JsonObject
    {
        ["error"] = new JsonObject { ["message"] = message, ["type"] = type, ["param"] = param, ["code"] = code },
    });

    /// <summary>Whose money is gone: the credits, or a limit of the project or the organization.</summary>
    private static string SpendCode(FaultRule fault) =>
        fault.Word is "credit_balance_exhausted" or "organization_spend_limit_exceeded" or "organization_usage_limit_exceeded" ? fault.Word : "project_spend_limit_exceeded";

    public static string ServiceTier(SimulatedCall call) => call.TrafficType switch { "ON_DEMAND_PRIORITY" => "priority", "ON_DEMAND_FLEX" => "flex", _ => "default" };

    /// <summary>Traffic type a request's <c>service_tier</c> asks for; null = as the model is configured.</summary>
    public static string? AskedTraffic(string? tier) => tier switch { "priority" => "ON_DEMAND_PRIORITY", "flex" => "ON_DEMAND_FLEX", "default" => "ON_DEMAND", _ => null };

    private static ErrorReply RateLimited(FaultRule fault, SimulatedCall call)
    {
        var reply = Of(429, "tokens", "rate_limit_exceeded", $"Rate limit reached for {call.Model} on tokens per min (TPM): Limit {TokensPerMinute}. Please try again later.");
        var reset = RetryAfter.GoDuration(fault.RetryAfterMs ?? 6000);
        return (reply with { Headers = [("x-ratelimit-remaining-tokens", "0"), ("x-ratelimit-reset-tokens", reset)] }).WithRetryAfter(fault, call.At, HintSpelling.Seconds);
    }
}
