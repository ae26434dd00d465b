using Routing.Core.Llm;
using Routing.Core.Snapshots;
using TestKit;

namespace Routing.Core.Tests.Dispatch;

/// <summary>How long a stream may be silent once it has begun, apart from how long its beginning may take.</summary>
public sealed class IdleLimitTests
{
    private const string Hello = "data: {\"id\":\"c1\",\"choices\":[{\"index\":0,\"delta\":{\"content\":\"Hello\"},\"finish_reason\":null}]}\n\n";
    private const string Stop = "data: {\"id\":\"c1\",\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"stop\"}]}\n\n";
    private const string Done = "data: [DONE]\n\n";
    private static readonly string[] Good = [Hello, Stop, Done];

    [Theory]
    [InlineData(1_000, "1 s")]
    [InlineData(30_000, "30 s")]
    [InlineData(0, "10 s")]
    public async Task Dispatch_SilenceInsideTheStream_EndsAtItsOwnLimit(int idleMs, string said)
    {
        var time = new ManualTime();
        await using var primary = new ScriptedProvider().ThenStream([Hello], hold: new TaskCompletionSource().Task);
        using var bench = new DispatchBench([primary], f => f with { FirstTokenMs = 10_000, IdleMs = idleMs, TotalMs = 3_600_000 }, time: time);

        var sending = bench.SendAsync();
        await bench.Answer.Began;
        while (!sending.IsCompleted)
        {
            time.Advance(0.1);
            await Task.Yield();
        }

        var result = await sending;
        Assert.Equal((FailureKind.StreamInterrupted, true), (result.Failure!.Kind, result.Committed));
        Assert.Equal($"The stream fell silent for {said}.", result.Failure.Message);
    }

    [Fact]
    public async Task Dispatch_ShorterThanTheFirstTokenLimit_IsNoticedWhenItPassesAndNotWhenThatWouldHave()
    {
        var (time, watch) = (new ManualTime(), new ReadWatch(Hello.Length));
        await using var primary = new ScriptedProvider().ThenStream([Hello], hold: new TaskCompletionSource().Task);
        await using var backup = new ScriptedProvider().ThenStream(Good);
        using var bench = new DispatchBench(
            [primary, backup], f => f with { FirstTokenMs = 10_000, IdleMs = 1_000, Delivery = DeliveryMode.Protected }, time: time, watch: watch);

        var sending = bench.SendAsync();
        await watch.DealtWith;
        time.Advance(1);
        var result = await sending;

        Assert.Null(result.Failure);
        Assert.Equal((FailureKind.StreamInterrupted, 1_000), (result.Event.Attempts[0].Failure!.Value, result.Event.Attempts[0].DurationMs));
    }

    [Fact]
    public async Task Dispatch_FirstTokenTakesLongerThanTheLimitOfSilence_IsWaitedFor()
    {
        var (time, thinks) = (new ManualTime(), new TaskCompletionSource());
        await using var primary = new ScriptedProvider().ThenStream(Good, thinks: thinks.Task);
        using var bench = new DispatchBench([primary], f => f with { FirstTokenMs = 10_000, IdleMs = 1_000 }, time: time);

        var sending = bench.SendAsync();
        await primary.Asked;
        time.Advance(9);
        thinks.SetResult();
        var result = await sending;

        Assert.Null(result.Failure);
        Assert.Equal((Hello + Stop, 9_000), (bench.Answer.Text, result.Event.FirstTokenMs));
    }

    [Fact]
    public async Task Dispatch_SilenceShorterThanItsOwnLimit_IsNoFailureHoweverSoonTheFirstTokenWasDue()
    {
        var (time, watch, pause) = (new ManualTime(), new ReadWatch(Hello.Length), new TaskCompletionSource());
        await using var primary = new ScriptedProvider().ThenStream([Hello, Stop, Done], hold: pause.Task);
        using var bench = new DispatchBench([primary], f => f with { FirstTokenMs = 1_000, IdleMs = 30_000 }, time: time, watch: watch);

        var sending = bench.SendAsync();
        await watch.DealtWith;
        time.Advance(29);
        pause.SetResult();
        var result = await sending;

        Assert.Null(result.Failure);
        Assert.Equal(29_000, result.Event.Attempts[0].DurationMs);
    }

    [Fact]
    public async Task Dispatch_LongSilenceAllowed_ChangesNothingAboutTheFirstToken()
    {
        var time = new ManualTime();
        await using var primary = new ScriptedProvider().ThenSilence();
        await using var backup = new ScriptedProvider().ThenStream(Good);
        using var bench = new DispatchBench([primary, backup], f => f with { FirstTokenMs = 1_000, IdleMs = 30_000 }, time: time);

        var sending = bench.SendAsync();
        await primary.Asked;
        time.Advance(1);
        var result = await sending;

        Assert.Null(result.Failure);
        Assert.Equal((FailureKind.DeadlineFirstToken, 1_000), (result.Event.Attempts[0].Failure!.Value, result.Event.Attempts[0].DurationMs));
    }
}
