using Routing.Core.Credentials;
using Routing.Core.Dispatch;
using Routing.Core.Health;
using Routing.Core.Llm;
using Routing.Core.Providers;
using Routing.Core.Snapshots;
using Routing.Core.Usage;
using TestKit;

namespace Routing.Core.Tests.Dispatch;

public sealed class ChatDispatcherTests
{
    private const string Role = "data: {\"id\":\"c1\",\"choices\":[{\"index\":0,\"delta\":{\"role\":\"assistant\",\"content\":\"\"},\"finish_reason\":null}]}\n\n";
    private const string Hello = "data: {\"id\":\"c1\",\"choices\":[{\"index\":0,\"delta\":{\"content\":\"Hello\"},\"finish_reason\":null}]}\n\n";
    private const string Stop = "data: {\"id\":\"c1\",\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"stop\"}]}\n\n";
    private const string Usage = "data: {\"id\":\"c1\",\"choices\":[],\"usage\":{\"prompt_tokens\":11,\"completion_tokens\":3,\"total_tokens\":14}}\n\n";
    private const string Done = "data: [DONE]\n\n";
    private const string Whole = """{"id":"c1","choices":[{"index":0,"message":{"role":"assistant","content":"Hello"},"finish_reason":"stop"}],"usage":{"prompt_tokens":11,"completion_tokens":3,"total_tokens":14}}""";
    private static readonly string[] Good = [Role, Hello, Stop, Usage, Done];

    [Fact]
    public async Task Dispatch_PrimaryStreams_ForwardsItsBytesAndPricesReportedUsage()
    {
        await using var primary = new ScriptedProvider().ThenStream(Good);
        using var bench = new DispatchBench([primary]);

        var result = await bench.SendAsync();

        Assert.Null(result.Failure);
        Assert.Equal(Role + Hello + Stop, bench.Answer.Text);
        var attempt = Assert.Single(result.Event.Attempts);
        Assert.Equal((AttemptCause.Primary, AttemptOutcome.Answered, StopReason.End), (attempt.Cause, attempt.Outcome, attempt.Stop));
        Assert.Equal((11, 3, UsageSource.Reported), (attempt.Usage.InputTotal, attempt.Usage.OutputTotal, attempt.Usage.Source));
        Assert.Equal(17, attempt.CostMicros);
        Assert.NotNull(attempt.FirstTokenMs);
        Assert.Equal(("e1", RequestOutcome.Answered, 5L), (result.Event.ServedBy, result.Event.Outcome, result.Event.Revision));
    }

    [Fact]
    public async Task Dispatch_SameWire_SendsModelOfTheEndpointAndAsksForUsage()
    {
        await using var primary = new ScriptedProvider().ThenStream(Good);
        using var bench = new DispatchBench([primary]);

        await bench.SendAsync();

        var body = primary.Requests.Single().Split("\r\n\r\n", 2)[1];
        Assert.Equal("""{"stream_options":{"include_usage":true},"model":"model-1","stream":true,"messages":[]}""", body);
    }

    [Fact]
    public async Task Dispatch_PrimaryAnswers500_BackupAnswersAndNothingOfThePrimaryIsSeen()
    {
        await using var primary = new ScriptedProvider().ThenStatus(500, """{"error":{"message":"x","type":"server_error"}}""");
        await using var backup = new ScriptedProvider().ThenAnswer(Whole);
        using var bench = new DispatchBench([primary, backup]);

        var result = await bench.SendAsync(stream: false);

        Assert.Null(result.Failure);
        Assert.Equal(Whole, bench.Answer.Text);
        Assert.Equal("e2 after 2", Assert.Single(bench.Answer.Begun));
        Assert.Equal([AttemptCause.Primary, AttemptCause.Failover], result.Event.Attempts.Select(a => a.Cause));
        Assert.Equal((FailureKind.UpstreamInternal, 500, 0L), (result.Event.Attempts[0].Failure!.Value, result.Event.Attempts[0].HttpStatus, result.Event.Attempts[0].CostMicros!.Value));
        Assert.Null(result.Event.Attempts[1].CostMicros); // No price for e2: unpriced, not zero.
    }

