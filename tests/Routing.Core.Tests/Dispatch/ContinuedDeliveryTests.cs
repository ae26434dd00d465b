using System.Text;
using Routing.Core.Credentials;
using Routing.Core.Dispatch;
using Routing.Core.Llm;
using Routing.Core.Providers;
using Routing.Core.Providers.OpenAI;
using Routing.Core.Snapshots;
using Routing.Core.Usage;
using TestKit;

namespace Routing.Core.Tests.Dispatch;

public sealed class ContinuedDeliveryTests
{
    private const string Role = "data: {\"id\":\"c1\",\"choices\":[{\"index\":0,\"delta\":{\"role\":\"assistant\",\"content\":\"\"},\"finish_reason\":null}]}\n\n";
    private const string Stop = "data: {\"id\":\"c1\",\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"stop\"}]}\n\n";
    private const string Usage = "data: {\"id\":\"c1\",\"choices\":[],\"usage\":{\"prompt_tokens\":11,\"completion_tokens\":3,\"total_tokens\":14}}\n\n";
    private const string Done = "data: [DONE]\n\n";
    private const string PrefillRefused = """{"error":{"message":"This model does not support assistant message prefill.","type":"invalid_request_error","code":null}}""";
    private static readonly string[] Begun = [Role, Delta("The answer"), Delta(" is fo")];
    private static readonly string[] Rest = [Role, Delta("rty"), Delta("-two."), Stop, Usage, Done];

    public static TheoryData<string> Breaks => ["cut", "end without its terminal event", "malformed", "error event", "stall"];

    [Theory]
    [MemberData(nameof(Breaks))]
    public async Task Dispatch_StreamBreaksAmidItsText_AnotherGoesOnFromThere(string how)
    {
        var (time, watch) = (new ManualTime(), new ReadWatch(Length(Begun)));
        await using var primary = Breaking(how, watch);
        await using var backup = new ScriptedProvider().ThenStream(Rest);
        using var bench = new DispatchBench([primary, backup], Continued, time: time, watch: watch, endpoint: TakesUp("e2"));

        var sending = bench.SendAsync();
        if (how == "stall")
        {
            await watch.DealtWith;
            time.Advance(10);
        }

        var result = await sending;

        Assert.Null(result.Failure);
        Assert.Equal("The answer is forty-two.", bench.Answer.Text);
        Assert.Equal(("e1 after 1", "e2"), (Assert.Single(bench.Answer.Begun), Assert.Single(bench.Answer.WentOn)));
        Assert.Equal(StopReason.End, Assert.Single(bench.Answer.Stops));
        Assert.Equal(("e2", RequestOutcome.Answered), (result.Event.ServedBy, result.Event.Outcome));
        var (broken, rest) = (result.Event.Attempts[0], result.Event.Attempts[1]);
        Assert.Equal((AttemptOutcome.Interrupted, AttemptCause.Continuation, AttemptOutcome.Answered), (broken.Outcome, rest.Cause, rest.Outcome));
        Assert.Equal((UsageSource.Estimated, UsageSource.Reported), (broken.Usage.Source, rest.Usage.Source));
        Assert.Equal(rest.Usage.Plus(broken.Usage), bench.Answer.Used);
        Assert.Equal((0, 1), (bench.Health.Find("e1")!.View().Answered, bench.Health.Find("e1")!.View().Failed));
        Assert.Equal((1, 0), (bench.Health.Find("e2")!.View().Answered, bench.Health.Find("e2")!.View().Failed));
        Assert.Equal(
            """{"model":"model-1","stream":true,"stream_options":{"include_usage":true},"messages":[{"role":"user","content":"hi"}]}""", Body(primary));
        Assert.Equal(
            """{"model":"model-2","stream":true,"stream_options":{"include_usage":true},"continue_final_message":true,"add_generation_prompt":false,"messages":[{"role":"user","content":"hi"},{"role":"assistant","content":"The answer is fo"}]}""",
            Body(backup));
    }

    [Theory]
    [InlineData("claude-sonnet-4-5", true)]
    [InlineData("claude-opus-4-6", false)]
    [InlineData("claude-opus-5", false)]
    [InlineData("some-model", false)]
    public async Task Dispatch_ModelOfAnthropics_GoesOnOnlyBeforeItRefusesPrefill(string model, bool goesOn)
    {
        await using var primary = new ScriptedProvider().ThenStream(Begun);
        await using var backup = new ScriptedProvider().ThenStream(
        [
            Event("""{"type":"message_start","message":{"id":"m","usage":{"input_tokens":9,"output_tokens":1}}}"""),
            Event("""{"type":"content_block_start","index":0,"content_block":{"type":"text","text":""}}"""),
            Event("""{"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"rty-two."}}"""),
            Event("""{"type":"content_block_stop","index":0}"""),
            Event("""{"type":"message_delta","delta":{"stop_reason":"end_turn"},"usage":{"output_tokens":4}}"""),
            Event("""{"type":"message_stop"}"""),
        ]);
        await using var other = new ScriptedProvider().ThenStatus(500, "{}");
        using var bench = new DispatchBench([primary, backup, other], Continued, backup: ProviderKind.Anthropic, endpoint: e => e with
        {
            Model = e.Id == "e2" ? model : e.Id == "e3" ? "claude-haiku-4-5" : "gpt",
        });

        var result = await bench.SendAsync();

        if (goesOn)
        {
            Assert.Null(result.Failure);
            Assert.Equal("The answer is forty-two.", bench.Answer.Text);
            Assert.Equal("""{"model":"claude-sonnet-4-5","max_tokens":4096,"stream":true,"messages":[{"role":"user","content":[{"type":"text","text":"hi"}]},{"role":"assistant","content":[{"type":"text","text":"The answer is fo"}]}]}""", Body(backup));
            return;
        }

        Assert.Empty(backup.Requests);
        Assert.Equal(CandidateReason.CannotContinue, result.Event.Candidates[1].Reason);
        Assert.NotEmpty(other.Requests);
    }

