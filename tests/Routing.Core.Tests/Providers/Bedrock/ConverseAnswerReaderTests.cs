using Routing.Core.Llm;
using Routing.Core.Providers.Bedrock;

namespace Routing.Core.Tests.Providers.Bedrock;

public sealed class ConverseAnswerReaderTests
{
    [Fact]
    public void Read_WholeAnswer_GivesTextUsageAndStop()
    {
        var answer = Read("""
            {"metrics":{"latencyMs":551},"output":{"message":{"content":[{"reasoningContent":{"reasoningText":{"text":"hm","signature":"s"}}},
             {"text":"Grüße, \"Welt\"\n"},{"toolUse":{"name":"text","input":{"text":"no"},"toolUseId":"t"}},{"text":"2"}],"role":"assistant"}},
             "stopReason":"end_turn","usage":{"inputTokens":11,"outputTokens":3,"totalTokens":14,"cacheReadInputTokens":4,"cacheWriteInputTokens":2}}
            """);
        Assert.Null(answer.Failure);
        Assert.Equal("Grüße, \"Welt\"\n2", answer.Text);
        Assert.Equal(StopReason.End, answer.Stop);
        Assert.Equal(new TokenUsage { InputTotal = 17, CacheRead = 4, CacheWrite = 2, OutputTotal = 3, Source = UsageSource.Reported }, answer.Usage);
    }

    [Fact]
    public void Read_WithoutUsage_IsStillAnAnswer() =>
        Assert.Null(Read("""{"output":{"message":{"content":[{"text":"x"}],"role":"assistant"}},"stopReason":"guardrail_intervened"}""").Usage);

    [Theory]
    [InlineData("<html>proxy</html>", FailureKind.Unknown)]
    [InlineData("", FailureKind.Unknown)]
    [InlineData("[]", FailureKind.Unknown)]
    [InlineData("""{"output":{"message":{"content":[{"text":"cut"}""", FailureKind.Unknown)]
    [InlineData("{}", FailureKind.StreamInterrupted)]
    [InlineData("""{"output":7,"usage":[],"stopReason":{}}""", FailureKind.StreamInterrupted)]
    [InlineData("""{"output":{"message":{"content":[{"text":7}]}}}""", FailureKind.StreamInterrupted)]
    public void Read_SomethingElseWith200_IsAFailure(string body, FailureKind kind)
    {
        var answer = Read(body);
        Assert.Equal((kind, 200), (answer.Failure!.Kind, answer.Failure.HttpStatus));
        Assert.Equal("", answer.Text);
    }

    private static ReadAnswer Read(string body) => ReadAnswer.SplitEverywhere(() => new ConverseAnswerReader(Calls.Streamed()), body);
}
