using System.Globalization;
using System.Text.Json.Nodes;
using Routing.Simulator.Calls;
using Routing.Simulator.Faults;

namespace Routing.Simulator.OpenAI;

/// <summary>Azure OpenAI's headers, errors and filter results.</summary>
internal sealed class AzureWire : IWire
{
    private const int TokensPerMinute = 1_000_000;

    // Deployments named like their model answer with the dated version; any other name stands for itself.
    private static readonly Dictionary<string, string> Versions = new(StringComparer.Ordinal)
    {
        ["gpt-4.1"] = "gpt-4.1-2025-04-14", ["gpt-4.1-mini"] = "gpt-4.1-mini-2025-04-14", ["gpt-4.1-nano"] = "gpt-4.1-nano-2025-04-14",
        ["gpt-4o"] = "gpt-4o-2024-11-20", ["gpt-4o-mini"] = "gpt-4o-mini-2024-07-18",
    };

    public string Name => "azure";

    /// <summary>The model name in the answer: a dated version of what the deployment is named after, where there is one.</summary>
    public static string DatedModel(string deployment) => Versions.GetValueOrDefault(deployment, deployment);

    public void AddHeaders(IHeaderDictionary headers, SimulatedCall call)
    {
        var random = new Answers.StableRandom(Answers.StableRandom.Hash(0, call.RequestId));
        headers["apim-request-id"] = SimulatorIds.Uuid(ref random);
        headers["x-ms-region"] = call.Region;
        headers["x-ms-rai-invoked"] = "true";
        headers["x-ms-deployment-name"] = AsHeader((call.Spilled ? call.SpillTarget : null) ?? call.Model);
        if (call.Spilled)
        {
            headers["x-ms-spillover-from-deployment"] = AsHeader(call.Model);
            headers["x-ms-spillover-error"] = "429";
        }

        headers["x-ratelimit-limit-requests"] = "1000";
        headers["x-ratelimit-remaining-requests"] = "999";
        headers["x-ratelimit-limit-tokens"] = TokensPerMinute.ToString(CultureInfo.InvariantCulture);
        headers["x-ratelimit-remaining-tokens"] = Math.Max(0, TokensPerMinute - call.Ask.InputTokens - (call.Ask.MaxTokens ?? 0)).ToString(CultureInfo.InvariantCulture);
    }

    public ErrorReply? Refuse(FaultRule fault, SimulatedCall call) => fault.Kind switch
    {
        FaultKind.RateLimited => (Of(429, "429", "Rate limit is exceeded. Try again later.") with { Headers = [("x-ratelimit-remaining-tokens", "0")] })
            .WithRetryAfter(fault, call.At, HintSpelling.Seconds, HintSpelling.Milliseconds),
        FaultKind.RampTooFast or FaultKind.QuotaExceeded => Of(429, "429", "Requests to the ChatCompletions_Create Operation under Azure OpenAI API have been limited. Please retry later.")
            .WithRetryAfter(fault, call.At, HintSpelling.Seconds, HintSpelling.Milliseconds),
        FaultKind.ReservedExhausted => Of(429, "429", "Requests to the ChatCompletions_Create Operation have exceeded the provisioned throughput of this deployment (PTU utilization above 100%). Please retry later.")
            .WithRetryAfter(fault with { RetryAfterMs = fault.RetryAfterMs ?? 1200 }, call.At, HintSpelling.Seconds, HintSpelling.Milliseconds),
        FaultKind.Capacity => Of(429, "429", "The system is currently experiencing high demand and cannot process your request. Please try again later."),
        FaultKind.SpendLimit => Of(403, "403", "The subscription is disabled because its spending limit or credit is used up."),
        FaultKind.Unavailable or FaultKind.Overloaded or FaultKind.ModelNotReady => Of(503, "ServiceUnavailable", "The service is temporarily unable to process your request. Please try again later."),
        FaultKind.Internal => Of(500, "InternalServerError", "The server had an error while processing your request. Sorry about that!"),
        FaultKind.Unauthenticated => Unauthenticated(),
        FaultKind.Forbidden => Of(403, "403", "Access denied due to Virtual Network/Firewall rules."),
        FaultKind.NotFound or FaultKind.WrongModelForm => Of(404, "DeploymentNotFound", "The API deployment for this resource does not exist. If you created the deployment within the last 5 minutes, please wait a moment and try again."),
        FaultKind.ContentFilter when fault.OnPrompt => PromptFiltered(),
        FaultKind.ContextTooLong => Of(400, "context_length_exceeded", $"This model's maximum context length is shorter than your messages, which resulted in {call.Ask.InputTokens} tokens. Please reduce the length of the messages.", "messages", "invalid_request_error"),
        FaultKind.InvalidRequest => Of(400, "invalid_value", "Invalid value in the request.", "messages", "invalid_request_error"),
        FaultKind.RequestTooLarge => Of(413, "RequestEntityTooLarge", "The request is too large."),
        FaultKind.UpstreamTimeout => Of(408, "Timeout", "The operation was timeout."),
        FaultKind.ModelError => Of(424, "FailedDependency", "The model behind the deployment failed to process the request."),
        FaultKind.Conflict => Of(409, "Conflict", "The request conflicts with another operation on this resource."),
        FaultKind.UnknownError => Of(fault.Status, fault.Word, "Something this client has never heard of."),
        _ => null,
    };

    // Callers choose deployment names; a header takes ASCII only.
    private static string AsHeader(string name) => Uri.EscapeDataString(name);

    public static ErrorReply Unauthenticated() => Of(401, "401",
        "Access denied due to invalid subscription key or wrong API endpoint. Make sure to provide a valid key for an active subscription and use a correct regional API endpoint for your resource.");

    public static ErrorReply Of(int status, string code, string message, string? param = null, string? type = null)
    {
        var error = new JsonObject { ["code"] = code, ["message"] = message };
        if (param is not null) error["param"] = param;
        if (type is not null) error["type"] = type;
        return new ErrorReply(status, new JsonObject { ["error"] = error });
    }

    private static ErrorReply PromptFiltered() => new(400, new JsonObject
    {
        ["error"] = new JsonObject
        {
            ["message"] = "The response was filtered due to the prompt triggering Azure OpenAI's content management policy. Please modify your prompt and retry.",
            ["type"] = null, ["param"] = "prompt", ["code"] = "content_filter", ["status"] = 400,
            ["innererror"] = new JsonObject
            {
                ["code"] = "ResponsibleAIPolicyViolation",
                ["content_filter_result"] = new JsonObject { ["violence"] = new JsonObject { ["filtered"] = true, ["severity"] = "medium" } },
            },
        },
    });
}
