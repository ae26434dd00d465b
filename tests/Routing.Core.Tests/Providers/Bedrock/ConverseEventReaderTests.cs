using Routing.Core.Llm;
using Routing.Core.Providers.Bedrock;
using static Routing.Core.Tests.Providers.EventStreamBytes;

namespace Routing.Core.Tests.Providers.Bedrock;

public sealed class ConverseEventReaderTests
{
    private static readonly byte[] Start = Event("messageStart", """{"role":"assistant","p":"abcdefgh"}""");
    private static readonly byte[] Hello = Event("contentBlockDelta", """{"contentBlockIndex":0,"delta":{"text":"Hello"},"p":"abc"}""");
    private static readonly byte[] Escaped = Event("contentBlockDelta", """{"contentBlockIndex":0,"delta":{"text":" \"wörld\"\n\ud83d\ude00"},"p":"ab"}""");
    private static readonly byte[] BlockStop = Event("contentBlockStop", """{"contentBlockIndex":0}""");
    private static readonly byte[] Stop = Event("messageStop", """{"stopReason":"end_turn"}""");
    private static readonly byte[] Metadata = Event("metadata", """{"metrics":{"latencyMs":812},"usage":{"inputTokens":20,"outputTokens":9,"totalTokens":129,"cacheReadInputTokens":70,"cacheWriteInputTokens":30,"cacheDetails":[{"inputTokens":30,"ttl":"5m"}]},"serviceTier":{"type":"priority"}}""");

    [Fact]
    public void Read_WholeStream_SplitAnywhere_GivesTextUsageAndStop()
    {
        var answer = Read(Start, Hello, Escaped, BlockStop, Stop, Metadata);
        Assert.Null(answer.Failure);
        Assert.Equal("Hello \"wörld\"\n😀", answer.Text);
        Assert.Equal((StopReason.End, "end_turn"), (answer.Stop, answer.RawStop));

        // Bedrock leaves cache reads and writes out of its input; ours has them in.
        Assert.Equal(new TokenUsage { InputTotal = 120, CacheRead = 70, CacheWrite = 30, OutputTotal = 9, Source = UsageSource.Reported, CapacityClass = "priority" }, answer.Usage);
    }

    [Fact]
    public void Read_WithoutStartEvent_IsStillAnAnswer() => Assert.Equal("Hello", Read(Hello, Stop).Text);

    [Fact]
    public void Read_WithoutMetadata_HasNoUsageAndNoFailure()
    {
        var answer = Read(Start, Hello, BlockStop, Stop);
        Assert.Null(answer.Failure);
        Assert.Null(answer.Usage);
    }

    [Theory]
    [InlineData("end_turn", StopReason.End)]
    [InlineData("stop_sequence", StopReason.StopSequence)]
    [InlineData("max_tokens", StopReason.Length)]
    [InlineData("tool_use", StopReason.ToolCall)]
    [InlineData("guardrail_intervened", StopReason.SafetyFiltered)]
    [InlineData("content_filtered", StopReason.SafetyFiltered)]
    [InlineData("model_context_window_exceeded", StopReason.ContextExhausted)]
    [InlineData("malformed_model_output", StopReason.MalformedOutput)]
    [InlineData("malformed_tool_use", StopReason.MalformedOutput)]
    [InlineData("a_new_reason", StopReason.Other)]
    public void Read_StopReason_KeepsTheProvidersWord(string raw, StopReason expected)
    {
        var answer = Read(Hello, Event("messageStop", $$"""{"stopReason":"{{raw}}"}"""));
        Assert.Equal((expected, raw), (answer.Stop, answer.RawStop));
    }

    [Fact]
    public void Read_ReasoningAndToolDeltas_AreNoAnswerText()
    {
        var answer = Read(
            Event("contentBlockDelta", """{"contentBlockIndex":0,"delta":{"reasoningContent":{"text":"let me think"}}}"""),
            Event("contentBlockStart", """{"contentBlockIndex":1,"start":{"toolUse":{"toolUseId":"t","name":"text"}}}"""),
            Event("contentBlockDelta", """{"contentBlockIndex":1,"delta":{"toolUse":{"input":"{\"text\":\"x\"}"}}}"""),
            Event("contentBlockDelta", """{"delta":{"text":""},"contentBlockIndex":2}"""),
            Hello, Stop);
        Assert.Equal("Hello", answer.Text);
    }

    [Fact]
    public void Read_UnknownEventsAndFields_AreSkipped() => Assert.Equal("Hello", Read(
        Event("novelEvent", """{"text":"no"}"""),
        Event("contentBlockDelta", """{"novel":{"text":"no"},"delta":{"text":"Hello","novel":[1,{"text":"no"}]}}"""), Stop).Text);

