using System.Text;
using Routing.Core.Llm;
using Routing.Core.Providers.Vertex;

namespace Routing.Core.Tests.Providers.Vertex;

public sealed class VertexFailuresTests
{
    [Theory]
    [InlineData(400, "INVALID_ARGUMENT", "", "Invalid value at 'contents'", FailureKind.InvalidRequest)]
    [InlineData(400, "FAILED_PRECONDITION", "", "x", FailureKind.InvalidRequest)]
    [InlineData(400, "OUT_OF_RANGE", "", "x", FailureKind.InvalidRequest)]
    [InlineData(501, "UNIMPLEMENTED", "", "x", FailureKind.InvalidRequest)]
    [InlineData(400, "INVALID_ARGUMENT", "", "The input token count (1200000) exceeds the maximum number of tokens allowed (1048576).", FailureKind.ContextTooLong)]
    [InlineData(400, "INVALID_ARGUMENT", "", "Request payload size exceeds the limit: 524288000 bytes.", FailureKind.RequestTooLarge)]
    [InlineData(413, "INVALID_ARGUMENT", "", "x", FailureKind.RequestTooLarge)]
    [InlineData(401, "UNAUTHENTICATED", "ACCESS_TOKEN_EXPIRED", "x", FailureKind.Unauthenticated)]
    [InlineData(401, "UNAUTHENTICATED", "CREDENTIALS_MISSING", "x", FailureKind.Unauthenticated)]
    [InlineData(403, "PERMISSION_DENIED", "IAM_PERMISSION_DENIED", "x", FailureKind.PermissionDenied)]
    [InlineData(403, "PERMISSION_DENIED", "SERVICE_DISABLED", "x", FailureKind.PermissionDenied)]
    [InlineData(403, "PERMISSION_DENIED", "LOCATION_POLICY_VIOLATED", "x", FailureKind.PermissionDenied)]
    [InlineData(403, "PERMISSION_DENIED", "BILLING_DISABLED", "x", FailureKind.SpendLimit)]
    [InlineData(404, "NOT_FOUND", "", "Publisher Model was not found", FailureKind.ModelNotFound)]
    [InlineData(429, "RESOURCE_EXHAUSTED", "RATE_LIMIT_EXCEEDED", "Quota exceeded for x, please try again later", FailureKind.RateLimited)]
    [InlineData(429, "RESOURCE_EXHAUSTED", "RESOURCE_QUOTA_EXCEEDED", "x", FailureKind.RateLimited)]
    [InlineData(429, "RESOURCE_EXHAUSTED", "", "Too many requests. Exceeded the Provisioned Throughput.", FailureKind.ReservedExhausted)]
    [InlineData(429, "RESOURCE_EXHAUSTED", "", "Resource exhausted, please try again later.", FailureKind.CapacityExhausted)]
    [InlineData(429, "RESOURCE_EXHAUSTED", "", "Resource exhausted. Please try again later. Please refer to the error code page for more details.", FailureKind.CapacityExhausted)]
    [InlineData(429, "RESOURCE_EXHAUSTED", "", "Something else", FailureKind.RateLimited)]
    [InlineData(503, "UNAVAILABLE", "", "x", FailureKind.CapacityExhausted)]
    [InlineData(504, "DEADLINE_EXCEEDED", "", "x", FailureKind.UpstreamTimeout)]
    [InlineData(500, "INTERNAL", "", "x", FailureKind.UpstreamInternal)]
    [InlineData(500, "UNKNOWN", "", "x", FailureKind.UpstreamInternal)]
    [InlineData(500, "DATA_LOSS", "", "x", FailureKind.UpstreamInternal)]
    [InlineData(409, "ABORTED", "", "x", FailureKind.Conflict)]
    [InlineData(409, "ALREADY_EXISTS", "", "x", FailureKind.Conflict)]
    [InlineData(499, "CANCELLED", "", "x", FailureKind.UpstreamInternal)]
    [InlineData(418, "A_NEW_STATUS", "", "x", FailureKind.Unknown)]
    public void Read_RowOfTheTaxonomy_IsClassified(int status, string word, string reason, string message, FailureKind kind)
    {
        var details = reason.Length == 0 ? "[]" : $$$"""[{"@type":"type.googleapis.com/google.rpc.ErrorInfo","reason":"{{{reason}}}","domain":"googleapis.com"}]""";
        var json = $$$"""{"error":{"code":{{{status}}},"message":"{{{message}}}","status":"{{{word}}}","details":{{{details}}}}}""";
        foreach (var body in new[] { json, $"[{json}]" })
        {
            var failure = VertexFailures.Read(status, new ListedHeaders(), Encoding.UTF8.GetBytes(body));
            Assert.Equal((kind, status, reason.Length > 0 ? reason : word), (failure.Kind, failure.HttpStatus, failure.RawCode));
            if (message.Length > 1) Assert.DoesNotContain(message, failure.Message, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("3.5s", 3500)]
    [InlineData("0.250s", 250)]
    [InlineData("61s", 61000)]
    public void Read_RetryInfo_IsTheHint(string delay, int milliseconds)
    {
        var body = $$$"""{"error":{"code":429,"status":"RESOURCE_EXHAUSTED","message":"","details":[{"@type":"type.googleapis.com/google.rpc.QuotaFailure","violations":[]},{"@type":"type.googleapis.com/google.rpc.RetryInfo","retryDelay":"{{{delay}}}"}]}}""";
        Assert.Equal(TimeSpan.FromMilliseconds(milliseconds), VertexFailures.Read(429, new ListedHeaders(), Encoding.UTF8.GetBytes(body)).RetryAfter);
        Assert.Equal(TimeSpan.FromSeconds(2), VertexFailures.Read(429, new ListedHeaders(("Retry-After", "2")), Encoding.UTF8.GetBytes(body)).RetryAfter);
    }

    [Theory]
    [InlineData("<html>busy</html>")]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("""{"error":"text"}""")]
    [InlineData("""{"error":{"details":[7,{"reason":7}],"status":null}}""")]
    public void Read_AnotherBody_GoesByStatus(string body) =>
        Assert.Equal(FailureKind.UpstreamInternal, VertexFailures.Read(502, new ListedHeaders(), Encoding.UTF8.GetBytes(body)).Kind);
}
