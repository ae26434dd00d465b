using Routing.Core.Dispatch;
using Routing.Core.Health;
using Routing.Core.Llm;
using Routing.Core.Usage;
using TestKit;

namespace Routing.Core.Tests.Dispatch;

/// <summary>An attempt has failed and everybody left refuses: the least bad of them is asked, within bounds.</summary>
public sealed class FailOpenAfterFailureTests
{
    private const string Hello = "data: {\"id\":\"c1\",\"choices\":[{\"index\":0,\"delta\":{\"content\":\"Hello\"},\"finish_reason\":null}]}\n\n";
    private const string Stop = "data: {\"id\":\"c1\",\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"stop\"}]}\n\n";
    private const string TooLong = """{"error":{"message":"x","type":"invalid_request_error","code":"context_length_exceeded"}}""";
    private static readonly string[] Good = [Hello, Stop, "data: [DONE]\n\n"];

    [Fact]
    public async Task Dispatch_BackupIsOpen_IsAskedAllTheSame()
    {
        await using var primary = Failing(1);
        await using var backup = new ScriptedProvider().ThenStream(Good);
        using var bench = new DispatchBench([primary, backup], time: new ManualTime());
        Open(bench.Health.Find("e2")!);

        var result = await bench.SendAsync();

        Assert.Null(result.Failure);
        Assert.Equal("e2", result.Event.ServedBy);
        Assert.Equal([AttemptCause.Primary, AttemptCause.Failover], result.Event.Attempts.Select(a => a.Cause));
        Assert.Equal(BreakerState.Open, result.Event.Attempts[1].Breaker);
        Assert.Equal([CandidateReason.Admitted, CandidateReason.AdmittedFailOpen], result.Event.Candidates.Select(c => c.Reason));
        Assert.Equal(0, bench.Health.Find("e2")!.InFlight);
    }

    [Fact]
    public async Task Dispatch_SeveralAreOpen_AsksTheLeastBadFirstAndNobodyTwice()
    {
        await using var primary = Failing(1);
        await using var second = Failing(1);
        await using var third = Failing(1);
        using var bench = new DispatchBench([primary, second, third], f => f with { MaxAttempts = 5 }, time: new ManualTime());
        Open(bench.Health.Find("e2")!);
        Open(bench.Health.Find("e3")!, answeredBefore: 60);

        var result = await bench.SendAsync();

        Assert.Equal(FailureKind.ModelError, result.Failure!.Kind);
        Assert.Equal(["e1", "e3", "e2"], result.Event.Attempts.Select(a => a.ModelEndpoint), StringComparer.Ordinal);
    }

    [Fact]
    public async Task Dispatch_FailureThatPasses_TriesTheOneThatWorksAgainBeforeOneThatIsDown()
    {
        var time = new ManualTime();
        await using var primary = new ScriptedProvider().ThenStatus(503, "{}").ThenStream(Good);
        await using var backup = new ScriptedProvider();
        using var bench = new DispatchBench([primary, backup], time: time);
        Open(bench.Health.Find("e2")!);

        var sending = bench.SendAsync();
        await time.TimerDueInAsync(TimeSpan.FromMilliseconds(250), TimeSpan.FromMilliseconds(750));
        time.Advance(1);
        var result = await sending;

        Assert.Null(result.Failure);
        Assert.Equal([AttemptCause.Primary, AttemptCause.Retry], result.Event.Attempts.Select(a => a.Cause));
        Assert.Empty(backup.Requests);
    }

    [Fact]
    public async Task Dispatch_TheOneToBeTriedAgainIsTakenOutDuringThePause_LeavesTheBudgetToTheOther()
    {
        var time = new ManualTime();
        await using var primary = new ScriptedProvider().ThenStatus(503, "{}");
        await using var backup = new ScriptedProvider().ThenStream(Good);
        using var bench = new DispatchBench([primary, backup], time: time);
        Open(bench.Health.Find("e2")!);
        for (var i = 0; i < 9; i++) bench.Table.Features["f"].Memory.Retries.Spend(second: 0, bytes: 100); // Of ten.

        var sending = bench.SendAsync();
        await time.TimerDueInAsync(TimeSpan.FromMilliseconds(250), TimeSpan.FromMilliseconds(750));
        bench.Health.Find("e1")!.Isolate(time.GetUtcNow().AddMinutes(5), "maintenance window", "tests");
        time.Advance(0.75);
        var result = await sending;

        Assert.Null(result.Failure);
        Assert.Equal([("e1", AttemptCause.Primary), ("e2", AttemptCause.Failover)], result.Event.Attempts.Select(a => (a.ModelEndpoint, a.Cause)));
    }