    [Theory]
    [InlineData("throttlingException", FailureKind.RateLimited, "ThrottlingException")]
    [InlineData("serviceUnavailableException", FailureKind.CapacityExhausted, "ServiceUnavailableException")]
    [InlineData("internalServerException", FailureKind.UpstreamInternal, "InternalServerException")]
    [InlineData("modelStreamErrorException", FailureKind.StreamInterrupted, "ModelStreamErrorException")]
    [InlineData("modelTimeoutException", FailureKind.UpstreamTimeout, "ModelTimeoutException")]
    [InlineData("validationException", FailureKind.InvalidRequest, "ValidationException")]
    [InlineData("novelException", FailureKind.Unknown, "NovelException")]
    public void Read_ExceptionAfter200_IsClassified(string type, FailureKind kind, string raw)
    {
        var answer = Read(Start, Exception(type, """{"message":"the prompt was: secret"}"""));
        Assert.Equal((kind, raw, 200), (answer.Failure!.Kind, answer.Failure.RawCode, answer.Failure.HttpStatus));
        Assert.DoesNotContain("secret", answer.Failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_ErrorMessage_IsAFailureToo()
    {
        var answer = Read(Hello, Message([(":message-type", "error"), (":error-code", "InternalError"), (":error-message", "x")], ""));
        Assert.Equal(("Hello", FailureKind.Unknown, "InternalError"), (answer.Text, answer.Failure!.Kind, answer.Failure.RawCode));
    }

    [Fact]
    public void Read_CutBeforeContent_IsInterrupted()
    {
        var answer = Read(Start);
        Assert.Equal((FailureKind.StreamInterrupted, ""), (answer.Failure!.Kind, answer.Text));
    }

    [Fact]
    public void Read_CutAfterContent_KeepsTheTextAndIsInterrupted()
    {
        var answer = Read(Start, Hello);
        Assert.Equal((FailureKind.StreamInterrupted, "Hello"), (answer.Failure!.Kind, answer.Text));
    }

    [Fact]
    public void Read_CutInsideAFrameAfterTheStop_IsInterrupted() => Assert.Equal(FailureKind.StreamInterrupted, Read(Hello, Stop, Metadata[..20]).Failure!.Kind);

    [Fact]
    public void Read_NothingAtAll_IsInterrupted() => Assert.Equal(FailureKind.StreamInterrupted, ReadAnswer.InPieces(new ConverseEventReader(Calls.Streamed(), Calls.AnyModel), []).Failure!.Kind);

    [Fact]
    public void Read_DamagedFrame_StopsThere()
    {
        var damaged = (byte[])Hello.Clone();
        damaged[^6] ^= 1;
        var answer = Read(Start, Hello, damaged, Hello, Stop);
        Assert.Equal((FailureKind.StreamInterrupted, "Hello"), (answer.Failure!.Kind, answer.Text));
    }

    [Theory]
    [InlineData("<html><body>Please log in to the hotel's network</body></html>")]
    [InlineData("{}")]
    [InlineData("""{"message":"not an event stream"}""")]
    public void Read_SomethingElseWith200_SaysSo(string body)
    {
        var answer = ReadAnswer.SplitEverywhere(() => new ConverseEventReader(Calls.Streamed(), Calls.AnyModel), body);
        Assert.Equal(FailureKind.StreamInterrupted, answer.Failure!.Kind);
        Assert.Contains("not an event stream", answer.Failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("contentBlockDelta", "not json")]
    [InlineData("contentBlockDelta", "{\"delta\":{\"text\":\"x")]
    [InlineData("messageStop", "")]
    [InlineData("metadata", "{")]
    public void Read_PayloadThatIsNoJson_IsInterrupted(string type, string payload) =>
        Assert.Equal(FailureKind.StreamInterrupted, Read(Hello, Event(type, payload), Stop).Failure!.Kind);

    [Theory]
    [InlineData("contentBlockDelta", "[1]")]
    [InlineData("contentBlockDelta", """{"delta":null}""")]
    [InlineData("contentBlockDelta", """{"delta":{"text":7}}""")]
    [InlineData("messageStop", "[]")]
    [InlineData("messageStop", """{"stopReason":null}""")]
    [InlineData("metadata", """{"usage":7}""")]
    [InlineData("metadata", """{"usage":{"inputTokens":-5,"outputTokens":1e99,"cacheReadInputTokens":"many","cacheWriteInputTokens":{"a":1}}}""")]
    public void Read_PayloadOfAnotherShape_NeitherCrashesNorCounts(string type, string payload)
    {
        var answer = Read(Hello, Event(type, payload), Stop);
        Assert.Equal("Hello", answer.Text);
        Assert.Equal(0, answer.Usage?.Total ?? 0);
    }

    private static ReadAnswer Read(params byte[][] frames) => ReadAnswer.SplitEverywhere(() => new ConverseEventReader(Calls.Streamed(), Calls.AnyModel), frames.SelectMany(f => f).ToArray());
}
