using Routing.Core.Llm;
using Routing.Core.Providers;
using static Routing.Core.Tests.Providers.Anthropic.MessagesStreams;

namespace Routing.Core.Tests.Providers.Anthropic;

public sealed class MessagesStreamTests
{
    private static readonly IProviderAdapter Adapter = ProviderAdapters.Of(ProviderKind.Anthropic);

    private static readonly TokenUsage Used = new()
    {
        InputTotal = 330, CacheRead = 300, CacheWrite = 20, OutputTotal = 40, Reasoning = 15, Source = UsageSource.Reported, CapacityClass = "standard",
    };

    [Fact]
    public void Read_ForAnotherApi_GivesEveryPartHoweverItIsSplit()
    {
        var answer = ReadAnswer.SplitEverywhere(Translated, Whole);
        Assert.Equal("Grüße 😀 say \"message_stop\" and \"error\"", answer.Text);
        Assert.Equal(
            """
            thinking:Let me ü
            signature:c2ln
            redacted:ZGF0YQ==
            call 0 toolu_1 weather:{"city": "Oslo"}
            call 1 toolu_2 now:{}
            """, answer.Parts);
        Assert.Equal((Used, StopReason.ToolCall, "tool_use", null, "msg_1"), (answer.Usage, answer.Stop, answer.RawStop, answer.Failure, answer.ResponseId));
    }

    [Fact]
    public void Read_ForItsOwnApi_ForwardsTheBytesButForTheTerminalEvent()
    {
        var answer = ReadAnswer.SplitEverywhere(Forwarded, Whole);
        Assert.Equal(Start + Thinking + Text + Tools + End, answer.Raw);
        Assert.Equal((Used, StopReason.ToolCall, "tool_use", null, "msg_1", true),
            (answer.Usage, answer.Stop, answer.RawStop, answer.Failure, answer.ResponseId, answer.HasContent));
    }

    [Fact]
    public void Read_BeforeTheFirstContent_HasNone()
    {
        var events = new List<ChatEvent>();
        Forwarded().Read(Bytes(Start + "event: ping\ndata: {\"type\":\"ping\"}\n\n"), events);
        Assert.DoesNotContain(events, e => e.HasContent);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Read_CutWithoutTerminalEvent_IsInterruptedAndItsUsageIsNoFinalOne(bool forwarded)
    {
        var answer = ReadAnswer.SplitEverywhere(forwarded ? Forwarded : Translated, Start + Text);
        Assert.Equal(FailureKind.StreamInterrupted, answer.Failure!.Kind);
        Assert.Equal((330, UsageSource.Estimated), (answer.Usage!.Value.InputTotal, answer.Usage.Value.Source));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Read_CutAfterTheStopReason_IsWhole(bool forwarded) =>
        Assert.Null(ReadAnswer.SplitEverywhere(forwarded ? Forwarded : Translated, Start + Text + End).Failure);

    [Theory]
    [InlineData("overloaded_error", FailureKind.CapacityExhausted)]
    [InlineData("api_error", FailureKind.UpstreamInternal)]
    [InlineData("brand_new_error", FailureKind.Unknown)]
    public void Read_ErrorEventAfterContent_EndsItAsItself(string type, FailureKind kind)
    {
        var error = $$$"""event: error{{{"\n"}}}data: {"type":"error","error":{"type":"{{{type}}}","message":"prompt text"}}{{{"\n\n"}}}""";
        foreach (var reader in (Func<ChatAnswerReader>[])[Forwarded, Translated])
        {
            var answer = ReadAnswer.SplitEverywhere(reader, Start + Text + error);
            Assert.Equal((kind, type, 200), (answer.Failure!.Kind, answer.Failure.RawCode, answer.Failure.HttpStatus));
            Assert.DoesNotContain("prompt text", answer.Failure.Message, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("<html><body>proxy</body></html>", "Anthropic answered 200 with something that is not an event stream.")]
    [InlineData("", "Anthropic answered 200 with an empty stream.")]
    [InlineData("data: {\"type\":\n\n", "Anthropic sent an event that cannot be read.")]
    public void Read_NoStream_IsNoSuccess(string body, string sentence)
    {
        Assert.Equal(sentence, ReadAnswer.SplitEverywhere(Translated, body).Failure!.Message);
        Assert.Equal(sentence, ReadAnswer.SplitEverywhere(Forwarded, body).Failure!.Message);
    }

    [Fact]
    public void Read_BlockWithANullMember_LosesNothingBehindIt()
    {
        var block = """data: {"type":"content_block_start","index":0,"content_block":{"data":null,"type":"tool_use","id":"toolu_1","name":"now","input":{}}}""" + "\n\n";
        Assert.Equal("call 0 toolu_1 now:", ReadAnswer.InPieces(Translated(), [Bytes(Start + block + End + Stop)]).Parts.Split('{')[0]);
    }

    [Theory]
    [InlineData("end_turn", StopReason.End)]
    [InlineData("max_tokens", StopReason.Length)]
    [InlineData("stop_sequence", StopReason.StopSequence)]
    [InlineData("tool_use", StopReason.ToolCall)]
    [InlineData("pause_turn", StopReason.Paused)]
    [InlineData("refusal", StopReason.SafetyFiltered)]
    [InlineData("model_context_window_exceeded", StopReason.ContextExhausted)]
    [InlineData("brand_new_reason", StopReason.Other)]
    public void Read_StopReason_IsKeptBesideOurs(string raw, StopReason stop)
    {
        var answer = ReadAnswer.InPieces(Translated(), [Bytes(Start + Text + End.Replace("tool_use", raw, StringComparison.Ordinal) + Stop)]);
        Assert.Equal((stop, raw), (answer.Stop, answer.RawStop));
    }

    private static ChatAnswerReader Translated() => Adapter.CreateReader(Calls.Streamed(), Calls.AnyModel, round: 0, stream: true);

    private static ChatAnswerReader Forwarded() => Adapter.CreateReader(MessagesCalls.Own(stream: true), Calls.AnyModel, round: 0, stream: true);
}

internal static class MessagesCalls
{
    /// <summary>A call that came in by Anthropic's own API.</summary>
    public static ChatCall Own(bool stream, CallerApi api = CallerApi.Messages) => new(() => Calls.Conversation)
    {
        Feature = "f", Stream = stream, Api = api, Original = new OriginalBody("{\"model\":\"f\"}"u8.ToArray(), 9..12, null, 1),
    };
}
