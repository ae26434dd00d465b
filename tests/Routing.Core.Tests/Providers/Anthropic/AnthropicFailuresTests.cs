using System.Text;
using Routing.Core.Llm;
using Routing.Core.Providers;

namespace Routing.Core.Tests.Providers.Anthropic;

public sealed class AnthropicFailuresTests
{
    [Theory]
    [InlineData(400, "invalid_request_error", "messages: at least one message is required", FailureKind.InvalidRequest)]
    [InlineData(422, "invalid_request_error", "x", FailureKind.InvalidRequest)]
    [InlineData(400, "invalid_request_error", "prompt is too long: 210000 tokens > 200000 maximum", FailureKind.ContextTooLong)]
    [InlineData(400, "invalid_request_error", "input length and `max_tokens` exceed context limit: 190000 + 20000 > 200000", FailureKind.ContextTooLong)]
    [InlineData(400, "invalid_request_error", "Your credit balance is too low to access the Anthropic API.", FailureKind.SpendLimit)]
    [InlineData(400, "invalid_request_error", "You have reached your specified API usage limits.", FailureKind.SpendLimit)]
    [InlineData(401, "authentication_error", "invalid x-api-key", FailureKind.Unauthenticated)]
    [InlineData(402, "billing_error", "x", FailureKind.SpendLimit)]
    [InlineData(403, "permission_error", "x", FailureKind.PermissionDenied)]
    [InlineData(404, "not_found_error", "model: claude-9", FailureKind.ModelNotFound)]
    [InlineData(409, "conflict_error", "x", FailureKind.Conflict)]
    [InlineData(413, "request_too_large", "x", FailureKind.RequestTooLarge)]
    [InlineData(429, "rate_limit_error", "This request would exceed your organization's rate limit", FailureKind.RateLimited)]
    [InlineData(500, "api_error", "x", FailureKind.UpstreamInternal)]
    [InlineData(504, "timeout_error", "x", FailureKind.UpstreamTimeout)]
    [InlineData(529, "overloaded_error", "Overloaded", FailureKind.CapacityExhausted)]
    [InlineData(400, "brand_new_error", "x", FailureKind.InvalidRequest)]
    [InlineData(429, "brand_new_error", "x", FailureKind.Unknown)]
    [InlineData(503, "brand_new_error", "x", FailureKind.CapacityExhausted)]
    public void Read_RowOfTheTaxonomy_HasItsKind(int status, string type, string message, FailureKind kind)
    {
        var body = $$$"""{"type":"error","error":{"type":"{{{type}}}","message":"{{{message}}}"},"request_id":"req_1"}""";
        var failure = Read(ProviderKind.Anthropic, ModelFamily.Chat, status, body);
        Assert.Equal((kind, type, status), (failure.Kind, failure.RawCode, failure.HttpStatus));
        Assert.DoesNotContain(message.Length > 1 ? message : "\u0001", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_SpendLimitInRateLimitsClothes_IsNotWaitedFor() => Assert.Equal(FailureKind.SpendLimit, Read(ProviderKind.Anthropic, ModelFamily.Chat, 429,
        """{"type":"error","error":{"type":"rate_limit_error","message":"x","details":{"error_code":"enforced_spend_limit_reached"}}}""").Kind);

    [Fact]
    public void Read_RetryAfter_IsTheHint() => Assert.Equal(TimeSpan.FromSeconds(7), Read(ProviderKind.Anthropic, ModelFamily.Chat, 429,
        """{"type":"error","error":{"type":"rate_limit_error","message":"x"}}""", ("retry-after", "7")).RetryAfter);

    [Theory]
    [InlineData(502, "<html>bad gateway</html>", FailureKind.UpstreamInternal)]
    [InlineData(529, "", FailureKind.CapacityExhausted)]
    public void Read_NoBodyOfItsShape_GoesByTheStatus(int status, string body, FailureKind kind) =>
        Assert.Equal(kind, Read(ProviderKind.Anthropic, ModelFamily.Chat, status, body).Kind);

    [Fact]
    public void Read_GooglesDoorBeforeClaude_SpeaksGoogles()
    {
        var failure = Read(ProviderKind.Vertex, ModelFamily.Claude, 429,
            """{"error":{"code":429,"message":"Quota exceeded for aiplatform.googleapis.com/online_prediction_requests_per_base_model.","status":"RESOURCE_EXHAUSTED"}}""");
        Assert.Equal((FailureKind.RateLimited, "RESOURCE_EXHAUSTED"), (failure.Kind, failure.RawCode));
        Assert.Equal(FailureKind.CapacityExhausted, Read(ProviderKind.Vertex, ModelFamily.Claude, 529,
            """{"type":"error","error":{"type":"overloaded_error","message":"Overloaded"}}""").Kind);
    }

    private static Failure Read(ProviderKind kind, ModelFamily family, int status, string body, params (string, string)[] headers) =>
        ProviderAdapters.Of(kind, family).ReadFailure(status, new ListedHeaders(headers), Encoding.UTF8.GetBytes(body));
}