    [Fact]
    public async Task Dispatch_TooMuchWasTriedLately_LeavesItAtTheFailure()
    {
        await using var primary = Failing(11);
        await using var backup = Failing(11);
        using var bench = new DispatchBench([primary, backup], time: new ManualTime());
        Open(bench.Health.Find("e1")!);
        Open(bench.Health.Find("e2")!);

        for (var i = 0; i < 11; i++) Assert.Equal(FailureKind.ModelError, (await bench.SendAsync()).Failure!.Kind);

        Assert.Equal(21, primary.Requests.Count + backup.Requests.Count); // Ten more than were asked for in ten seconds.
    }

    [Fact]
    public async Task Dispatch_AsManyAsMayAskTheOpenOneAreUnderWay_LeavesItAtTheFailure()
    {
        await using var primary = Failing(1);
        await using var backup = new ScriptedProvider();
        using var bench = new DispatchBench([primary, backup], time: new ManualTime());
        Open(bench.Health.Find("e2")!);
        while (bench.Health.Find("e2")!.TryAcquireFailOpen(out _)) { }

        var result = await bench.SendAsync();

        Assert.Equal(FailureKind.ModelError, result.Failure!.Kind);
        Assert.Empty(backup.Requests);
        Assert.Equal(CandidateReason.FailOpenFull, result.Event.Candidates[1].Reason);
    }

    [Fact]
    public async Task Dispatch_BackupIsIsolated_IsNeverAsked()
    {
        await using var primary = Failing(1);
        await using var backup = new ScriptedProvider();
        var time = new ManualTime();
        using var bench = new DispatchBench([primary, backup], time: time);
        bench.Health.Find("e2")!.Isolate(time.GetUtcNow().AddMinutes(5), "maintenance window", "tests");

        var result = await bench.SendAsync();

        Assert.Equal(FailureKind.ModelError, result.Failure!.Kind);
        Assert.Empty(backup.Requests);
    }

    [Fact]
    public async Task Dispatch_PromptTooLongForTheOpenOneToo_IsNotSentThere()
    {
        await using var primary = new ScriptedProvider().ThenStatus(400, TooLong);
        await using var backup = new ScriptedProvider();
        using var bench = new DispatchBench([primary, backup], endpoint: e => e with { ContextTokens = 8_000 }, time: new ManualTime());
        Open(bench.Health.Find("e2")!);

        var result = await bench.SendAsync();

        Assert.Equal(FailureKind.ContextTooLong, result.Failure!.Kind);
        Assert.Empty(backup.Requests);
    }

    [Fact]
    public async Task Dispatch_CallersMistake_IsNotPutToAnybodyElse()
    {
        await using var primary = new ScriptedProvider().ThenStatus(400, """{"error":{"message":"x","type":"invalid_request_error","param":"messages","code":null}}""");
        await using var backup = new ScriptedProvider();
        using var bench = new DispatchBench([primary, backup], time: new ManualTime());
        Open(bench.Health.Find("e2")!);

        var result = await bench.SendAsync();

        Assert.Equal(FailureKind.InvalidRequest, result.Failure!.Kind);
        Assert.Empty(backup.Requests);
    }

    // A failure that is not tried again on the same model.
    private static ScriptedProvider Failing(int times)
    {
        var provider = new ScriptedProvider();
        for (var i = 0; i < times; i++) provider.ThenStatus(424, "{}");
        return provider;
    }

    private static void Open(EndpointHealth health, int answeredBefore = 0)
    {
        for (var i = 0; i < answeredBefore; i++) Call(AttemptSignal.Answered(TimeSpan.FromMilliseconds(10), TimeSpan.FromMilliseconds(20), 5));
        while (health.State == BreakerState.Closed) Call(AttemptSignal.Failed(FailureKind.UpstreamInternal, TimeSpan.FromMilliseconds(20)));

        void Call(AttemptSignal signal)
        {
            Assert.True(health.TryAcquire(out var permit, out _));
            health.Return(permit, signal);
        }
    }
}
