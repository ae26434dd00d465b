using Routing.Core.Credentials;
using Routing.Core.Dispatch;
using Routing.Core.Health;
using Routing.Core.Llm;
using Routing.Core.Snapshots;
using Routing.Core.Usage;
using TestKit;

namespace Routing.Core.Tests.Dispatch;

/// <summary>A first attempt slower than nearly all of its endpoint's answers gets a second beside it: one of both answers, both are accounted for.</summary>
public sealed class HedgingTests
{
    private const string Usage = "data: {\"id\":\"c1\",\"choices\":[],\"usage\":{\"prompt_tokens\":11,\"completion_tokens\":3,\"total_tokens\":14}}\n\n";
    private const string Whole = """{"id":"c1","choices":[{"index":0,"message":{"role":"assistant","content":"Hello"},"finish_reason":"stop"}],"usage":{"prompt_tokens":11,"completion_tokens":3,"total_tokens":14}}""";

    [Fact]
    public async Task Dispatch_FirstIsSlow_TheOtherProviderAnswersAndTheFirstIsStopped()
    {
        var (time, left) = (new ManualTime(), new TaskCompletionSource());
        await using var primary = new ScriptedProvider().ThenIsLeft(left);
        await using var backup = new ScriptedProvider().ThenStream(Answer("backup"));
        using var bench = new DispatchBench([primary, backup], Hedging, time: time);
        var usual = IsKnown(bench, "e1");

        var sending = bench.SendAsync();
        await primary.Asked;
        await PassAsync(time, usual);
        var result = await sending;
        await left.Task;

        Assert.Null(result.Failure);
        Assert.Equal((Seen("backup"), "e2", 2), (bench.Answer.Text, result.Event.ServedBy, result.Sent));
        Assert.Equal("e2 after 2", Assert.Single(bench.Answer.Begun));
        var (first, hedge) = (result.Event.Attempts[0], result.Event.Attempts[1]);
        Assert.Equal((AttemptCause.Primary, AttemptOutcome.Cancelled, FailureKind.ClientCancelled), (first.Cause, first.Outcome, first.Failure!.Value));
        Assert.Equal((AttemptCause.Hedge, AttemptOutcome.Answered, 2), (hedge.Cause, hedge.Outcome, hedge.Number));
        Assert.Equal((UsageSource.Estimated, UsageSource.Reported), (first.Usage.Source, hedge.Usage.Source));
        Assert.True(first.CostMicros > 0);
        Assert.Equal([CandidateReason.Admitted, CandidateReason.Admitted], result.Event.Candidates.Select(c => c.Reason));
        Assert.Equal((0, 0, 0), (bench.Health.Find("e1")!.InFlight, bench.Health.Find("e2")!.InFlight, bench.Health.Find("e1")!.View().Failed));
    }

    [Fact]
    public async Task Dispatch_FirstIsSlowAndNobodyElseInService_SetsNothingAsideForAnotherAttempt()
    {
        var (time, end) = (new ManualTime(), new TaskCompletionSource());
        await using var primary = new ScriptedProvider().ThenStream(Answer("primary"), thinks: end.Task);
        await using var backup = new ScriptedProvider();
        using var bench = new DispatchBench([primary, backup], f => Hedging(f) with { FirstTokenMs = 60_000, BudgetMicros = 50_000, BudgetAction = BudgetAction.Stop }, time: time);
        var usual = IsKnown(bench, "e1");
        bench.Health.Find("e2")!.Isolate(DateTimeOffset.MaxValue, "", "tests");
        var month = Routing.Core.Budgets.BudgetMonth.Of(time.GetUtcNow());
        var spend = bench.Table.Features["f"].MonthlyBudget!.Spend; // It stops.

        var sending = bench.SendAsync();
        await primary.Asked;
        var once = spend.Reserved(month);
        await PassAsync(time, usual);
        Assert.Equal((true, once), (once > 0, spend.Reserved(month)));
        end.SetResult();

        Assert.Null((await sending).Failure);
        Assert.Equal(0, spend.Reserved(month));
    }