    [Fact]
    public async Task Dispatch_CallTheWireHasNoPlaceFor_IsNotSentThereAndTheNextAnswers()
    {
        await using var primary = new ScriptedProvider();
        await using var backup = new ScriptedProvider().ThenAnswer(Whole);
        using var bench = new DispatchBench([primary, backup], primary: ProviderKind.Bedrock);

        var result = await bench.SendAsync(stream: false, said: new ImagePart("image/tiff", "AA=="));

        Assert.Null(result.Failure);
        Assert.Empty(primary.Requests);
        Assert.Equal("e2 after 1", Assert.Single(bench.Answer.Begun)); // Calls that were sent.
        var refused = result.Event.Attempts[0];
        Assert.Equal((FailureKind.CapabilityUnsupported, 0, UsageSource.None), (refused.Failure!.Value, refused.HttpStatus, refused.Usage.Source));
    }

    [Fact]
    public async Task Dispatch_CallNobodysWireHasAPlaceFor_SaysWhichFieldItIs()
    {
        await using var only = new ScriptedProvider();
        using var bench = new DispatchBench([only], primary: ProviderKind.Bedrock);

        var result = await bench.SendAsync(said: new ImagePart("image/tiff", "AA=="));

        Assert.Equal((FailureKind.CapabilityUnsupported, "messages"), (result.Failure!.Kind, result.Failure.Param));
        Assert.Equal("e1 on Bedrock cannot take this call of feature 'f': Bedrock takes images as PNG, JPEG, GIF or WebP only.", result.Failure.Message);
        Assert.Empty(only.Requests);
    }

    [Fact]
    public async Task Dispatch_CutBeforeContent_FailsOverUnseen()
    {
        await using var primary = new ScriptedProvider().ThenStream([Role], whole: false);
        await using var backup = new ScriptedProvider().ThenStream(Good);
        using var bench = new DispatchBench([primary, backup]);

        var result = await bench.SendAsync();

        Assert.Null(result.Failure);
        Assert.Equal(Role + Hello + Stop, bench.Answer.Text);
        Assert.Equal("e2", result.Event.ServedBy);
    }

    [Fact]
    public async Task Dispatch_CutAfterContent_NeverAsksAnotherAndEstimatesUsage()
    {
        await using var primary = new ScriptedProvider().ThenStream([Role, Hello], whole: false);
        await using var backup = new ScriptedProvider().ThenStream(Good);
        using var bench = new DispatchBench([primary, backup]);

        var result = await bench.SendAsync();

        Assert.True(result.Committed);
        Assert.Equal(FailureKind.StreamInterrupted, result.Failure!.Kind);
        Assert.Empty(backup.Requests);
        var attempt = Assert.Single(result.Event.Attempts);
        Assert.Equal((AttemptOutcome.Interrupted, UsageSource.Estimated), (attempt.Outcome, attempt.Usage.Source));
        Assert.True(attempt.Usage.OutputTotal > 0 && attempt.CostMicros > 0);
        Assert.Equal(RequestOutcome.Interrupted, result.Event.Outcome);
    }

    [Theory]
    [InlineData(DeliveryMode.Immediate)]
    [InlineData(DeliveryMode.Protected)]
    public async Task Dispatch_CutBehindTheTerminalEvent_IsAWholeAnswer(DeliveryMode delivery)
    {
        var watch = new ReadWatch(string.Concat(Good).Length);
        await using var primary = new ScriptedProvider().ThenStream(Good, whole: false, hold: watch.DealtWith);
        await using var backup = new ScriptedProvider();
        using var bench = new DispatchBench([primary, backup], f => f with { Delivery = delivery }, watch: watch);

        var result = await bench.SendAsync();

        Assert.Null(result.Failure);
        Assert.Equal(Role + Hello + Stop, bench.Answer.Text);
        var attempt = Assert.Single(result.Event.Attempts);
        Assert.Equal((AttemptOutcome.Answered, UsageSource.Reported, 3), (attempt.Outcome, attempt.Usage.Source, attempt.Usage.OutputTotal));
        Assert.Equal((1, 0), (bench.Health.Find("e1")!.View().Answered, bench.Health.Find("e1")!.View().Failed));
    }

