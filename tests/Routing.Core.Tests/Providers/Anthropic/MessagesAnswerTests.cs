using Routing.Core.Llm;
using Routing.Core.Providers;

namespace Routing.Core.Tests.Providers.Anthropic;

public sealed class MessagesAnswerTests
{
    private const string Whole =
        """{"id":"msg_1","type":"message","role":"assistant","model":"m","content":[{"type":"thinking","thinking":"hm","signature":"c2ln"},{"type":"redacted_thinking","data":"ZA=="},{"type":"text","text":"Grü\u00dfe"},{"type":"tool_use","id":"toolu_1","name":"w","input":{"a": {"b":[1]}}},{"type":"tool_use","id":"toolu_2","name":"n","input":{}}],"stop_reason":"tool_use","stop_sequence":null,"usage":{"input_tokens":5,"cache_creation_input_tokens":null,"cache_read_input_tokens":2,"output_tokens":9,"service_tier":"priority"}}""";

    private static readonly IProviderAdapter Adapter = ProviderAdapters.Of(ProviderKind.Anthropic);

    [Fact]
    public void Read_ForAnotherApi_GivesEveryPart()
    {
        var answer = ReadAnswer.SplitEverywhere(() => Adapter.CreateReader(Calls.Of(Calls.Conversation), Calls.AnyModel, 0, stream: false), Whole);
        Assert.Equal("Grüße", answer.Text);
        Assert.Equal(
            """
            thinking:hm
            signature:c2ln
            redacted:ZA==
            call 0 toolu_1 w:{"a": {"b":[1]}}
            call 1 toolu_2 n:{}
            """, answer.Parts);
        Assert.Equal(new TokenUsage { InputTotal = 7, CacheRead = 2, OutputTotal = 9, Source = UsageSource.Reported, CapacityClass = "priority" }, answer.Usage);
        Assert.Equal((StopReason.ToolCall, "msg_1"), (answer.Stop, answer.ResponseId));
    }

    [Fact]
    public void Read_ForItsOwnApi_ForwardsTheBytes()
    {
        var answer = ReadAnswer.SplitEverywhere(() => Adapter.CreateReader(MessagesCalls.Own(stream: false), Calls.AnyModel, 0, stream: false), Whole);
        Assert.Equal((Whole, true, StopReason.ToolCall, 9), (answer.Raw, answer.HasContent, answer.Stop, answer.Usage!.Value.OutputTotal));
    }

    [Theory]
    [InlineData("<html>", FailureKind.Unknown)]
    [InlineData("{}", FailureKind.Unknown)]
    [InlineData("""{"id":"m","content":[{"type":"text","text":"a"}],"usage":{}}""", FailureKind.StreamInterrupted)]
    [InlineData("""{"type":"error","error":{"type":"overloaded_error","message":"x"}}""", FailureKind.CapacityExhausted)]
    public void Read_NoMessage_IsNoSuccess(string body, FailureKind kind)
    {
        foreach (var call in (ChatCall[])[Calls.Of(Calls.Conversation), MessagesCalls.Own(stream: false)])
        {
            Assert.Equal(kind, ReadAnswer.SplitEverywhere(() => Adapter.CreateReader(call, Calls.AnyModel, 0, stream: false), body).Failure!.Kind);
        }
    }

    [Fact]
    public void Read_TokenCount_IsForwardedAndCostsNothing()
    {
        var answer = ReadAnswer.SplitEverywhere(() => Adapter.CreateReader(MessagesCalls.Own(false, CallerApi.CountTokens), Calls.AnyModel, 0, stream: false), """{"input_tokens":2095}""");
        Assert.Equal(("""{"input_tokens":2095}""", new TokenUsage { Source = UsageSource.Reported }, null), (answer.Raw, answer.Usage, answer.Failure));
        var page = ReadAnswer.SplitEverywhere(() => Adapter.CreateReader(MessagesCalls.Own(false, CallerApi.CountTokens), Calls.AnyModel, 0, stream: false), """{"tokens":2095}""");
        Assert.Equal(FailureKind.Unknown, page.Failure!.Kind);
    }
}
