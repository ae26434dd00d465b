using System.Text;
using Routing.Core.Llm;
using Routing.Core.Providers;
using Routing.Core.Providers.Bedrock;

namespace Routing.Core.Tests.Providers.Bedrock;

public sealed class BedrockFailuresTests
{
    [Theory]
    [InlineData(400, "ValidationException", "Malformed input request: #/messages: expected minimum item count: 1", FailureKind.InvalidRequest)]
    [InlineData(400, "ConflictException", "x", FailureKind.InvalidRequest)]
    [InlineData(400, "ValidationException", "The model returned the following errors: Input is too long for requested model.", FailureKind.ContextTooLong)]
    [InlineData(400, "ValidationException", "The model returned the following errors: prompt is too long: 213462 tokens > 200000 maximum", FailureKind.ContextTooLong)]
    [InlineData(413, "", "", FailureKind.RequestTooLarge)]
    [InlineData(403, "ExpiredTokenException", "The security token included in the request is expired", FailureKind.Unauthenticated)]
    [InlineData(403, "UnrecognizedClientException", "The security token included in the request is invalid.", FailureKind.Unauthenticated)]
    [InlineData(403, "InvalidSignatureException", "Signature expired: 20261124T120000Z is now earlier than …", FailureKind.Unauthenticated)]
    [InlineData(403, "MissingAuthenticationTokenException", "Missing Authentication Token", FailureKind.Unauthenticated)]
    [InlineData(400, "IncompleteSignature", "x", FailureKind.Unauthenticated)]
    [InlineData(403, "AccessDeniedException", "You don't have access to the model with the specified model ID.", FailureKind.PermissionDenied)]
    [InlineData(404, "FTUFormNotFilled", "x", FailureKind.PermissionDenied)]
    [InlineData(404, "ResourceNotFoundException", "Could not resolve the foundation model", FailureKind.ModelNotFound)]
    [InlineData(400, "ValidationException", "Invocation of model ID anthropic.claude-x with on-demand throughput isn’t supported. Retry with the ID or ARN of an inference profile", FailureKind.ModelNotFound)]
    [InlineData(400, "ValidationException", "The provided model identifier is invalid.", FailureKind.ModelNotFound)]
    [InlineData(429, "ThrottlingException", "Too many requests, please wait before trying again.", FailureKind.RateLimited)]
    [InlineData(400, "ServiceQuotaExceededException", "x", FailureKind.RateLimited)]
    [InlineData(429, "ThrottlingException", "Your request rate exceeds the provisioned throughput of the model units purchased.", FailureKind.ReservedExhausted)]
    [InlineData(503, "ServiceUnavailableException", "x", FailureKind.CapacityExhausted)]
    [InlineData(429, "ModelNotReadyException", "x", FailureKind.ModelNotReady)]
    [InlineData(408, "ModelTimeoutException", "x", FailureKind.UpstreamTimeout)]
    [InlineData(500, "InternalServerException", "x", FailureKind.UpstreamInternal)]
    [InlineData(424, "ModelErrorException", "x", FailureKind.ModelError)]
    [InlineData(400, "ValidationException", "Input Tokens Exceeded: Number of input tokens exceeds maximum length.", FailureKind.ContextTooLong)]
    [InlineData(400, "ValidationException", "This model's maximum context length is 8192 tokens. Please reduce the length of the prompt", FailureKind.ContextTooLong)]
    [InlineData(400, "ValidationException", "The toolConfig field must be defined when using toolUse and toolResult content blocks.", FailureKind.InvalidRequest)]
    [InlineData(413, "RequestEntityTooLargeException", "x", FailureKind.RequestTooLarge)]
    [InlineData(424, "ModelStreamErrorException", "x", FailureKind.StreamInterrupted)]
    [InlineData(400, "SomethingNewException", "x", FailureKind.Unknown)]
    [InlineData(429, "", "", FailureKind.RateLimited)]
    [InlineData(502, "", "", FailureKind.UpstreamInternal)]
    [InlineData(418, "", "", FailureKind.Unknown)]
    public void Read_RowOfTheTaxonomy_IsClassified(int status, string type, string message, FailureKind kind)
    {
        var headers = type.Length == 0 ? new ListedHeaders() : new ListedHeaders(("x-amzn-errortype", type));
        var failure = Read(status, headers, Encoding.UTF8.GetBytes($$"""{"message":"{{message}}"}"""));
        Assert.Equal((kind, status, type.Length == 0 ? null : type), (failure.Kind, failure.HttpStatus, failure.RawCode));
        if (message.Length > 1) Assert.DoesNotContain(message, failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("\"originalStatusCode\":500", FailureKind.ModelError, false)]
    [InlineData("\"originalStatusCode\":503", FailureKind.ModelError, false)]
    [InlineData("\"resourceName\":\"m\"", FailureKind.ModelError, false)]
    [InlineData("\"originalStatusCode\":\"x\"", FailureKind.ModelError, false)]
    [InlineData("\"originalStatusCode\":400", FailureKind.ModelError, true)]
    [InlineData("\"originalStatusCode\":404", FailureKind.ModelError, true)]
    [InlineData("\"originalStatusCode\":429", FailureKind.ModelError, true)]
    [InlineData("\"originalStatusCode\":413", FailureKind.RequestTooLarge, false)]
    public void Read_ModelError_CountsByTheModelsOwnStatus(string member, FailureKind kind, bool isOfRequest)
    {
        var failure = Read(424, new ListedHeaders(("x-amzn-errortype", "ModelErrorException")), Encoding.UTF8.GetBytes($$"""{"message":"x",{{member}}}"""));
        Assert.Equal((kind, isOfRequest, true), (failure.Kind, failure.IsOfRequest, failure.Rule.FailsOver));
    }

    [Theory]
    [InlineData("ThrottlingException:http://internal.amazon.com/coral/com.amazon.bedrock/")]
    [InlineData("com.amazon.bedrock#ThrottlingException")]
    [InlineData("com.amazon.bedrock#ThrottlingException:http://internal.amazon.com/coral/")]
    public void Read_TypeWithNamespaceAndSuffix_IsRecognised(string header)
    {
        var failure = Read(429, new ListedHeaders(("X-Amzn-ErrorType", header)), "{}"u8);
        Assert.Equal((FailureKind.RateLimited, "ThrottlingException"), (failure.Kind, failure.RawCode));
    }

    [Fact]
    public void Read_TypeInTheBodyOnly_IsRecognised() =>
        Assert.Equal(FailureKind.ModelNotFound, Read(404, new ListedHeaders(), """{"__type":"a.b#ResourceNotFoundException","Message":"x"}"""u8).Kind);

    [Fact]
    public void Read_ProxysPage_GoesByStatus() =>
        Assert.Equal(FailureKind.CapacityExhausted, Read(503, new ListedHeaders(), "<html>busy</html>"u8).Kind);

    [Fact]
    public void Read_RetryAfter_IsKept() =>
        Assert.Equal(TimeSpan.FromSeconds(7), Read(429, new ListedHeaders(("retry-after", "7")), "{}"u8).RetryAfter);

    [Theory]
    [InlineData("anthropic.claude-sonnet-4-5-20250929-v1:0", "ThrottlingException", FailureKind.RateLimited)]
    [InlineData("arn:aws:bedrock:us-east-1:123456789012:application-inference-profile/abc", "ThrottlingException", FailureKind.RateLimited)]
    [InlineData("arn:aws:bedrock:us-east-1:123456789012:provisioned-model/abcdefghijkl", "ThrottlingException", FailureKind.ReservedExhausted)]
    [InlineData("arn:aws:bedrock:us-east-1:123456789012:provisioned-model/abcdefghijkl", "ModelNotReadyException", FailureKind.ModelNotReady)]
    public void ReadFailure_429_IsToldApartByWhoAnswered(string name, string type, FailureKind kind)
    {
        var model = Calls.AnyModel with { Model = name };
        var failure = ProviderAdapters.Of(ProviderKind.Bedrock).ReadFailure(model, 429, new ListedHeaders(("x-amzn-errortype", type)), """{"message":"Too many requests, please wait before trying again."}"""u8);
        Assert.Equal((kind, type), (failure.Kind, failure.RawCode));
    }

    private static Failure Read(int status, IWireHeaders headers, ReadOnlySpan<byte> body) => BedrockFailures.Read(status, headers, body, Calls.AnyModel);
}