    [Theory]
    [InlineData("One ", "two", "One two")]
    [InlineData("One ", " two", "One two")]
    [InlineData("One\n\n", "\n\ntwo", "One\n\ntwo")]
    [InlineData("One\n\n", "\ntwo", "One\n\ntwo")]
    [InlineData("One ", "  two", "One  two")]
    [InlineData("One", " two", "One two")]
    [InlineData("One\u2003", "\u2019two", "One\u2003\u2019two")]
    [InlineData("One\u2003", "\u2003two", "One\u2003two")]
    public async Task Dispatch_WhiteSpaceAtTheSeam_IsThereOnce(string given, string rest, string seen)
    {
        await using var primary = new ScriptedProvider().ThenStream([Role, Delta(given)]);
        await using var backup = new ScriptedProvider().ThenStream([Role, .. rest.Select(c => Delta(c.ToString())), Stop, Usage, Done]);
        using var bench = new DispatchBench([primary, backup], Continued, endpoint: TakesUp("e2"));

        var result = await bench.SendAsync();

        Assert.Null(result.Failure);
        Assert.Equal(seen, bench.Answer.Text);
        Assert.EndsWith("""{"role":"assistant","content":"One"}]}""", Body(backup), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Dispatch_NothingButWhiteSpaceWasGiven_AnybodyAnswersAnew()
    {
        await using var primary = new ScriptedProvider().ThenStream([Role, Delta("\n")]);
        await using var backup = new ScriptedProvider().ThenStream([Role, Delta("\nHello"), Stop, Usage, Done]);
        await using var taker = new ScriptedProvider();
        using var bench = new DispatchBench([primary, backup, taker], Continued, endpoint: TakesUp("e3"));

        var result = await bench.SendAsync();

        Assert.Null(result.Failure);
        Assert.Equal(("\nHello", "e2"), (bench.Answer.Text, result.Event.ServedBy));
        Assert.EndsWith("""[{"role":"user","content":"hi"}]}""", Body(backup), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Dispatch_BreaksInTheReadThatBroughtText_CallerHasItBeforeTheNextOneAnswers()
    {
        var answer = new TaskCompletionSource();
        await using var primary = new ScriptedProvider().ThenStream([string.Concat(Begun) + "data: {\"error\":{\"message\":\"x\",\"type\":\"strange_error\",\"code\":null}}\n\n"]);
        await using var backup = new ScriptedProvider().ThenStream(Rest, thinks: answer.Task);
        using var bench = new DispatchBench([primary, backup], Continued, endpoint: TakesUp("e2"));

        var sending = bench.SendAsync();
        await bench.Answer.Began.WaitAsync(TimeSpan.FromMinutes(1));
        answer.SetResult();

        Assert.Null((await sending).Failure);
        Assert.Equal("The answer is forty-two.", bench.Answer.Text);
    }

    [Fact]
    public async Task Dispatch_ConnectionIsLostRightBehindText_CallerHasItBeforeTheNextOneAnswers()
    {
        var (answer, watch) = (new TaskCompletionSource(), new ReadWatch(Length(Begun)) { Breaks = true });
        await using var primary = new ScriptedProvider().ThenStream([string.Concat(Begun)], hold: answer.Task);
        await using var backup = new ScriptedProvider().ThenStream(Rest, thinks: answer.Task);
        using var bench = new DispatchBench([primary, backup], Continued, watch: watch, endpoint: TakesUp("e2"));

        var sending = bench.SendAsync();
        await bench.Answer.Began.WaitAsync(TimeSpan.FromMinutes(1));
        answer.SetResult();

        Assert.Null((await sending).Failure);
        Assert.Equal("The answer is forty-two.", bench.Answer.Text);
    }

    [Fact]
    public async Task Dispatch_Continued_TeachesNothingOfHowLongAnswersAre()
    {
        await using var primary = new ScriptedProvider().ThenStream(Begun).ThenStream(Rest);
        await using var backup = new ScriptedProvider().ThenStream(Rest);
        using var bench = new DispatchBench([primary, backup], Continued, endpoint: TakesUp("e2"));

        await bench.SendAsync();
        Assert.Equal(0, bench.Table.Features["f"].Memory.MeanAnswer);
        await bench.SendAsync();
        Assert.Equal(3, bench.Table.Features["f"].Memory.MeanAnswer);
    }

    [Fact]
    public async Task Dispatch_BreaksAgain_IsContinuedAgainFromAllOfIt()
    {
        await using var primary = new ScriptedProvider().ThenStream([Role, Delta("one ")]);
        await using var second = new ScriptedProvider().ThenStream([Role, Delta("two "), Delta("three")]);
        await using var third = new ScriptedProvider().ThenStream([Role, Delta(" four"), Stop, Usage, Done]);
        using var bench = new DispatchBench([primary, second, third], Continued, endpoint: TakesUp("e2", "e3"));

        var result = await bench.SendAsync();

        Assert.Null(result.Failure);
        Assert.Equal("one two three four", bench.Answer.Text);
        Assert.Equal("e2 e3", string.Join(" ", bench.Answer.WentOn));
        Assert.Equal([AttemptCause.Primary, AttemptCause.Continuation, AttemptCause.Continuation], result.Event.Attempts.Select(a => a.Cause));
        Assert.Equal([AttemptOutcome.Interrupted, AttemptOutcome.Interrupted, AttemptOutcome.Answered], result.Event.Attempts.Select(a => a.Outcome));
        Assert.EndsWith("""{"role":"assistant","content":"one two three"}]}""", Body(third), StringComparison.Ordinal);
        Assert.Equal(result.Event.Attempts.Sum(a => a.Usage.OutputTotal), bench.Answer.Used.OutputTotal);
        Assert.Equal("e3", result.Event.ServedBy);
    }

    [Fact]
    public async Task Dispatch_NextCannotGoOn_IsPassedOverAndTheNoteSaysWhy()
    {
        await using var primary = new ScriptedProvider().ThenStream(Begun);
        await using var cannot = new ScriptedProvider();
        await using var can = new ScriptedProvider().ThenStream(Rest);
        using var bench = new DispatchBench([primary, cannot, can], Continued, endpoint: TakesUp("e3"));

        var result = await bench.SendAsync();

        Assert.Null(result.Failure);
        Assert.Equal("The answer is forty-two.", bench.Answer.Text);
        Assert.Empty(cannot.Requests);
        Assert.Equal([CandidateReason.Admitted, CandidateReason.CannotContinue, CandidateReason.Admitted], result.Event.Candidates.Select(c => c.Reason));
    }

    [Fact]
    public async Task Dispatch_ContinuationIsRefused_TheNextGoesOn()
    {
        await using var primary = new ScriptedProvider().ThenStream(Begun);
        await using var refusing = new ScriptedProvider().ThenStatus(400, PrefillRefused);
        await using var can = new ScriptedProvider().ThenStream(Rest);
        using var bench = new DispatchBench([primary, refusing, can], Continued, endpoint: TakesUp("e2", "e3"));

        var result = await bench.SendAsync();

        Assert.Null(result.Failure);
        Assert.Equal("The answer is forty-two.", bench.Answer.Text);
        Assert.Equal("e3", Assert.Single(bench.Answer.WentOn));
        Assert.Equal((AttemptOutcome.Failed, FailureKind.InvalidRequest), (result.Event.Attempts[1].Outcome, result.Event.Attempts[1].Failure));
        Assert.Equal(result.Event.Attempts[2].Usage.Plus(result.Event.Attempts[0].Usage), bench.Answer.Used); // Nothing of the one that refused.
    }

    [Theory]
    [InlineData("refused")]
    [InlineData("down")]
    [InlineData("breaks before its text")]
    public async Task Dispatch_NobodyGoesOn_TellsWhatBrokeTheAnswer(string how)
    {
        await using var primary = new ScriptedProvider().ThenStream(Begun);
        await using var backup = how switch
        {
            "refused" => new ScriptedProvider().ThenStatus(400, PrefillRefused),
            "down" => new ScriptedProvider().ThenStatus(500, "{}").ThenStatus(500, "{}"),
            _ => new ScriptedProvider().ThenStream([Role]),
        };
        using var bench = new DispatchBench([primary, backup], Continued, endpoint: TakesUp("e2"));

        var result = await bench.SendAsync();

        Assert.Equal((FailureKind.StreamInterrupted, true), (result.Failure!.Kind, result.Committed));
        Assert.Equal("The provider's stream ended without its terminal event.", result.Failure.Message);
        Assert.Equal(("The answer is fo", "e1", RequestOutcome.Interrupted), (bench.Answer.Text, result.Event.ServedBy, result.Event.Outcome));
        Assert.Equal(FailureKind.StreamInterrupted, result.Event.Failure);
        Assert.Empty(bench.Answer.WentOn);
        Assert.Empty(bench.Answer.Stops);
        Assert.All(result.Event.Attempts.Skip(1), a => Assert.Equal(AttemptOutcome.Failed, a.Outcome));
    }

    [Theory]
    [InlineData(Capabilities.Tools)]
    [InlineData(Capabilities.JsonObject)]
    [InlineData(Capabilities.JsonSchema)]
    [InlineData(Capabilities.Reasoning)]
    [InlineData(Capabilities.MultipleChoices)]
    [InlineData(Capabilities.Logprobs)]
    [InlineData(Capabilities.SameWireFields)]
    [InlineData(Capabilities.PromptCacheKey)]
    [InlineData(Capabilities.TopK)] // Fit, but the first candidate would be lost: it takes the caller's own bytes, and has no place for it otherwise.
    public async Task Dispatch_AnswerMayBeMoreThanText_IsDeliveredImmediatelyAndSaysSo(Capabilities needs)
    {
        await using var primary = new ScriptedProvider().ThenStream(Begun);
        await using var backup = new ScriptedProvider();
        using var bench = new DispatchBench([primary, backup], Continued, endpoint: TakesUp("e2"));

        var result = await bench.SendAsync(needs: Capabilities.Text | needs);

        Assert.Equal(FailureKind.StreamInterrupted, result.Failure!.Kind);
        Assert.Equal(("e1 after 1, not to be continued", string.Concat(Begun)), (Assert.Single(bench.Answer.Begun), bench.Answer.Text));
        Assert.Contains("\"messages\":[]", Body(primary), StringComparison.Ordinal); // The caller's own bytes.
        Assert.Empty(backup.Requests);
    }

    [Fact]
    public async Task Dispatch_NobodyCouldEverGoOn_IsDeliveredImmediatelyAndSaysSo()
    {
        await using var primary = new ScriptedProvider().ThenStream([Role, Delta("Hi"), Stop, Done]);
        await using var backup = new ScriptedProvider();
        using var bench = new DispatchBench([primary, backup], Continued);

        Assert.Null((await bench.SendAsync()).Failure);

        Assert.Equal("e1 after 1, not to be continued", Assert.Single(bench.Answer.Begun));
        Assert.Equal(Role + Delta("Hi") + Stop, bench.Answer.Text);
    }

    [Fact]
    public async Task Dispatch_NotStreamed_IsAsEver()
    {
        const string Whole = """{"id":"c1","choices":[{"index":0,"message":{"role":"assistant","content":"Hello"},"finish_reason":"stop"}]}""";
        await using var primary = new ScriptedProvider().ThenPartOf(Whole, 60);
        await using var backup = new ScriptedProvider().ThenAnswer(Whole);
        using var bench = new DispatchBench([primary, backup], Continued, endpoint: TakesUp("e2"));

        Assert.Null((await bench.SendAsync(stream: false)).Failure);

        Assert.Equal((Whole, "e2 after 2"), (bench.Answer.Text, Assert.Single(bench.Answer.Begun)));
    }

    [Fact]
    public async Task Dispatch_FailsBeforeItsFirstWord_FailsOverAsEver()
    {
        await using var primary = new ScriptedProvider().ThenStatus(500, "{}");
        await using var backup = new ScriptedProvider().ThenStream(Rest);
        await using var taker = new ScriptedProvider();
        using var bench = new DispatchBench([primary, backup, taker], Continued, endpoint: TakesUp("e3"));

        var result = await bench.SendAsync();

        Assert.Null(result.Failure);
        Assert.Equal(("rty-two.", "e2 after 2"), (bench.Answer.Text, Assert.Single(bench.Answer.Begun)));
        Assert.Equal(AttemptCause.Failover, result.Event.Attempts[1].Cause);
        Assert.Equal(result.Event.Attempts[1].Usage, bench.Answer.Used);
    }

    [Theory]
    [InlineData("{\"tool_calls\":[{\"index\":0,\"id\":\"t\",\"function\":{\"name\":\"find\",\"arguments\":\"{\"}}]}")]
    [InlineData("{\"reasoning_content\":\"let me think\"}")]
    public async Task Dispatch_MoreThanTextWasGiven_IsNotContinued(string delta)
    {
        await using var primary = new ScriptedProvider().ThenStream([Role, Delta("I"), "data: {\"id\":\"c1\",\"choices\":[{\"index\":0,\"delta\":" + delta + ",\"finish_reason\":null}]}\n\n"]);
        await using var backup = new ScriptedProvider();
        using var bench = new DispatchBench([primary, backup], Continued, endpoint: TakesUp("e2"));

        var result = await bench.SendAsync();

        Assert.Equal(FailureKind.StreamInterrupted, result.Failure!.Kind);
        Assert.Empty(backup.Requests);
    }

    [Fact]
    public async Task Dispatch_ContentFilterAmidTheText_IsNotContinued()
    {
        await using var primary = new ScriptedProvider().ThenStream([.. Begun, "data: {\"error\":{\"message\":\"x\",\"type\":\"invalid_request_error\",\"code\":\"content_filter\"}}\n\n"]);
        await using var backup = new ScriptedProvider();
        using var bench = new DispatchBench([primary, backup], f => Continued(f) with { FailOverOnContentFilter = true }, endpoint: TakesUp("e2"));

        Assert.Equal(FailureKind.ContentBlocked, (await bench.SendAsync()).Failure!.Kind);
        Assert.Empty(backup.Requests);
    }

    [Fact]
    public async Task Dispatch_CallerGoesAway_NobodyGoesOn()
    {
        using var gone = new CancellationTokenSource();
        var watch = new ReadWatch(Length(Begun));
        await using var primary = new ScriptedProvider().ThenStream(Begun, hold: new TaskCompletionSource().Task);
        await using var backup = new ScriptedProvider();
        using var bench = new DispatchBench([primary, backup], Continued, watch: watch, endpoint: TakesUp("e2"));

        var sending = bench.SendAsync(caller: gone.Token);
        await watch.DealtWith;
        await gone.CancelAsync();

        Assert.Equal(RequestOutcome.Cancelled, (await sending).Event.Outcome);
        Assert.Empty(backup.Requests);
    }

    [Fact]
    public async Task Dispatch_TotalLimitPasses_NobodyGoesOn()
    {
        var (time, watch) = (new ManualTime(), new ReadWatch(Length(Begun)));
        await using var primary = new ScriptedProvider().ThenStream(Begun, hold: new TaskCompletionSource().Task);
        await using var backup = new ScriptedProvider();
        using var bench = new DispatchBench([primary, backup], f => Continued(f) with { TotalMs = 10_000, IdleMs = 20_000 }, time: time, watch: watch, endpoint: TakesUp("e2"));

        var sending = bench.SendAsync();
        await watch.DealtWith;
        time.Advance(10);

        Assert.Equal(FailureKind.DeadlineTotal, (await sending).Failure!.Kind);
        Assert.Empty(backup.Requests);
    }

    [Fact]
    public async Task Dispatch_ContinuationIsSilent_FirstTokenLimitHoldsAnew()
    {
        var time = new ManualTime();
        await using var primary = new ScriptedProvider().ThenStream(Begun);
        await using var silent = new ScriptedProvider().ThenSilence();
        await using var can = new ScriptedProvider().ThenStream(Rest);
        using var bench = new DispatchBench([primary, silent, can], Continued, time: time, endpoint: TakesUp("e2", "e3"));

        var sending = bench.SendAsync();
        await silent.Asked;
        time.Advance(10);
        var result = await sending;

        Assert.Null(result.Failure);
        Assert.Equal(FailureKind.DeadlineFirstToken, result.Event.Attempts[1].Failure);
        Assert.Equal("The answer is forty-two.", bench.Answer.Text);
    }

    [Fact]
    public async Task Dispatch_AttemptsAreUsedUp_NobodyElseIsAsked()
    {
        await using var primary = new ScriptedProvider().ThenStream(Begun);
        await using var second = new ScriptedProvider().ThenStream([Role, Delta("rty")]);
        await using var third = new ScriptedProvider();
        using var bench = new DispatchBench([primary, second, third], f => Continued(f) with { MaxAttempts = 2 }, endpoint: TakesUp("e2", "e3"));

        var result = await bench.SendAsync();

        Assert.Equal((FailureKind.StreamInterrupted, "e2"), (result.Failure!.Kind, result.Event.ServedBy));
        Assert.Equal("The answer is forty", bench.Answer.Text);
        Assert.Empty(third.Requests);
    }

    // Ten letters of text and a half are about three tokens and one.
    [Theory]
    [InlineData(100, "\"max_tokens\":95,")]
    [InlineData(6, "\"max_tokens\":1,")]
    [InlineData(5, null)]
    public async Task Dispatch_CallerSetALimit_WhatIsLeftOfItIsTheNextOnes(int limit, string? expected)
    {
        await using var primary = new ScriptedProvider().ThenStream(Begun);
        await using var backup = new ScriptedProvider().ThenStream(Rest);
        using var bench = new DispatchBench([primary, backup], Continued, endpoint: TakesUp("e2"));

        var result = await bench.SendAsync(request: new ChatRequest { Messages = [ChatMessage.Of(ChatRole.User, "hi")], MaxOutputTokens = limit });

        Assert.Equal(expected is null, result.Failure is not null);
        if (expected is null) Assert.Empty(backup.Requests);
        else Assert.Contains(expected, Body(backup), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Dispatch_CallersOwnTurnIsAtTheEnd_TheTextIsAddedToIt()
    {
        await using var primary = new ScriptedProvider().ThenStream([Role, Delta("seven"), Delta(" and")]);
        await using var backup = new ScriptedProvider().ThenStream(Rest);
        using var bench = new DispatchBench([primary, backup], Continued, endpoint: TakesUp("e1", "e2"));

        var result = await bench.SendAsync(needs: Capabilities.Text | Capabilities.AssistantPrefill, request: new ChatRequest
        {
            Messages = [ChatMessage.Of(ChatRole.User, "hi"), ChatMessage.Of(ChatRole.Assistant, "Six, ")],
        });

        Assert.Null(result.Failure);
        Assert.Equal("seven andrty-two.", bench.Answer.Text);
        Assert.EndsWith("""[{"role":"user","content":"hi"},{"role":"assistant","content":"Six, "}]}""", Body(primary), StringComparison.Ordinal);
        Assert.EndsWith("""[{"role":"user","content":"hi"},{"role":"assistant","content":"Six, seven and"}]}""", Body(backup), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Dispatch_ContinuationTellsNoUsage_CallerIsToldWhatTheLedgerHas()
    {
        await using var primary = new ScriptedProvider().ThenStream(Begun);
        await using var backup = new ScriptedProvider().ThenStream([Role, Delta("rty-two."), Stop, Done]);
        using var bench = new DispatchBench([primary, backup], Continued, endpoint: TakesUp("e2"));

        var result = await bench.SendAsync();

        Assert.Equal(UsageSource.Estimated, result.Event.Attempts[1].Usage.Source);
        Assert.Equal(result.Event.Attempts[1].Usage.Plus(result.Event.Attempts[0].Usage), bench.Answer.Used);
    }

    [Fact]
    public async Task Dispatch_TextTooLongToKeep_IsNotContinued()
    {
        await using var primary = new ScriptedProvider().ThenStream([Role, .. Enumerable.Repeat(Delta(new string('x', 64 * 1024)), 17)]);
        await using var backup = new ScriptedProvider();
        using var bench = new DispatchBench([primary, backup], Continued, endpoint: TakesUp("e2"));

        Assert.Equal(FailureKind.StreamInterrupted, (await bench.SendAsync()).Failure!.Kind);
        Assert.Empty(backup.Requests);
    }

    [Fact]
    public async Task Dispatch_ContinuationsTokenHasExpired_IsRenewedOnce()
    {
        await using var primary = new ScriptedProvider().ThenStream(Begun);
        await using var backup = new ScriptedProvider().ThenStatus(401, "{}").ThenStream(Rest);
        var tokens = new CountedTokens();
        using var bench = new DispatchBench([primary, backup], Continued, tokens: tokens, endpoint: TakesUp("e2"));

        var result = await bench.SendAsync();

        Assert.Null(result.Failure);
        Assert.Equal("The answer is forty-two.", bench.Answer.Text);
        Assert.Equal([AttemptCause.Primary, AttemptCause.Continuation, AttemptCause.Retry], result.Event.Attempts.Select(a => a.Cause));
        Assert.Equal((1, "e2"), (tokens.Invalidated, result.Event.ServedBy));
    }

    [Fact]
    public async Task Dispatch_WholeAnswer_IsAsAnyAndTellsItsUsage()
    {
        await using var primary = new ScriptedProvider().ThenStream(Rest);
        await using var backup = new ScriptedProvider();
        using var bench = new DispatchBench([primary, backup], Continued, endpoint: TakesUp("e2"));

        var result = await bench.SendAsync();

        Assert.Null(result.Failure);
        Assert.Equal(("rty-two.", "e1 after 1", 11), (bench.Answer.Text, Assert.Single(bench.Answer.Begun), bench.Answer.Used.InputTotal));
        Assert.True(result.Event.Candidates.IsDefault);
    }

    // A host that is told by "prefix" may send the turn back before it goes on.
    [Theory]
    [InlineData("mistral", "The answer is fo|rty.", "The answer is forty.")]
    [InlineData("mistral", "The answer is forty.", "The answer is forty.")]
    [InlineData("mistral", "T|he ans|wer is fort|y.", "The answer is forty.")]
    [InlineData("mistral", "rty.", "The answer is forty.")]
    [InlineData("mistral", "The| answers", "The answer is foThe answers")]
    [InlineData("mistral", "T|he answer|", "The answer is foThe answer")]
    [InlineData("mistral", "The answer is fo", "The answer is fo")]
    [InlineData("vllm", "The answer is fo|rty.", "The answer is foThe answer is forty.")]
    public async Task Dispatch_ContinuationBeginsWithTheTurnItWasSent_TurnIsThereOnce(string preset, string pieces, string seen)
    {
        await using var primary = new ScriptedProvider().ThenStream(Begun);
        await using var backup = new ScriptedProvider().ThenStream([Role, .. pieces.Split('|').Select(Delta), Stop, Usage, Done]);
        using var bench = new DispatchBench([primary, backup], Continued, endpoint: Of("e2", preset));

        var result = await bench.SendAsync();

        Assert.Null(result.Failure);
        Assert.Equal(seen, bench.Answer.Text);
        Assert.Equal("e2", result.Event.ServedBy);
    }

    [Fact]
    public async Task Dispatch_WhiteSpaceBehindTheTurnThatWasSentBack_IsThereOnce()
    {
        await using var primary = new ScriptedProvider().ThenStream([Role, Delta("One ")]);
        await using var backup = new ScriptedProvider().ThenStream([Role, Delta("One"), Delta(" two"), Stop, Usage, Done]);
        using var bench = new DispatchBench([primary, backup], Continued, endpoint: Of("e2", "mistral"));

        await bench.SendAsync();

        Assert.Equal("One two", bench.Answer.Text);
    }

    [Fact]
    public async Task Dispatch_BreaksAmidTheTurnItSendsBack_TheNextGoesOnFromTheSamePlace()
    {
        await using var primary = new ScriptedProvider().ThenStream(Begun);
        await using var echo = new ScriptedProvider().ThenStream([Role, Delta("The answer")]);
        await using var can = new ScriptedProvider().ThenStream([Role, Delta("The answer is fo"), .. Rest[1..]]);
        using var bench = new DispatchBench([primary, echo, can], Continued, endpoint: Of(["e2", "e3"], "mistral"));

        var result = await bench.SendAsync();

        Assert.Null(result.Failure);
        Assert.Equal("The answer is forty-two.", bench.Answer.Text);
        Assert.Contains("""{"role":"assistant","content":"The answer is fo","prefix":true}""", Body(can), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Dispatch_StandInThinksUnasked_ItsReasoningIsNotAmidTheText()
    {
        await using var primary = new ScriptedProvider().ThenStream(Begun);
        await using var thinks = new ScriptedProvider().ThenStream([Role, Thought("Let me see. "), Delta("rty"), Thought("Then? ")]);
        await using var can = new ScriptedProvider().ThenStream([Role, Thought("Let me see."), Delta("-two."), Stop, Usage, Done]);
        using var bench = new DispatchBench([primary, thinks, can], Continued, endpoint: TakesUp("e2", "e3"));

        var result = await bench.SendAsync();

        Assert.Null(result.Failure);
        Assert.Equal("The answer is forty-two.", bench.Answer.Text);
        Assert.Equal(result.Event.Attempts.Sum(a => a.Usage.OutputTotal), bench.Answer.Used.OutputTotal);
        Assert.Equal(6, result.Event.Attempts[1].Usage.OutputTotal); // Twenty-one letters, of which the caller has three.
    }

    public static TheoryData<string> Alone => ["the only one that could is outside", "it answers itself", "everybody else is outside", "one attempt", "the last attempt", "the other was asked before"];

    [Theory]
    [MemberData(nameof(Alone))]
    public async Task Dispatch_NobodyIsLeftWhoCouldGoOn_CallerIsToldInTheHeaders(string why)
    {
        var failsFirst = why is "the last attempt" or "the other was asked before";
        await using var primary = failsFirst ? new ScriptedProvider().ThenStatus(500, "{}") : new ScriptedProvider().ThenStream([Role, Delta("Hi"), Stop, Done]);
        await using var second = new ScriptedProvider().ThenStream([Role, Delta("Hi"), Stop, Done]);
        await using var third = new ScriptedProvider();
        ScriptedProvider[] all = why == "the last attempt" ? [primary, second, third] : [primary, second];
        var attempts = why switch { "one attempt" => 1, "the last attempt" => 2, _ => 3 };
        using var bench = new DispatchBench(
            all,
            f => Continued(f) with { MaxAttempts = attempts, Residency = why.EndsWith("outside", StringComparison.Ordinal) ? ["eu"] : [] },
            endpoint: e => (why is "it answers itself" or "everybody else is outside" or "the other was asked before" ? TakesUp("e1") : TakesUp("e2", "e3"))(e) with { Residency = e.Id == "e1" ? "eu" : "" });

        Assert.Null((await bench.SendAsync()).Failure);

        Assert.Equal(failsFirst ? "e2 after 2, not to be continued" : "e1 after 1, not to be continued", Assert.Single(bench.Answer.Begun));
    }

    [Fact]
    public async Task Dispatch_CandidateOutsideCouldNotTakeTheCallOtherwise_HasNoSayInIt()
    {
        await using var primary = new ScriptedProvider().ThenStream(Begun);
        await using var backup = new ScriptedProvider().ThenStream(Rest);
        await using var outside = new ScriptedProvider();
        using var bench = new DispatchBench([primary, backup, outside], f => Continued(f) with { Residency = ["eu"] },
            endpoint: e => (e.Id == "e3" ? e : e with { Quirks = new QuirksConfig { Preset = "vllm" }, Residency = "eu" }));

        var result = await bench.SendAsync(needs: Capabilities.Text | Capabilities.TopK);

        Assert.Null(result.Failure);
        Assert.Equal("The answer is forty-two.", bench.Answer.Text);
    }

    // A host that knows marks of cached prompts has them in the caller's own bytes; one that takes OpenAI's fields only has them nowhere.
    [Theory]
    [InlineData("vllm", ", not to be continued")]
    [InlineData("openai", "")]
    public async Task Dispatch_OwnBytesCarryMoreThanWhatIsWrittenInstead_IsDeliveredImmediately(string preset, string told)
    {
        await using var primary = new ScriptedProvider().ThenStream([Role, Delta("Hi"), Stop, Done]);
        await using var backup = new ScriptedProvider();
        using var bench = new DispatchBench([primary, backup], Continued, endpoint: e => e with
        {
            Quirks = new QuirksConfig { Preset = preset, Prefill = e.Id == "e2" ? PrefillMode.Prefix : null },
        });

        await bench.SendAsync(needs: Capabilities.Text | Capabilities.CacheControl, said: new TextPart("hi") { Cache = new CacheMark(null) });

        Assert.Equal($"e1 after 1{told}", Assert.Single(bench.Answer.Begun));
    }

    // A model may be served by /responses only.
    [Theory]
    [InlineData("openai", ", not to be continued", "/v1/responses")]
    [InlineData("compatible", "", "/v1/chat/completions")]
    public async Task Dispatch_CallOfTheResponsesApi_IsNotSentToAnotherPathOfItsModel(string preset, string told, string path)
    {
        await using var primary = new ScriptedProvider().ThenStream(path == "/v1/responses"
            ? [Event("""{"type":"response.output_text.delta","delta":"Hi"}"""), Event("""{"type":"response.completed","response":{"status":"completed"}}""")]
            : [Role, Delta("Hi"), Stop, Done]);
        await using var backup = new ScriptedProvider();
        using var bench = new DispatchBench([primary, backup], Continued, endpoint: Of("e1", preset, TakesUp("e2")));

        Assert.Null((await bench.SendAsync(api: CallerApi.Responses)).Failure);

        Assert.Equal($"e1 after 1{told}", Assert.Single(bench.Answer.Begun));
        Assert.StartsWith($"POST {path} ", Assert.Single(primary.Requests), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Dispatch_CostIsLimited_TheLimitItWasJudgedByIsWritten()
    {
        await using var primary = new ScriptedProvider().ThenStream(Begun);
        await using var backup = new ScriptedProvider().ThenStream(Rest);
        using var bench = new DispatchBench([primary, backup], f => Continued(f) with { MaxCostMicros = 1_000_000_000 }, endpoint: TakesUp("e2"));

        await bench.SendAsync();

        Assert.Contains("\"max_completion_tokens\":4096,", Body(primary), StringComparison.Ordinal);
        Assert.Contains("\"max_tokens\":4096,", Body(backup), StringComparison.Ordinal);
    }

    private static FeatureConfig Continued(FeatureConfig feature) => feature with { Delivery = DeliveryMode.Continued };

    private static Func<ModelEndpointConfig, ModelEndpointConfig> TakesUp(params string[] ids) =>
        e => ids.Contains(e.Id, StringComparer.Ordinal) ? e with { Quirks = new QuirksConfig { Preset = "vllm" } } : e;

    private static Func<ModelEndpointConfig, ModelEndpointConfig> Of(string id, string preset, Func<ModelEndpointConfig, ModelEndpointConfig>? others = null) => Of([id], preset, others);

    private static Func<ModelEndpointConfig, ModelEndpointConfig> Of(string[] ids, string preset, Func<ModelEndpointConfig, ModelEndpointConfig>? others = null) =>
        e => ids.Contains(e.Id, StringComparer.Ordinal) ? e with { Quirks = new QuirksConfig { Preset = preset } } : others?.Invoke(e) ?? e;

    private static string Thought(string text) => Event($$$"""{"id":"c1","choices":[{"index":0,"delta":{"reasoning_content":"{{{text}}}"},"finish_reason":null}]}""");

    private static string Delta(string text) => "data: {\"id\":\"c1\",\"choices\":[{\"index\":0,\"delta\":{\"content\":\"" + text.Replace("\n", "\\n", StringComparison.Ordinal) + "\"},\"finish_reason\":null}]}\n\n";

    private static string Event(string data) => $"data: {data}\n\n";

    private static int Length(string[] events) => events.Sum(Encoding.UTF8.GetByteCount);

    private static string Body(ScriptedProvider provider) => provider.Requests.First().Split("\r\n\r\n")[1];

    // A cut throws away what was not read yet: it comes when everything was.
    private static ScriptedProvider Breaking(string how, ReadWatch watch) => how switch
    {
        "cut" => new ScriptedProvider().ThenStream(Begun, whole: false, hold: watch.DealtWith),
        "end without its terminal event" => new ScriptedProvider().ThenStream(Begun),
        "malformed" => new ScriptedProvider().ThenStream([.. Begun, "data: {\"id\":\"c1\",\"choices\":[{\"index\":0,\"delta\":{\"content\":\"h\n\n", Delta("more"), Stop, Usage, Done]),
        "error event" => new ScriptedProvider().ThenStream([.. Begun, "data: {\"error\":{\"message\":\"x\",\"type\":\"strange_error\",\"code\":null}}\n\n", Done]),
        _ => new ScriptedProvider().ThenStream(Begun, hold: new TaskCompletionSource().Task),
    };

    private sealed class CountedTokens : ICloudTokenSource
    {
        public int Invalidated { get; private set; }

        public ValueTask<CloudCredential> GetAsync(CancellationToken cancellationToken) => new(new ApiKeyCredential("k"));

        public void Invalidate() => Invalidated++;
    }
}