    [Fact]
    public async Task Dispatch_BudgetHasNoRoomForASecondAtOnce_IsThereToFailOverTo()
    {
        var (time, fails) = (new ManualTime(), new TaskCompletionSource());
        await using var primary = new ScriptedProvider().Then(async (s, c) => { await fails.Task; await s.WriteAsync(HttpOf("{}", 424), c); });
        await using var backup = new ScriptedProvider().ThenStream(Answer("backup"));
        using var bench = new DispatchBench([primary, backup], f => Hedging(f) with { FirstTokenMs = 60_000, BudgetMicros = 8_000, BudgetAction = BudgetAction.Stop }, time: time);
        var usual = IsKnown(bench, "e1");

        var sending = bench.SendAsync();
        await primary.Asked;
        await PassAsync(time, usual);
        fails.SetResult();
        var result = await sending;

        Assert.Null(result.Failure);
        Assert.Equal([("e1", AttemptCause.Primary), ("e2", AttemptCause.Failover)], result.Event.Attempts.Select(a => (a.ModelEndpoint, a.Cause)));
    }

    [Fact]
    public async Task PutBack_WhoWasFoundToHedgeWith_IsNotedAsNotAskedAndIsAskedNext()
    {
        await using var primary = new ScriptedProvider();
        await using var backup = new ScriptedProvider();
        using var bench = new DispatchBench([primary, backup], Hedging, time: new ManualTime());
        var selector = new CandidateSelector(bench.Table.Features["f"], DispatchBench.Plain, DateTimeOffset.UnixEpoch);
        Assert.True(selector.TryNext(out var first, out _));
        Assert.True(selector.TryHedge(first, out var second, out _));

        selector.PutBack(second);

        Assert.Equal([CandidateReason.Admitted, CandidateReason.HedgeOverBudget], selector.Notes().Select(n => n.Reason));
        Assert.True(selector.TryNext(out var next, out _));
        Assert.Same(second, next);
        Assert.Equal(CandidateReason.Admitted, selector.Notes()[1].Reason);
    }

    [Fact]
    public async Task Dispatch_FirstComesBeforeTheOther_AnswersAndTheOtherIsStopped()
    {
        var (time, left, thinks) = (new ManualTime(), new TaskCompletionSource(), new TaskCompletionSource());
        await using var primary = new ScriptedProvider().ThenStream(Answer("primary"), thinks: thinks.Task);
        await using var backup = new ScriptedProvider().ThenIsLeft(left);
        using var bench = new DispatchBench([primary, backup], Hedging, time: time);
        var usual = IsKnown(bench, "e1");

        var sending = bench.SendAsync();
        await primary.Asked;
        await PassAsync(time, usual);
        await backup.Asked;
        thinks.SetResult();
        var result = await sending;
        await left.Task;

        Assert.Null(result.Failure);
        Assert.Equal((Seen("primary"), "e1"), (bench.Answer.Text, result.Event.ServedBy));
        Assert.Equal([(AttemptCause.Primary, AttemptOutcome.Answered), (AttemptCause.Hedge, AttemptOutcome.Cancelled)], result.Event.Attempts.Select(a => (a.Cause, a.Outcome)));
        Assert.Equal((0, 0), (bench.Health.Find("e2")!.InFlight, bench.Health.Find("e2")!.View().Failed));
        Assert.Equal(3, bench.Table.Features["f"].Memory.MeanAnswer); // Of the one that answered, not of the one that was stopped.
    }

    [Fact]
    public async Task Dispatch_FirstHasBegunInTime_NobodyElseIsAskedHoweverLongTheAnswerTakes()
    {
        var (time, end) = (new ManualTime(), new TaskCompletionSource());
        await using var primary = new ScriptedProvider().ThenStream(Answer("primary"), hold: end.Task);
        await using var backup = new ScriptedProvider();
        using var bench = new DispatchBench([primary, backup], f => Hedging(f) with { FirstTokenMs = 60_000 }, time: time);
        var usual = IsKnown(bench, "e1");

        var sending = bench.SendAsync();
        await bench.Answer.Began;
        time.Advance(usual * 3);
        end.SetResult();
        var result = await sending;

        Assert.Null(result.Failure);
        Assert.Single(result.Event.Attempts);
        Assert.Empty(backup.Requests);
    }

