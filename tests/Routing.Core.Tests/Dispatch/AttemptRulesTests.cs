using Routing.Core.Dispatch;
using Routing.Core.Llm;
using Routing.Core.Usage;
using TestKit;

namespace Routing.Core.Tests.Dispatch;

/// <summary>Who is asked again, when, and how often; and what the caller is told when nobody answers.</summary>
public sealed class AttemptRulesTests
{
    private const string Hello = "data: {\"id\":\"c1\",\"choices\":[{\"index\":0,\"delta\":{\"content\":\"Hello\"},\"finish_reason\":null}]}\n\n";
    private const string Stop = "data: {\"id\":\"c1\",\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"stop\"}]}\n\n";
    private const string TooMany = """{"error":{"message":"x","type":"requests","code":"rate_limit_exceeded"}}""";
    private const string TooLong = """{"error":{"message":"x","type":"invalid_request_error","code":"context_length_exceeded"}}""";
    private static readonly string[] Good = [Hello, Stop, "data: [DONE]\n\n"];

    // Not two seconds, which is how long a connection may take.
    private static readonly TimeSpan Hint = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan ShortPause = TimeSpan.FromMilliseconds(250);

    [Fact]
    public async Task Dispatch_QuotaUsedUpAndNobodyElse_AsksAgainAfterTheHint()
    {
        var time = new ManualTime();
        await using var primary = Refusing(429, TooMany, "Retry-After: 3\r\n").ThenStream(Good);
        using var bench = new DispatchBench([primary], time: time);

        var sending = bench.SendAsync();
        await time.TimerDueInAsync(Hint, Hint * 1.1);
        Assert.Single(primary.Requests);
        time.Advance(Hint * 1.1);
        var result = await sending;

        Assert.Null(result.Failure);
        Assert.Equal([AttemptCause.Primary, AttemptCause.Retry], result.Event.Attempts.Select(a => a.Cause));
        Assert.InRange(result.Event.Attempts[1].StartedAt - result.Event.Attempts[0].StartedAt, Hint, Hint * 1.1);
    }

    [Fact]
    public async Task Dispatch_QuotaUsedUpAndABackup_AsksItAtOnceAndThePrimaryNotBeforeTheHint()
    {
        var time = new ManualTime();
        await using var primary = Refusing(429, TooMany, "Retry-After: 3\r\n").ThenStream(Good);
        await using var backup = new ScriptedProvider().ThenStream(Good).ThenStream(Good);
        using var bench = new DispatchBench([primary, backup], time: time);

        var first = await bench.SendAsync();
        time.Advance(2.9);
        var second = await bench.SendAsync();
        time.Advance(0.1);
        var third = await bench.SendAsync();

        Assert.Equal(["e2", "e2", "e1"], new[] { first, second, third }.Select(r => r.Event.ServedBy), StringComparer.Ordinal);
        Assert.Equal([AttemptCause.Primary, AttemptCause.Failover], first.Event.Attempts.Select(a => a.Cause));
        Assert.Single(second.Event.Attempts);
    }

    [Theory]
    [InlineData(true, 20_000, 120_000)] // Longer than the first token may take.
    [InlineData(true, 6_000, 10_000)]   // More than half of all that is left.
    [InlineData(false, 61_000, 120_000)]
    public async Task Dispatch_HintBeyondThePatience_IsAnsweredAtOnceWithTheHint(bool stream, int hintMs, int totalMs)
    {
        await using var primary = Refusing(429, TooMany, $"retry-after-ms: {hintMs}\r\n");
        using var bench = new DispatchBench([primary], f => f with { FirstTokenMs = 10_000, TotalMs = totalMs }, time: new ManualTime());

        var result = await bench.SendAsync(stream);

        Assert.Equal((FailureKind.RateLimited, TimeSpan.FromMilliseconds(hintMs)), (result.Failure!.Kind, result.Failure.RetryAfter));
        Assert.Single(primary.Requests);
        Assert.False(result.IsFinal); // Who waits as long as it says may ask again.
    }

    [Fact]
    public async Task Dispatch_CallerGoesAwayDuringThePause_EndsAtOnceAndAsksNobody()
    {
        var time = new ManualTime();
        using var caller = new CancellationTokenSource();
        await using var primary = Refusing(429, TooMany, "Retry-After: 3\r\n");
        using var bench = new DispatchBench([primary], time: time);

        var sending = bench.SendAsync(caller: caller.Token);
        await time.TimerDueInAsync(Hint, Hint * 1.1);
        await caller.CancelAsync();
        var result = await sending;

        Assert.Equal((FailureKind.ClientCancelled, RequestOutcome.Cancelled), (result.Failure!.Kind, result.Event.Outcome));
        Assert.Single(primary.Requests);
    }

    [Theory]
    [InlineData(500, """{"error":{"message":"x","type":"server_error"}}""", FailureKind.UpstreamInternal)]
    [InlineData(503, "{}", FailureKind.CapacityExhausted)]
    [InlineData(409, "{}", FailureKind.Conflict)]
    public async Task Dispatch_FailureThatMayPassAndNobodyElse_IsTriedOnceMoreAfterAShortPause(int status, string body, FailureKind kind)
    {
        var time = new ManualTime();
        await using var primary = Refusing(status, body).ThenStatus(status, body).ThenStream(Good);
        using var bench = new DispatchBench([primary], time: time);

        var sending = bench.SendAsync();
        await PauseAsync(sending, time);
        var result = await sending;

        Assert.Equal((kind, 2, true), (result.Failure!.Kind, primary.Requests.Count, result.IsFinal));
        Assert.InRange(result.Event.Attempts[1].StartedAt - result.Event.Attempts[0].StartedAt, ShortPause, ShortPause * 3);
    }