    [Fact]
    public async Task Dispatch_StreamEndsWithoutTerminalEvent_IsInterruptedNotAnswered()
    {
        await using var primary = new ScriptedProvider().ThenStream([Role, Hello]);
        using var bench = new DispatchBench([primary]);

        var result = await bench.SendAsync();

        Assert.Equal(FailureKind.StreamInterrupted, result.Failure!.Kind);
    }

    [Theory]
    [InlineData("cut")]
    [InlineData("malformed")]
    [InlineData("stall")]
    public async Task Dispatch_WholeAnswerBreaksAnywhere_BackupAnswersAndTheFirstIsPaidFor(string how)
    {
        var time = new ManualTime();
        await using var primary = how switch
        {
            "cut" => new ScriptedProvider().ThenPartOf(Whole, 60),
            "malformed" => new ScriptedProvider().ThenAnswer(Whole[..60]),
            _ => new ScriptedProvider().ThenPartOf(Whole, 60, hold: true),
        };
        await using var backup = new ScriptedProvider().ThenAnswer(Whole);
        using var bench = new DispatchBench([primary, backup], time: time);

        var sending = bench.SendAsync(stream: false);
        await primary.Asked;
        if (how == "stall") time.Advance(60);
        var result = await sending;

        Assert.Null(result.Failure);
        Assert.Equal((Whole, "e2"), (bench.Answer.Text, result.Event.ServedBy));
        Assert.Equal((AttemptOutcome.Failed, UsageSource.Estimated), (result.Event.Attempts[0].Outcome, result.Event.Attempts[0].Usage.Source));
        Assert.Equal(1, bench.Health.Find("e1")!.View().Failed);
    }

    [Fact]
    public async Task Dispatch_CallersMistake_IsNotTriedElsewhere()
    {
        await using var primary = new ScriptedProvider().ThenStatus(400, """{"error":{"message":"x","type":"invalid_request_error","param":"messages","code":null}}""");
        await using var backup = new ScriptedProvider().ThenStream(Good);
        using var bench = new DispatchBench([primary, backup]);

        var result = await bench.SendAsync();

        Assert.Equal((FailureKind.InvalidRequest, "messages"), (result.Failure!.Kind, result.Failure.Param));
        Assert.Empty(backup.Requests);
    }

    [Fact]
    public async Task Dispatch_NoFirstTokenInTime_AsksTheBackup()
    {
        var time = new ManualTime();
        await using var primary = new ScriptedProvider().ThenSilence();
        await using var backup = new ScriptedProvider().ThenStream(Good);
        using var bench = new DispatchBench([primary, backup], f => f with { FirstTokenMs = 1000 }, time: time);

        var sending = bench.SendAsync();
        await primary.Asked;
        time.Advance(1);
        var result = await sending;

        Assert.Null(result.Failure);
        Assert.Equal(FailureKind.DeadlineFirstToken, result.Event.Attempts[0].Failure);
        Assert.Equal(UsageSource.Estimated, result.Event.Attempts[0].Usage.Source);
        Assert.Equal("e2", result.Event.ServedBy);
    }

    [Fact]
    public async Task Dispatch_SilenceInsideTheStream_IsInterrupted()
    {
        var hold = new TaskCompletionSource();
        var time = new ManualTime();
        await using var primary = new ScriptedProvider().ThenStream([Role, Hello], hold: hold.Task);
        using var bench = new DispatchBench([primary], f => f with { FirstTokenMs = 1000, TotalMs = 3_600_000 }, time: time);

        var sending = bench.SendAsync();
        await bench.Answer.Began;
        await PassTimeUntil(sending, time);
        var result = await sending;

        Assert.Equal((FailureKind.StreamInterrupted, true), (result.Failure!.Kind, result.Committed));
    }

    [Fact]
    public async Task Dispatch_EverythingArrivesAtOnce_IsLeftForTheLastSend()
    {
        var body = string.Concat(Good);
        await using var primary = new ScriptedProvider().ThenAnswer(body);
        using var bench = new DispatchBench([primary]);

        var result = await bench.SendAsync();

        Assert.Null(result.Failure);
        Assert.Equal((Role + Hello + Stop, 0), (bench.Answer.Text, bench.Answer.Flushes));
    }