    [Fact]
    public async Task Dispatch_JustBeforeItIsSlow_NobodyElseIsAsked()
    {
        var (time, thinks) = (new ManualTime(), new TaskCompletionSource());
        await using var primary = new ScriptedProvider().ThenStream(Answer("primary"), thinks: thinks.Task);
        await using var backup = new ScriptedProvider();
        using var bench = new DispatchBench([primary, backup], Hedging, time: time);
        var usual = IsKnown(bench, "e1");

        var sending = bench.SendAsync();
        await primary.Asked;
        await time.TimerDueInAsync(usual, usual);
        time.Advance(usual - TimeSpan.FromMilliseconds(1));
        thinks.SetResult();
        await sending;

        Assert.Empty(backup.Requests);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Dispatch_WholeAnswer_TheFirstThatIsWholeIsTheAnswer(bool primaryFirst)
    {
        var (time, left, thinks) = (new ManualTime(), new TaskCompletionSource(), new TaskCompletionSource());
        await using var primary = primaryFirst
            ? new ScriptedProvider().Then(async (s, c) => { await thinks.Task; await s.WriteAsync(HttpOf(Whole), c); })
            : new ScriptedProvider().ThenPartOf(Whole, 60, hold: true);
        await using var backup = primaryFirst ? new ScriptedProvider().ThenIsLeft(left) : new ScriptedProvider().ThenAnswer(Whole);
        using var bench = new DispatchBench([primary, backup], Hedging, time: time);
        IsKnown(bench, "e1");
        var usual = TimeSpan.FromMilliseconds(bench.Health.Find("e1")!.DurationP95Ms);

        var sending = bench.SendAsync(stream: false);
        await primary.Asked;
        await PassAsync(time, usual);
        if (primaryFirst)
        {
            await backup.Asked;
            thinks.SetResult();
            await left.Task;
        }

        var result = await sending;

        Assert.Null(result.Failure);
        Assert.Equal((Whole, primaryFirst ? "e1" : "e2"), (bench.Answer.Text, result.Event.ServedBy));
        Assert.Equal(primaryFirst ? [AttemptOutcome.Answered, AttemptOutcome.Cancelled] : [AttemptOutcome.Cancelled, AttemptOutcome.Answered], result.Event.Attempts.Select(a => a.Outcome));
        Assert.Equal(UsageSource.Estimated, result.Event.Attempts[primaryFirst ? 1 : 0].Usage.Source);
    }

    [Fact]
    public async Task Dispatch_FirstFailsWhileTheOtherIsAtWork_TheOtherAnswers()
    {
        var (time, fails, thinks) = (new ManualTime(), new TaskCompletionSource(), new TaskCompletionSource());
        await using var primary = new ScriptedProvider().Then(async (s, c) => { await fails.Task; await s.WriteAsync(HttpOf("{}", 500), c); });
        await using var backup = new ScriptedProvider().ThenStream(Answer("backup"), thinks: thinks.Task);
        using var bench = new DispatchBench([primary, backup], Hedging, time: time);
        var usual = IsKnown(bench, "e1");

        var sending = bench.SendAsync();
        await primary.Asked;
        await PassAsync(time, usual);
        await backup.Asked;
        fails.SetResult();
        while (bench.Health.Find("e1")!.InFlight > 0) await Task.Yield();
        thinks.SetResult();
        var result = await sending;

        Assert.Null(result.Failure);
        Assert.Equal(Seen("backup"), bench.Answer.Text);
        Assert.Equal(FailureKind.UpstreamInternal, result.Event.Attempts[0].Failure);
        Assert.Equal(1, bench.Health.Find("e1")!.View().Failed); // A failure of its own is one, also in a race.
    }

    [Fact]
    public async Task Dispatch_FirstRefusesTheRequestItself_IsToldAndNotRoutedAround()
    {
        var (time, refuses, left) = (new ManualTime(), new TaskCompletionSource(), new TaskCompletionSource());
        await using var primary = new ScriptedProvider().Then(async (s, c) =>
        {
            await refuses.Task;
            await s.WriteAsync(HttpOf("""{"error":{"message":"x","type":"invalid_request_error","param":null,"code":"content_policy_violation"}}""", 400), c);
        });
        await using var backup = new ScriptedProvider().ThenIsLeft(left);
        using var bench = new DispatchBench([primary, backup], Hedging, time: time);
        var usual = IsKnown(bench, "e1");

        var sending = bench.SendAsync();
        await primary.Asked;
        await PassAsync(time, usual);
        await backup.Asked;
        refuses.SetResult();
        var result = await sending;
        await left.Task;

        Assert.Equal((FailureKind.ContentBlocked, false, RequestOutcome.Failed), (result.Failure!.Kind, result.Committed, result.Event.Outcome));
        Assert.Equal((AttemptOutcome.Failed, AttemptOutcome.Cancelled), (result.Event.Attempts[0].Outcome, result.Event.Attempts[1].Outcome));
    }

    [Fact]
    public async Task Dispatch_BothFail_TheNextIsAskedAsAfterAnyFailure()
    {
        var (time, fails) = (new ManualTime(), new TaskCompletionSource());
        await using var primary = new ScriptedProvider().Then(async (s, c) => { await fails.Task; await s.WriteAsync(HttpOf("{}", 500), c); });
        await using var second = new ScriptedProvider().ThenStatus(503, "{}");
        await using var third = new ScriptedProvider().ThenStream(Answer("third"));
        using var bench = new DispatchBench([primary, second, third], Hedging, time: time);
        var usual = IsKnown(bench, "e1");

        var sending = bench.SendAsync();
        await primary.Asked;
        await PassAsync(time, usual);
        await second.Asked;
        fails.SetResult();
        var result = await sending;

        Assert.Null(result.Failure);
        Assert.Equal((Seen("third"), "e3"), (bench.Answer.Text, result.Event.ServedBy));
        Assert.Equal([AttemptCause.Primary, AttemptCause.Hedge, AttemptCause.Failover], result.Event.Attempts.Select(a => a.Cause));
        Assert.Equal([1, 2, 3], result.Event.Attempts.Select(a => a.Number));
        Assert.Single(second.Requests);
    }

    [Fact]
    public async Task Dispatch_FirstsTokenIsRefusedInARaceThatBothLose_IsRenewedAndTriedOnceMore()
    {
        var (time, refuses, tokens) = (new ManualTime(), new TaskCompletionSource(), new CountedTokens());
        await using var primary = new ScriptedProvider().Then(async (s, c) => { await refuses.Task; await s.WriteAsync(HttpOf("{}", 401), c); }).ThenStream(Answer("primary"));
        await using var second = new ScriptedProvider().ThenStatus(503, "{}");
        await using var third = new ScriptedProvider();
        using var bench = new DispatchBench([primary, second, third], Hedging, tokens, time);
        var usual = IsKnown(bench, "e1");

        var sending = bench.SendAsync();
        await primary.Asked;
        await PassAsync(time, usual);
        await second.Asked;
        refuses.SetResult();
        var result = await sending;

        Assert.Null(result.Failure);
        Assert.Equal((Seen("primary"), "e1", 1), (bench.Answer.Text, result.Event.ServedBy, tokens.Invalidated));
        Assert.Equal([("e1", AttemptCause.Primary), ("e2", AttemptCause.Hedge), ("e1", AttemptCause.Retry)], result.Event.Attempts.Select(a => (a.ModelEndpoint, a.Cause)));
        Assert.Equal((0, 0), (bench.Health.Find("e1")!.InFlight, bench.Health.Find("e1")!.View().Failed));
        Assert.Empty(third.Requests);
    }

    [Fact]
    public async Task Dispatch_FirstsTokenIsRefusedInARaceThatTheOtherWins_IsRenewedForTheCallsThatCome()
    {
        var (time, refuses, thinks, tokens) = (new ManualTime(), new TaskCompletionSource(), new TaskCompletionSource(), new CountedTokens());
        await using var primary = new ScriptedProvider().Then(async (s, c) => { await refuses.Task; await s.WriteAsync(HttpOf("{}", 401), c); });
        await using var second = new ScriptedProvider().ThenStream(Answer("second"), thinks: thinks.Task);
        using var bench = new DispatchBench([primary, second], Hedging, tokens, time);
        var usual = IsKnown(bench, "e1");

        var sending = bench.SendAsync();
        await primary.Asked;
        await PassAsync(time, usual);
        await second.Asked;
        refuses.SetResult();
        while (tokens.Invalidated == 0) await Task.Yield();
        thinks.SetResult();
        var result = await sending;

        Assert.Equal((Seen("second"), 2, 1), (bench.Answer.Text, result.Event.Attempts.Length, tokens.Invalidated));
        Assert.Equal(FailureKind.Unauthenticated, result.Event.Attempts[0].Failure);
        Assert.Equal((0, 0), (bench.Health.Find("e1")!.InFlight, bench.Health.Find("e2")!.InFlight));
    }

    [Fact]
    public async Task Dispatch_WinnerBreaksOff_IsInterruptedAndNobodyGoesOn()
    {
        var (time, left) = (new ManualTime(), new TaskCompletionSource());
        await using var primary = new ScriptedProvider().ThenIsLeft(left);
        await using var backup = new ScriptedProvider().ThenStream(Answer("backup")[..1]);
        using var bench = new DispatchBench([primary, backup], Hedging, time: time);
        var usual = IsKnown(bench, "e1");

        var sending = bench.SendAsync();
        await primary.Asked;
        await PassAsync(time, usual);
        var result = await sending;

        Assert.Equal((FailureKind.StreamInterrupted, true, "e2"), (result.Failure!.Kind, result.Committed, result.Event.ServedBy));
        Assert.Equal(2, result.Event.Attempts.Length);
    }

    [Fact]
    public async Task Dispatch_CallerGoesAway_EndsBoth()
    {
        var (time, one, two) = (new ManualTime(), new TaskCompletionSource(), new TaskCompletionSource());
        using var gone = new CancellationTokenSource();
        await using var primary = new ScriptedProvider().ThenIsLeft(one);
        await using var backup = new ScriptedProvider().ThenIsLeft(two);
        using var bench = new DispatchBench([primary, backup], Hedging, time: time);
        var usual = IsKnown(bench, "e1");

        var sending = bench.SendAsync(caller: gone.Token);
        await primary.Asked;
        await PassAsync(time, usual);
        await backup.Asked;
        await gone.CancelAsync();
        var result = await sending;
        await Task.WhenAll(one.Task, two.Task);

        Assert.Equal((FailureKind.ClientCancelled, RequestOutcome.Cancelled, 2), (result.Failure!.Kind, result.Event.Outcome, result.Event.Attempts.Length));
        Assert.Equal((0, 0), (bench.Health.Find("e1")!.InFlight, bench.Health.Find("e2")!.InFlight));
    }

    [Fact]
    public async Task Dispatch_OvertakenAgainAndAgain_IsKnownAsTheSlowOneItIs()
    {
        var time = new ManualTime();
        await using var primary = new ScriptedProvider();
        await using var backup = new ScriptedProvider();
        using var bench = new DispatchBench([primary, backup], Hedging, time: time);
        IsKnown(bench, "e1");
        var health = bench.Health.Find("e1")!;
        var before = health.View().FirstTokenP90Ms;

        for (var i = 0; i < 8; i++)
        {
            var (left, thinks) = (new TaskCompletionSource(), new TaskCompletionSource());
            primary.ThenIsLeft(left);
            backup.ThenStream(Answer("backup"), thinks: thinks.Task);
            var sending = bench.SendAsync();
            while (primary.Requests.Count == i) await Task.Yield();
            await PassAsync(time, TimeSpan.FromMilliseconds(health.FirstTokenP95Ms));
            while (backup.Requests.Count == i) await Task.Yield();
            time.Advance(1);
            thinks.SetResult();
            await sending;
            await left.Task;
        }

        Assert.True(health.View().FirstTokenP90Ms > before); // Else what is slow would be ever less.
    }

    public static TheoryData<string> Reasons =>
        ["off", "nothing known", "tools", "protected", "to be continued", "one attempt only", "same provider", "backup open", "nothing left to hedge with"];

    [Theory]
    [MemberData(nameof(Reasons))]
    public async Task Dispatch_NotToBeHedged_NobodyElseIsAsked(string why)
    {
        var (time, thinks) = (new ManualTime(), new TaskCompletionSource());
        await using var primary = new ScriptedProvider().ThenStream(Answer("primary"), thinks: thinks.Task);
        await using var backup = new ScriptedProvider();
        using var bench = new DispatchBench(why == "same provider" ? [primary, primary] : [primary, backup], f => why switch
        {
            "off" => f,
            "protected" => Hedging(f) with { Delivery = DeliveryMode.Protected },
            "to be continued" => Hedging(f) with { Delivery = DeliveryMode.Continued },
            "one attempt only" => Hedging(f) with { MaxAttempts = 1 },
            "nothing left to hedge with" => f with { HedgePercent = 5 },
            _ => Hedging(f),
        }, time: time, endpoint: e => why == "to be continued" ? e with { Quirks = new QuirksConfig { Preset = "vllm" } } : e);
        if (why != "nothing known") IsKnown(bench, "e1");
        if (why == "backup open")
        {
            while (bench.Health.Find("e2")!.TryAcquire(out var permit, out _)) bench.Health.Find("e2")!.Return(permit, AttemptSignal.Failed(FailureKind.UpstreamInternal, default));
        }

        var sending = bench.SendAsync(needs: why == "tools" ? Capabilities.Text | Capabilities.Tools : Capabilities.Text);
        await primary.Asked;
        time.Advance(5);
        thinks.SetResult();
        var result = await sending;

        Assert.Equal(("e1", 1), (result.Event.Attempts[0].ModelEndpoint, result.Event.Attempts.Length));
        Assert.Empty(backup.Requests);
        Assert.Single(primary.Requests);
    }

    [Fact]
    public async Task Dispatch_BothComeAtTheSameTime_ExactlyOneIsTheAnswerAndBothAreInTheLedger()
    {
        var time = new ManualTime();
        await using var primary = new ScriptedProvider();
        await using var backup = new ScriptedProvider();
        var won = new List<string>();
        for (var i = 0; i < 200; i++)
        {
            var go = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            primary.ThenStream(Answer("primary"), thinks: go.Task);
            backup.ThenStream(Answer("backup"), thinks: go.Task);
            using var bench = new DispatchBench([primary, backup], Hedging, time: time);
            var usual = IsKnown(bench, "e1");

            var sending = bench.SendAsync();
            while (primary.Requests.Count == i) await Task.Yield();
            await PassAsync(time, usual);
            while (backup.Requests.Count == i) await Task.Yield();
            go.SetResult();
            var result = await sending;

            Assert.Null(result.Failure);
            var winner = result.Event.ServedBy == "e1" ? "primary" : "backup";
            Assert.Equal(Seen(winner), bench.Answer.Text);
            Assert.Single(bench.Answer.Begun);
            Assert.Equal([AttemptCause.Primary, AttemptCause.Hedge], result.Event.Attempts.Select(a => a.Cause));
            Assert.Single(result.Event.Attempts, a => a.Outcome == AttemptOutcome.Answered);
            Assert.Equal((0, 0), (bench.Health.Find("e1")!.InFlight, bench.Health.Find("e2")!.InFlight));
            won.Add(winner);
        }

        Assert.Equal(200, won.Count);
    }

    private sealed class CountedTokens : ICloudTokenSource
    {
        private int _invalidated;

        public int Invalidated => Volatile.Read(ref _invalidated);

        public ValueTask<CloudCredential> GetAsync(CancellationToken cancellationToken) => new(new ApiKeyCredential("k"));

        public void Invalidate() => Interlocked.Increment(ref _invalidated);
    }

    private static FeatureConfig Hedging(FeatureConfig feature) => feature with { HedgePercent = 100 };

    /// <summary>Twenty answers of half a second: the time after which the endpoint's next is slow.</summary>
    private static TimeSpan IsKnown(DispatchBench bench, string endpoint)
    {
        var health = bench.Health.Find(endpoint)!;
        for (var i = 0; i < 20; i++)
        {
            Assert.True(health.TryAcquire(out var permit, out _));
            health.Return(permit, AttemptSignal.Answered(TimeSpan.FromMilliseconds(500), TimeSpan.FromMilliseconds(900), 50));
        }

        return TimeSpan.FromMilliseconds(health.FirstTokenP95Ms);
    }

    private static async Task PassAsync(ManualTime time, TimeSpan usual)
    {
        await time.TimerDueInAsync(usual, usual); // The first is waited for.
        time.Advance(usual);
    }

    private static string[] Answer(string who) => [Delta(who), Stop, Usage, "data: [DONE]\n\n"];

    private static string Seen(string who) => Delta(who) + Stop;

    private static string Delta(string text) => "data: {\"id\":\"c1\",\"choices\":[{\"index\":0,\"delta\":{\"content\":\"" + text + "\"},\"finish_reason\":null}]}\n\n";

    private static string Stop => "data: {\"id\":\"c1\",\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"stop\"}]}\n\n";

    private static byte[] HttpOf(string body, int status = 200) =>
        System.Text.Encoding.UTF8.GetBytes($"HTTP/1.1 {status} X\r\nContent-Type: application/json\r\nContent-Length: {body.Length}\r\n\r\n{body}");
}
