using System.Text;
using Routing.Core.Llm;
using Routing.Core.Providers.Vertex;

namespace Routing.Core.Tests.Providers.Vertex;

public sealed class GeminiOdditiesTests
{
    private const string Hello = """data: {"candidates":[{"content":{"parts":[{"text":"Hello"}]}}],"usageMetadata":{"trafficType":"ON_DEMAND"}}""" + "\n\n";

    [Fact]
    public void Read_ChunkThatNamesOnlyTheTrafficType_ReportsNoUsage() => Assert.Null(Stream(Hello).Usage);

    [Fact]
    public void Read_TrafficTypeOfAnEarlierChunk_IsKept() => Assert.Equal(
        new TokenUsage { InputTotal = 3, OutputTotal = 2, Source = UsageSource.Reported, CapacityClass = "ON_DEMAND" },
        Stream(Hello + """data: {"candidates":[{"finishReason":"STOP"}],"usageMetadata":{"promptTokenCount":3,"candidatesTokenCount":2}}""" + "\n\n").Usage);

    // Errors in mid-stream also come as plain JSON over several lines, without the field name of an event.
    [Theory]
    [InlineData("\n")]
    [InlineData("\n\n")]
    [InlineData("\r\n\r\n")]
    [InlineData("")]
    public void Read_PlainErrorAfterContent_IsClassified(string end)
    {
        var answer = Stream(Hello + "{\n  \"error\": {\n    \"code\": 503,\n    \"message\": \"canary\",\n    \"status\": \"UNAVAILABLE\"\n  }\n}" + end);
        Assert.Equal(("Hello", FailureKind.CapacityExhausted, "UNAVAILABLE"), (answer.Text, answer.Failure!.Kind, answer.Failure.RawCode));
        Assert.DoesNotContain("canary", answer.Failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Unable to submit request because the input token count is 1100000 but the model only supports up to 1048576. Reduce the input token count and try again.", FailureKind.ContextTooLong)]
    [InlineData("The input token count (1200000) exceeds the maximum number of tokens allowed (1048576).", FailureKind.ContextTooLong)]
    [InlineData("Unable to submit request because it has a maxOutputTokens value of 100000 but the supported range is from 1 (inclusive) to 65537 (exclusive).", FailureKind.InvalidRequest)]
    public void ReadFailure_InputTooLong_IsToldFromOtherLimits(string message, FailureKind expected) =>
        Assert.Equal(expected, Failed(400, $$$"""{"error":{"code":400,"message":"{{{message}}}","status":"INVALID_ARGUMENT"}}"""));

    [Theory]
    [InlineData("Quota exceeded for aiplatform.googleapis.com. Please try again later.", "", FailureKind.RateLimited)]
    [InlineData("Please try again later.", """{"@type":"type.googleapis.com/google.rpc.QuotaFailure","violations":[]}""", FailureKind.RateLimited)]
    [InlineData("Resource exhausted, please try again later. Consider Provisioned Throughput.", "", FailureKind.CapacityExhausted)]
    [InlineData("Too many requests. Exceeded the Provisioned Throughput.", "", FailureKind.ReservedExhausted)]
    public void ReadFailure_FourMeaningsOf429_AreToldApart(string message, string detail, FailureKind expected) =>
        Assert.Equal(expected, Failed(429, $$$"""{"error":{"code":429,"message":"{{{message}}}","status":"RESOURCE_EXHAUSTED","details":[{{{detail}}}]}}"""));

    private static FailureKind Failed(int status, string body) => VertexAdapter.Instance.ReadFailure(status, new ListedHeaders(), Encoding.UTF8.GetBytes(body)).Kind;

    private static ReadAnswer Stream(string text) => ReadAnswer.SplitEverywhere(() => new GeminiStreamReader(), text);
}