    [Fact]
    public async Task Dispatch_ConnectionResetAndNobodyElse_IsTriedOnceMoreAtOnce()
    {
        await using var primary = new ScriptedProvider().Then(Reset).ThenStream(Good);
        using var bench = new DispatchBench([primary], time: new ManualTime());

        var result = await bench.SendAsync();

        Assert.Null(result.Failure);
        Assert.Equal([FailureKind.Transport, null], result.Event.Attempts.Select(a => a.Failure));
    }

    [Fact]
    public async Task Dispatch_SilenceAndNobodyElse_IsNotTriedAgain()
    {
        var time = new ManualTime();
        await using var primary = new ScriptedProvider().ThenSilence().ThenStream(Good);
        using var bench = new DispatchBench([primary], f => f with { FirstTokenMs = 1_000 }, time: time);

        var sending = bench.SendAsync();
        await primary.Asked;
        time.Advance(1);
        var result = await sending;

        Assert.Equal((FailureKind.DeadlineFirstToken, true), (result.Failure!.Kind, result.IsFinal));
        Assert.Single(primary.Requests);
    }

    [Theory]
    [InlineData("""{"error":{"message":"x","type":"invalid_request_error","param":"messages"}}""", FailureKind.InvalidRequest)]
    [InlineData("""{"error":{"message":"x","type":"invalid_request_error","code":"content_policy_violation"}}""", FailureKind.ContentBlocked)]
    public async Task Dispatch_RefusalOfTheRequest_IsNeitherTriedAgainNorElsewhere(string body, FailureKind kind)
    {
        await using var primary = Refusing(400, body).ThenStream(Good);
        await using var backup = new ScriptedProvider().ThenStream(Good);
        using var bench = new DispatchBench([primary, backup], time: new ManualTime());

        var result = await bench.SendAsync();

        Assert.Equal((kind, 1, 0), (result.Failure!.Kind, primary.Requests.Count, backup.Requests.Count));
    }

    [Fact]
    public async Task Dispatch_PromptTooLong_AsksOnlyWhoseWindowMayBeLarger()
    {
        await using var primary = Refusing(400, TooLong);
        await using var same = new ScriptedProvider().ThenStream(Good);
        await using var larger = new ScriptedProvider().ThenStream(Good);
        using var bench = new DispatchBench(
            [primary, same, larger], time: new ManualTime(), endpoint: e => e with { ContextTokens = e.Id == "e3" ? 200_000 : 8_192 });

        var result = await bench.SendAsync();

        Assert.Equal("e3", result.Event.ServedBy);
        Assert.Equal((1, 0), (primary.Requests.Count, same.Requests.Count));
    }

    [Fact]
    public async Task Dispatch_PromptTooLongForAll_SaysSo()
    {
        await using var primary = Refusing(400, TooLong);
        await using var backup = Refusing(400, TooLong);
        using var bench = new DispatchBench([primary, backup], time: new ManualTime());

        var result = await bench.SendAsync();

        Assert.Equal((FailureKind.ContextTooLong, 1, 1), (result.Failure!.Kind, primary.Requests.Count, backup.Requests.Count));
    }

    [Theory]
    [InlineData(400, """{"error":{"message":"x","type":"invalid_request_error","code":"invalid_prefill"}}""")]
    [InlineData(403, "{}")]
    [InlineData(404, "{}")]
    public async Task Dispatch_StandInCannotTakeTheCall_TellsWhyTheFirstFailed(int status, string body)
    {
        await using var primary = Refusing(503, "{}", "Retry-After: 7\r\n");
        await using var backup = Refusing(status, body);
        using var bench = new DispatchBench([primary, backup], time: new ManualTime());

        var result = await bench.SendAsync();

        Assert.Equal((FailureKind.CapacityExhausted, TimeSpan.FromSeconds(7), true), (result.Failure!.Kind, result.Failure.RetryAfter, result.IsFinal));
        Assert.Equal(FailureKind.CapacityExhausted, result.Event.Failure);
    }

    [Fact]
    public async Task Dispatch_ManyFailuresAtOnce_TriesOnlyAFewOfThemAgain()
    {
        const int Calls = 40;
        var time = new ManualTime();
        await using var primary = new ScriptedProvider();
        for (var i = 0; i < 2 * Calls; i++) primary.ThenStatus(409, "{}");
        using var bench = new DispatchBench([primary], time: time);

        var results = new List<DispatchResult>();
        for (var i = 0; i < Calls; i++)
        {
            var sending = bench.SendAsync();
            await PauseAsync(sending, time);
            results.Add(await sending);
        }

        // The first ten, with a pause each; then no more time passes.
        Assert.Equal(Calls + 10, primary.Requests.Count);
        Assert.All(results, r => Assert.True(r.IsFinal)); // Also those that were not tried again.
    }

    private static ScriptedProvider Refusing(int status, string body, string headers = "") => new ScriptedProvider().ThenStatus(status, body, headers);

    private static Task Reset(System.Net.Sockets.NetworkStream stream, CancellationToken ct)
    {
        stream.Socket.LingerState = new System.Net.Sockets.LingerOption(true, 0);
        return Task.CompletedTask;
    }

    /// <summary>Lets the pause before a retry pass, if there is one.</summary>
    private static async Task PauseAsync(Task sending, ManualTime time)
    {
        var pause = time.TimerDueInAsync(ShortPause, ShortPause * 3);
        if (await Task.WhenAny(sending, pause) == pause) time.Advance(ShortPause * 3);
    }
}