    [Fact]
    public async Task Dispatch_CallerReadsSlowly_NeitherTripsTheLimitOfSilenceNorLooksSlow()
    {
        var reads = new TaskCompletionSource();
        var time = new ManualTime();
        await using var primary = new ScriptedProvider().ThenStream(Good, hold: reads.Task);
        using var bench = new DispatchBench([primary], f => f with { FirstTokenMs = 1000 }, time: time);
        bench.Answer.Reads = reads.Task;

        var sending = bench.SendAsync();
        await bench.Answer.Began;
        time.Advance(5);
        reads.SetResult();
        var result = await sending;

        Assert.Null(result.Failure);
        Assert.Equal(Role + Hello + Stop, bench.Answer.Text);
        Assert.Equal(5000, result.Event.Attempts[0].DurationMs);
        var health = bench.Health.Find("e1")!.View();
        Assert.Equal((1, 0, 0), (health.Answered, health.Failed, health.DurationP90Ms));
    }

    [Fact]
    public async Task Dispatch_SilenceAfterASlowRead_IsInterrupted()
    {
        var (reads, hold) = (new TaskCompletionSource(), new TaskCompletionSource());
        var time = new ManualTime();
        await using var primary = new ScriptedProvider().ThenStream([Role, Hello], hold: hold.Task);
        using var bench = new DispatchBench([primary], f => f with { FirstTokenMs = 1000, TotalMs = 3_600_000 }, time: time);
        bench.Answer.Reads = reads.Task;

        var sending = bench.SendAsync();
        await bench.Answer.Began;
        time.Advance(5);
        reads.SetResult();
        await PassTimeUntil(sending, time);
        var result = await sending;

        Assert.Equal(FailureKind.StreamInterrupted, result.Failure!.Kind);
    }

    [Fact]
    public async Task Dispatch_CallerNeverReads_EndsAtTheTotalAsTheCallersDoing()
    {
        var time = new ManualTime();
        await using var primary = new ScriptedProvider().ThenStream([Role, Hello], hold: new TaskCompletionSource().Task);
        using var bench = new DispatchBench([primary], f => f with { FirstTokenMs = 1000, TotalMs = 10_000 }, time: time);
        bench.Answer.Reads = new TaskCompletionSource().Task;

        var sending = bench.SendAsync();
        await bench.Answer.Began;
        time.Advance(10);
        var result = await sending;

        Assert.Equal((FailureKind.ClientCancelled, RequestOutcome.Cancelled), (result.Failure!.Kind, result.Event.Outcome));
        Assert.Contains("10 s", result.Failure.Message, StringComparison.Ordinal);
        Assert.Equal(AttemptOutcome.Cancelled, result.Event.Attempts[0].Outcome);
        Assert.Equal(0, bench.Health.Find("e1")!.View().Failed);
    }

    [Fact]
    public async Task Dispatch_CallerGoesAway_EndsTheUpstreamCallAndKeepsTheRow()
    {
        var hold = new TaskCompletionSource();
        using var gone = new CancellationTokenSource();
        await using var primary = new ScriptedProvider().ThenStream([Role, Hello], hold: hold.Task);
        using var bench = new DispatchBench([primary]);

        var sending = bench.SendAsync(caller: gone.Token);
        await bench.Answer.Began;
        await gone.CancelAsync();
        var result = await sending;

        Assert.Equal((FailureKind.ClientCancelled, RequestOutcome.Cancelled), (result.Failure!.Kind, result.Event.Outcome));
        Assert.Equal((AttemptOutcome.Cancelled, UsageSource.Estimated), (result.Event.Attempts[0].Outcome, result.Event.Attempts[0].Usage.Source));
        Assert.Equal(0, bench.Health.Find("e1")!.InFlight);
    }

