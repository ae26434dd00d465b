using System.Text;
using Routing.Core.Llm;
using Routing.Core.Providers;
using Routing.Core.Snapshots;

namespace Routing.Core.Tests.Providers.OpenAI;

public sealed class OpenAIFailureTests
{
    [Theory]
    [InlineData(400, "invalid_request_error", "invalid_value", "x", FailureKind.InvalidRequest)]
    [InlineData(422, "invalid_request_error", "", "x", FailureKind.InvalidRequest)]
    [InlineData(400, "invalid_request_error", "context_length_exceeded", "x", FailureKind.ContextTooLong)]
    [InlineData(400, "BadRequestError", "400", "This model's maximum context length is 8192 tokens.", FailureKind.ContextTooLong)]
    [InlineData(413, "", "", "x", FailureKind.RequestTooLarge)]
    [InlineData(400, "invalid_request_error", "content_policy_violation", "x", FailureKind.ContentBlocked)]
    [InlineData(400, "invalid_request_error", "invalid_prompt", "x", FailureKind.ContentBlocked)]
    [InlineData(401, "invalid_request_error", "invalid_api_key", "x", FailureKind.Unauthenticated)]
    [InlineData(403, "request_forbidden", "unsupported_country_region_territory", "x", FailureKind.PermissionDenied)]
    [InlineData(404, "invalid_request_error", "model_not_found", "x", FailureKind.ModelNotFound)]
    [InlineData(429, "tokens", "rate_limit_exceeded", "x", FailureKind.RateLimited)]
    [InlineData(429, "requests", "slow_down", "x", FailureKind.RateLimited)]
    [InlineData(429, "insufficient_quota", "credit_balance_exhausted", "x", FailureKind.SpendLimit)]
    [InlineData(429, "insufficient_quota", "a_new_limit", "x", FailureKind.SpendLimit)]
    [InlineData(402, "", "", "x", FailureKind.SpendLimit)]
    [InlineData(503, "service_unavailable_error", "server_is_overloaded", "x", FailureKind.CapacityExhausted)]
    [InlineData(529, "overloaded_error", "", "x", FailureKind.CapacityExhausted)]
    [InlineData(500, "server_error", "", "x", FailureKind.UpstreamInternal)]
    [InlineData(504, "server_error", "", "x", FailureKind.UpstreamTimeout)]
    [InlineData(408, "", "", "x", FailureKind.UpstreamTimeout)]
    [InlineData(409, "conflict_error", "", "x", FailureKind.Conflict)]
    [InlineData(424, "", "", "x", FailureKind.ModelError)]
    [InlineData(418, "novel", "novel_code", "x", FailureKind.Unknown)]
    [InlineData(302, "", "", "x", FailureKind.Unknown)]
    public void ReadFailure_OpenAIsRow_IsClassified(int status, string type, string code, string message, FailureKind kind) =>
        Check(ProviderKind.OpenAICompatible, status, type, code, message, kind);

    [Theory]
    [InlineData(400, "content_filter", "The response was filtered", FailureKind.ContentBlocked)]
    [InlineData(400, "context_length_exceeded", "x", FailureKind.ContextTooLong)]
    [InlineData(401, "401", "Access denied due to invalid subscription key", FailureKind.Unauthenticated)]
    [InlineData(403, "403", "Access denied due to Virtual Network/Firewall rules.", FailureKind.PermissionDenied)]
    [InlineData(403, "403", "The subscription is disabled because its spending limit is used up.", FailureKind.SpendLimit)]
    [InlineData(404, "DeploymentNotFound", "x", FailureKind.ModelNotFound)]
    [InlineData(429, "429", "Rate limit is exceeded. Try again in 7 seconds.", FailureKind.RateLimited)]
    [InlineData(429, "429", "Requests to the ChatCompletions_Create Operation have been limited", FailureKind.RateLimited)]
    [InlineData(429, "429", "The system is currently experiencing high demand and cannot process your request.", FailureKind.CapacityExhausted)]
    [InlineData(429, "429", "System is experiencing high demand", FailureKind.CapacityExhausted)]
    [InlineData(429, "429", "We are temporarily unable to process your request", FailureKind.CapacityExhausted)]
    [InlineData(429, "429", "Your requests have exceeded the provisioned throughput of this deployment", FailureKind.ReservedExhausted)]
    [InlineData(429, "429", "The system is currently experiencing high demand. For improved reliability, consider switching to Provisioned Throughput.", FailureKind.CapacityExhausted)]
    [InlineData(429, "429", "You have exceeded the token rate limit. For higher limits, consider switching to Provisioned Throughput.", FailureKind.RateLimited)]
    [InlineData(429, "429", "A new sentence", FailureKind.RateLimited)]
    [InlineData(400, "ResponsibleAIPolicyViolation", "x", FailureKind.ContentBlocked)]
    [InlineData(409, "Conflict", "x", FailureKind.Conflict)]
    [InlineData(413, "RequestEntityTooLarge", "x", FailureKind.RequestTooLarge)]
    [InlineData(424, "FailedDependency", "x", FailureKind.ModelError)]
    [InlineData(504, "GatewayTimeout", "x", FailureKind.UpstreamTimeout)]
    [InlineData(418, "BrandNewCode", "x", FailureKind.Unknown)]
    [InlineData(503, "ServiceUnavailable", "x", FailureKind.CapacityExhausted)]
    [InlineData(500, "InternalServerError", "x", FailureKind.UpstreamInternal)]
    [InlineData(408, "Timeout", "x", FailureKind.UpstreamTimeout)]
    public void ReadFailure_AzuresRow_IsClassified(int status, string code, string message, FailureKind kind) =>
        Check(ProviderKind.AzureOpenAI, status, "", code, message, kind);