    [Fact]
    public async Task Dispatch_TokenRefused_RenewsItAndTriesTheSameEndpointOnce()
    {
        await using var primary = new ScriptedProvider().ThenStatus(401, "{}").ThenStream(Good);
        await using var backup = new ScriptedProvider();
        var tokens = new CountingTokens();
        using var bench = new DispatchBench([primary, backup], tokens: tokens);

        var result = await bench.SendAsync();

        Assert.Null(result.Failure);
        Assert.Equal(1, tokens.Invalidated);
        Assert.Equal(FailureKind.Unauthenticated, result.Event.Attempts[0].Failure);
        Assert.Equal(("e1", AttemptCause.Retry), (result.Event.ServedBy, result.Event.Attempts[1].Cause));
    }

    [Fact]
    public async Task Dispatch_AnswerStopsBeforeItsFirstWord_IsAnAnswerWithItsStopAndUsage()
    {
        const string length = "data: {\"id\":\"c1\",\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"length\"}]}\n\n";
        await using var primary = new ScriptedProvider().ThenStream([Role, length, Usage, Done]);
        using var bench = new DispatchBench([primary]);

        var result = await bench.SendAsync();

        Assert.Null(result.Failure);
        Assert.True(result.Committed);
        Assert.Equal("e1 after 1", Assert.Single(bench.Answer.Begun));
        Assert.Equal(Role + length, bench.Answer.Text);
        Assert.Equal(("e1", StopReason.Length, 3L), (result.Event.ServedBy, result.Event.Attempts[0].Stop, result.Event.Attempts[0].Usage.OutputTotal));
    }

    [Fact]
    public async Task Dispatch_ErrorInAStreamThatHadBegun_IsBookedAsEstimatedNotAsFree()
    {
        await using var primary = new ScriptedProvider().ThenStream([Role, Hello, "data: {\"error\":{\"message\":\"x\",\"type\":\"server_error\",\"code\":\"server_error\"}}\n\n"]);
        using var bench = new DispatchBench([primary]);

        var result = await bench.SendAsync();

        var attempt = Assert.Single(result.Event.Attempts);
        Assert.Equal((AttemptOutcome.Interrupted, UsageSource.Estimated), (attempt.Outcome, attempt.Usage.Source));
        Assert.True(attempt.CostMicros > 0);
    }

    [Fact]
    public async Task Dispatch_KeyRefusedAndNoAttemptLeft_IsCountedAtOnce()
    {
        await using var primary = new ScriptedProvider().ThenStatus(401, "{}");
        using var bench = new DispatchBench([primary], f => f with { MaxAttempts = 1 });

        await bench.SendAsync();

        Assert.Equal((BreakerState.Isolated, 0), (bench.Health.Find("e1")!.State, bench.Health.Find("e1")!.InFlight));
    }

    [Fact]
    public async Task Dispatch_OurOwnCodeThrows_TheEventIsThereAndThePermitIsBack()
    {
        await using var primary = new ScriptedProvider().ThenStream(Good);
        using var bench = new DispatchBench([primary], tokens: new BrokenTokens());

        var result = await bench.SendAsync();

        Assert.IsType<NotSupportedException>(result.Bug);
        Assert.Equal(FailureKind.Unknown, Assert.Single(result.Event.Attempts).Failure);
        Assert.Equal((0, 0, BreakerState.Closed), (bench.Health.Find("e1")!.InFlight, bench.Health.Find("e1")!.View().Failed, bench.Health.Find("e1")!.State));
    }

    [Fact]
    public async Task Dispatch_BackupOutOfService_AWholeAnswerGetsAllTheTime()
    {
        await using var primary = new ScriptedProvider().ThenSilence();
        await using var backup = new ScriptedProvider();
        using var bench = new DispatchBench([primary, backup], f => f with { TotalMs = 400 });
        bench.Health.Find("e2")!.Isolate(DateTimeOffset.MaxValue, "maintenance", "tests");

        var result = await bench.SendAsync(stream: false);

        Assert.Equal(FailureKind.DeadlineTotal, result.Failure!.Kind); // Not after half of it.
    }

    [Fact]
    public async Task Dispatch_FreshTokenRefusedToo_IsolatesTheEndpoint()
    {
        await using var primary = new ScriptedProvider().ThenStatus(401, "{}").ThenStatus(401, "{}");
        await using var backup = new ScriptedProvider().ThenStream(Good);
        using var bench = new DispatchBench([primary, backup]);

        var result = await bench.SendAsync();

        Assert.Equal("e2", result.Event.ServedBy);
        Assert.Equal(BreakerState.Isolated, bench.Health.Find("e1")!.State);
    }