    [Fact]
    public void ReadFailure_AzuresContentFilter_NamesTheFiltersThatBlocked()
    {
        var failure = ProviderAdapters.Of(ProviderKind.AzureOpenAI).ReadFailure(400, new ListedHeaders(),
            """{"error":{"message":"The response was filtered: PROMPT","type":null,"param":"prompt","code":"content_filter","status":400,"innererror":{"code":"ResponsibleAIPolicyViolation","content_filter_result":{"hate":{"filtered":true,"severity":"high"},"jailbreak":{"filtered":true,"detected":true},"violence":{"filtered":false,"severity":"safe"}}}}}"""u8);
        Assert.Equal((FailureKind.ContentBlocked, "content_filter", "Azure OpenAI answered 400 (content_filter: hate, jailbreak)."), (failure.Kind, failure.RawCode, failure.Message));
    }

    [Fact]
    public void ReadFailure_AzuresInnerCodeOnly_IsRead() => Assert.Equal(FailureKind.ContentBlocked, ProviderAdapters.Of(ProviderKind.AzureOpenAI)
        .ReadFailure(400, new ListedHeaders(), """{"error":{"message":"x","code":null,"innererror":{"code":"ResponsibleAIPolicyViolation"}}}"""u8).Kind);

    [Theory]
    [InlineData(CapacityClass.Reserved, false, "Rate limit is exceeded.", FailureKind.ReservedExhausted)]
    [InlineData(CapacityClass.Reserved, false, "System is experiencing high demand", FailureKind.CapacityExhausted)]
    [InlineData(CapacityClass.Reserved, true, "Rate limit is exceeded.", FailureKind.RateLimited)] // Of the standard deployment it was spilled to.
    [InlineData(CapacityClass.OnDemand, false, "Rate limit is exceeded.", FailureKind.RateLimited)]
    public void ReadFailure_OfAProvisionedDeployment_IsNotOurQuota(CapacityClass capacity, bool spilled, string message, FailureKind kind)
    {
        var headers = spilled ? new ListedHeaders(("x-ms-spillover-from-deployment", "ptu"), ("retry-after-ms", "700")) : new ListedHeaders(("retry-after-ms", "700"));
        var failure = ProviderAdapters.Of(ProviderKind.AzureOpenAI).ReadFailure(Calls.AnyModel with { CapacityClass = capacity }, 429, headers,
            Encoding.UTF8.GetBytes($$$"""{"error":{"code":"429","message":"{{{message}}}"}}"""));
        Assert.Equal((kind, TimeSpan.FromMilliseconds(700)), (failure.Kind, failure.RetryAfter));
    }

    [Theory]
    [InlineData(CallerApi.ChatCompletions)]
    [InlineData(CallerApi.Messages)]
    public void Read_SpilledAnswer_SaysSoAsItsCapacityClass(CallerApi api)
    {
        const string json = """{"id":"c","choices":[{"index":0,"message":{"content":"Hi"},"delta":{"content":"Hi"},"finish_reason":"stop"}],"service_tier":"default","usage":{"prompt_tokens":1,"completion_tokens":1}}""";
        foreach (var stream in (bool[])[true, false])
        {
            var reader = ProviderAdapters.Of(ProviderKind.AzureOpenAI).CreateReader(Calls.Own(stream, api), Calls.AnyModel, round: 0, stream);
            reader.ReadHeaders(new ListedHeaders(("x-ms-spillover-from-deployment", "ptu")));
            Assert.Equal("spillover", ReadAnswer.InPieces(reader, [Encoding.UTF8.GetBytes(stream ? $"data: {json}\n\n" : json)]).Usage!.Value.CapacityClass);
        }
    }

    [Theory]
    [InlineData("<html>busy</html>")]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("""{"error":null}""")]
    [InlineData("""{"error":{"message":7,"code":{"a":1},"type":null}}""")]
    public void ReadFailure_AnotherBody_GoesByStatus(string body)
    {
        var failure = ProviderAdapters.Of(ProviderKind.AzureOpenAI).ReadFailure(502, new ListedHeaders(), Encoding.UTF8.GetBytes(body));
        Assert.Equal((FailureKind.UpstreamInternal, "Azure OpenAI answered 502."), (failure.Kind, failure.Message));
    }

    [Fact]
    public void ReadFailure_CodeWithControlCharacters_IsNotRepeated()
    {
        var failure = ProviderAdapters.Of(ProviderKind.OpenAICompatible).ReadFailure(400, new ListedHeaders(), "{\"error\":{\"code\":\"a\\r\\nb\"}}"u8);
        Assert.DoesNotContain("\r", failure.Message + failure.RawCode, StringComparison.Ordinal);
    }

    private static void Check(ProviderKind provider, int status, string type, string code, string message, FailureKind kind)
    {
        var json = $$$"""{"error":{"message":"{{{message}}}","type":"{{{type}}}","param":"messages","code":"{{{code}}}"}}""";
        var failure = ProviderAdapters.Of(provider).ReadFailure(status, new ListedHeaders(), Encoding.UTF8.GetBytes(json));
        Assert.True(kind == failure.Kind, failure.ToString());
        Assert.Equal((status, code.Length > 0 ? code : type.Length > 0 ? type : null), (failure.HttpStatus, failure.RawCode));
        Assert.Equal(kind is FailureKind.InvalidRequest or FailureKind.ContextTooLong ? "messages" : null, failure.Param);
        if (message.Length > 1) Assert.DoesNotContain(message, failure.Message, StringComparison.Ordinal);
    }
}