    [Fact]
    public async Task Dispatch_CredentialCannotBeHad_IsAConfigurationFaultAndFailsOver()
    {
        await using var primary = new ScriptedProvider();
        using var bench = new DispatchBench([primary], tokens: new FailingTokens());

        var result = await bench.SendAsync();

        Assert.Equal(FailureKind.CredentialExchangeFailed, result.Failure!.Kind);
        Assert.Empty(primary.Requests);
        Assert.Equal(BreakerState.Isolated, bench.Health.Find("e1")!.State);
    }

    [Fact]
    public async Task Dispatch_TokenServiceIsSilent_IsAnIdentityFaultAndNotTheModels()
    {
        await using var primary = new ScriptedProvider();
        using var bench = new DispatchBench([primary], f => f with { FirstTokenMs = 100 }, new SilentTokens());

        var result = await bench.SendAsync();

        Assert.Equal(FailureKind.CredentialExchangeFailed, result.Failure!.Kind);
        var view = bench.Health.Find("e1")!.View();
        Assert.Equal((FailureKind.CredentialExchangeFailed, 0), (view.Fault, view.Failed));
    }

    [Fact]
    public async Task Dispatch_NobodyCanDoIt_NamesTheFieldAndWhyEachCandidateCannot()
    {
        await using var primary = new ScriptedProvider();
        using var bench = new DispatchBench([primary, primary], endpoint: e => e.Id == "e2" ? e with { Capabilities = ["text"] } : e);

        var result = await bench.SendAsync(needs: Capabilities.Text | Capabilities.Audio, fields: new() { [Capabilities.Audio] = new("messages[0].content[1]") });

        Assert.Equal((FailureKind.CapabilityUnsupported, "messages[0].content[1]"), (result.Failure!.Kind, result.Failure.Param));
        Assert.Contains("'f' can take 'messages[0].content[1]': e1 on an OpenAI-compatible server has no place for it; e2 on", result.Failure.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("a1", result.Failure.Message, StringComparison.Ordinal);
        Assert.Empty(result.Event.Attempts);
    }

    [Fact]
    public async Task Dispatch_EachLacksSomethingElse_SaysSoOfEach()
    {
        await using var primary = new ScriptedProvider();
        using var bench = new DispatchBench([primary, primary], endpoint: e => e with { Capabilities = [e.Id == "e1" ? "seed" : "logprobs"] });

        var result = await bench.SendAsync(needs: Capabilities.Text | Capabilities.Seed | Capabilities.Logprobs,
            fields: new() { [Capabilities.Seed] = new("seed"), [Capabilities.Logprobs] = new("top_logprobs") });

        Assert.Equal("top_logprobs", result.Failure!.Param);
        Assert.Contains("e1 on an OpenAI-compatible server has 'top_logprobs' taken away by its configuration; e2 on an OpenAI-compatible server has 'seed' taken away",
            result.Failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Dispatch_CountRefused_SaysNothingOfTheModel()
    {
        await using var primary = new ScriptedProvider().ThenStatus(404, """{"type":"error","error":{"type":"not_found_error","message":"no counter"}}""");
        using var bench = new DispatchBench([primary], primary: ProviderKind.Anthropic);

        var result = await bench.SendAsync(stream: false, Capabilities.Text | Capabilities.TokenCounting, api: CallerApi.CountTokens);

        Assert.Equal(FailureKind.ModelNotFound, result.Failure!.Kind);
        var health = bench.Health.Find("e1")!.View();
        Assert.Equal((BreakerState.Closed, 0, 0), (health.State, health.Answered, health.Failed));
    }

    [Fact]
    public async Task Dispatch_EveryoneIsolated_RefusesAndSaysSo()
    {
        await using var primary = new ScriptedProvider();
        using var bench = new DispatchBench([primary]);
        bench.Health.Find("e1")!.Isolate(TimeProvider.System.GetUtcNow().AddMinutes(5), "maintenance window", "tests");

        var result = await bench.SendAsync();

        Assert.Equal(FailureKind.NoEligibleEndpoint, result.Failure!.Kind);
        Assert.NotNull(result.Failure.RetryAfter);
        Assert.Empty(primary.Requests);
    }

    [Fact]
    public async Task Dispatch_OnlyCandidateKeepsFailing_CallersStillGetItWhenItComesBack()
    {
        await using var primary = new ScriptedProvider();
        for (var i = 0; i < 12; i++) primary.ThenStatus(503, "{}");
        for (var i = 0; i < 4; i++) primary.ThenStream(Good);
        var time = new ManualTime();
        using var bench = new DispatchBench([primary], f => f with { TotalMs = 3_600_000 }, time: time);

        // Each call is tried twice; the breaker opens after five failures, and then calls get through by failing open.
        while (primary.Requests.Count < 12)
        {
            var sending = bench.SendAsync();
            await Task.WhenAny(sending, time.TimerDueInAsync(TimeSpan.FromMilliseconds(250), TimeSpan.FromMilliseconds(750)));
            time.Advance(1);
            await sending;
        }

        var result = await bench.SendAsync();

        Assert.Equal(BreakerState.Open, bench.Health.Find("e1")!.State);
        Assert.Null(result.Failure);
    }

    [Fact]
    public async Task Dispatch_PrimaryIsOpen_WhoStandsInWasNotTheFirstChoice()
    {
        await using var primary = new ScriptedProvider();
        await using var backup = new ScriptedProvider().ThenStream(Good);
        using var bench = new DispatchBench([primary, backup]);
        Open(bench.Health.Find("e1")!, answeredBefore: 0);

        var result = await bench.SendAsync();

        Assert.Equal(("e2", AttemptCause.Failover), (result.Event.ServedBy, Assert.Single(result.Event.Attempts).Cause));
    }

    [Fact]
    public async Task Dispatch_EveryoneOpen_AsksTheOneThatFailedLeast()
    {
        await using var primary = new ScriptedProvider();
        await using var backup = new ScriptedProvider().ThenStream(Good);
        using var bench = new DispatchBench([primary, backup]);
        Open(bench.Health.Find("e1")!, answeredBefore: 0);
        Open(bench.Health.Find("e2")!, answeredBefore: 60);

        var result = await bench.SendAsync();

        Assert.Equal("e2", result.Event.ServedBy);
    }

    [Fact]
    public async Task Dispatch_OneOpenOneRamping_AsksTheRampingOneWhateverItsFailures()
    {
        await using var primary = new ScriptedProvider();
        await using var backup = new ScriptedProvider().ThenStream(Good);
        using var bench = new DispatchBench([primary, backup]);
        Open(bench.Health.Find("e1")!, answeredBefore: 60);
        var ramping = bench.Health.Find("e2")!;
        Open(ramping, answeredBefore: 0);
        ramping.Isolate(TimeProvider.System.GetUtcNow().AddMinutes(5), "maintenance window", "tests");
        ramping.Release("tests");
        Assert.True(ramping.TryAcquire(out _, out _)); // The one question it may be asked.

        var result = await bench.SendAsync();

        Assert.Equal("e2", result.Event.ServedBy);
    }

    [Fact]
    public async Task Dispatch_LeastBadHasItsFewCallsAlready_AsksTheNext()
    {
        await using var primary = new ScriptedProvider().ThenStream(Good);
        await using var backup = new ScriptedProvider();
        using var bench = new DispatchBench([primary, backup]);
        Open(bench.Health.Find("e1")!, answeredBefore: 0);
        Open(bench.Health.Find("e2")!, answeredBefore: 60);
        while (bench.Health.Find("e2")!.TryAcquireFailOpen(out _)) { }

        var result = await bench.SendAsync();

        Assert.Equal("e1", result.Event.ServedBy);
    }

    [Fact]
    public async Task Dispatch_EqualAndOpen_KeepsTheOrderOfTiersAndPassesTheIsolatedBy()
    {
        await using var isolated = new ScriptedProvider();
        await using var second = new ScriptedProvider().ThenStream(Good);
        await using var third = new ScriptedProvider();
        using var bench = new DispatchBench([isolated, second, third]);
        bench.Health.Find("e1")!.Isolate(TimeProvider.System.GetUtcNow().AddMinutes(5), "maintenance window", "tests");
        Open(bench.Health.Find("e2")!, answeredBefore: 0);
        Open(bench.Health.Find("e3")!, answeredBefore: 0);

        var result = await bench.SendAsync();

        Assert.Equal("e2", result.Event.ServedBy);
    }

    [Fact]
    public async Task TryFailOpen_EveryoneOpen_AllocatesNothing()
    {
        await using var primary = new ScriptedProvider();
        await using var backup = new ScriptedProvider();
        using var bench = new DispatchBench([primary, backup]);
        Open(bench.Health.Find("e1")!, answeredBefore: 0);
        Open(bench.Health.Find("e2")!, answeredBefore: 60);
        var selector = new CandidateSelector(bench.Table.Features["f"], DispatchBench.Plain, DateTimeOffset.UnixEpoch);

        Assert.Equal(0, Allocations.Least(() => FailOpen(selector, 1_000)));

        static void FailOpen(CandidateSelector selector, int times)
        {
            for (var i = 0; i < times; i++)
            {
                var asked = selector; // Nobody is asked twice by one.
                if (asked.TryFailOpen(out var candidate, out var permit)) candidate.Endpoint.Health.Return(permit, AttemptSignal.Failed(FailureKind.UpstreamInternal, default));
            }
        }
    }

    [Fact]
    public async Task Dispatch_WeightedTier_SharesByWeightAndReplaysBySeed()
    {
        await using var one = new ScriptedProvider();
        await using var two = new ScriptedProvider();
        for (var i = 0; i < 200; i++)
        {
            one.ThenAnswer(Whole);
            two.ThenAnswer(Whole);
        }

        using var bench = new DispatchBench([one, two], f => f with
        {
            Candidates = [f.Candidates[0] with { Weight = 80 }, f.Candidates[1] with { Tier = 1, Weight = 20 }],
        });
        for (var i = 0; i < 200; i++) await bench.SendAsync(stream: false);

        Assert.Equal(200, one.Requests.Count + two.Requests.Count);
        Assert.InRange(two.Requests.Count, 25, 55);
    }

    /// <summary>The clock goes on, a little at a time, until the call has ended: what arms its limits runs on other threads.</summary>
    private static async Task PassTimeUntil(Task ended, ManualTime time)
    {
        while (!ended.IsCompleted)
        {
            time.Advance(0.1);
            await Task.Yield();
        }
    }

    private static void Open(EndpointHealth health, int answeredBefore)
    {
        for (var i = 0; i < answeredBefore; i++) Call(AttemptSignal.Answered(TimeSpan.FromMilliseconds(10), TimeSpan.FromMilliseconds(20), 5));
        while (health.State == BreakerState.Closed) Call(AttemptSignal.Failed(FailureKind.UpstreamInternal, TimeSpan.FromMilliseconds(20)));
        Assert.Equal(BreakerState.Open, health.State);

        void Call(AttemptSignal signal)
        {
            Assert.True(health.TryAcquire(out var permit, out _));
            health.Return(permit, signal);
        }
    }

    private sealed class CountingTokens : ICloudTokenSource
    {
        public int Invalidated { get; private set; }

        public ValueTask<CloudCredential> GetAsync(CancellationToken cancellationToken) => new(new ApiKeyCredential("k"));

        public void Invalidate() => Invalidated++;
    }

    private sealed class SilentTokens : ICloudTokenSource
    {
        public async ValueTask<CloudCredential> GetAsync(CancellationToken cancellationToken)
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancellationToken);
            return NoCredential.Instance;
        }

        public void Invalidate() { }
    }

    private sealed class FailingTokens : ICloudTokenSource
    {
        public ValueTask<CloudCredential> GetAsync(CancellationToken cancellationToken) =>
            throw new CredentialException("The token service refused the key of account a1. Check that it is enabled.");

        public void Invalidate() { }
    }

    private sealed class BrokenTokens : ICloudTokenSource
    {
        public ValueTask<CloudCredential> GetAsync(CancellationToken cancellationToken) => throw new NotSupportedException("A bug.");

        public void Invalidate() { }
    }
}
