using Routing.Core.Dispatch;
using Routing.Core.Llm;
using Routing.Core.Providers;
using Routing.Core.Snapshots;
using Routing.Core.Usage;
using TestKit;

namespace Routing.Core.Tests.Dispatch;

public sealed class ProtectedDeliveryTests
{
    private const string Role = "data: {\"id\":\"c1\",\"choices\":[{\"index\":0,\"delta\":{\"role\":\"assistant\",\"content\":\"\"},\"finish_reason\":null}]}\n\n";
    private const string Stop = "data: {\"id\":\"c1\",\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"stop\"}]}\n\n";
    private const string Usage = "data: {\"id\":\"c1\",\"choices\":[],\"usage\":{\"prompt_tokens\":11,\"completion_tokens\":3,\"total_tokens\":14}}\n\n";
    private const string Done = "data: [DONE]\n\n";
    private const string Whole = """{"id":"c1","choices":[{"index":0,"message":{"role":"assistant","content":"Hello"},"finish_reason":"stop"}],"usage":{"prompt_tokens":11,"completion_tokens":3,"total_tokens":14}}""";
    private static readonly string[] Begun = [Role, Delta("of"), Delta(" the primary")];
    private static readonly string[] Good = [Role, Delta("of the"), Delta(" backup"), Stop, Usage, Done];
    private static readonly string GoodSeen = string.Concat(Good[..4]);

    public static TheoryData<string> Breaks => ["cut", "end without its terminal event", "malformed", "malformed behind its object", "error event", "stall"];

    [Theory]
    [MemberData(nameof(Breaks))]
    public async Task Dispatch_StreamBreaksAmidItsContent_BackupAnswersWholeAndUnmixed(string how)
    {
        var (time, watch) = (new ManualTime(), new ReadWatch(Length(Begun)));
        await using var primary = Breaking(how, watch);
        await using var backup = new ScriptedProvider().ThenStream(Good);
        using var bench = new DispatchBench([primary, backup], Protected, time: time, watch: watch);

        var result = await EndAsync(bench, time, watch, how);

        Assert.Null(result.Failure);
        Assert.Equal(GoodSeen, bench.Answer.Text);
        Assert.Equal("e2 after 2", Assert.Single(bench.Answer.Begun));
        Assert.Equal(("e2", RequestOutcome.Answered), (result.Event.ServedBy, result.Event.Outcome));
        var (broken, answered) = (result.Event.Attempts[0], result.Event.Attempts[1]);
        Assert.Equal((AttemptOutcome.Interrupted, AttemptCause.Failover), (broken.Outcome, answered.Cause));
        Assert.Equal((UsageSource.Estimated, UsageSource.Reported), (broken.Usage.Source, answered.Usage.Source));
        Assert.True(broken.Usage.OutputTotal > 0 && broken.CostMicros > 0 && broken.FirstTokenMs is not null);
        Assert.Equal((0, 1), (bench.Health.Find("e1")!.View().Answered, bench.Health.Find("e1")!.View().Failed));
    }

    [Theory]
    [MemberData(nameof(Breaks))]
    public async Task Dispatch_StreamBreaksAndNobodyElseIsThere_FailsWithNothingReleased(string how)
    {
        var (time, watch) = (new ManualTime(), new ReadWatch(Length(Begun)));
        await using var only = Breaking(how, watch);
        using var bench = new DispatchBench([only], Protected, time: time, watch: watch);

        var result = await EndAsync(bench, time, watch, how);

        Assert.NotNull(result.Failure);
        Assert.Equal((false, RequestOutcome.Failed, ""), (result.Committed, result.Event.Outcome, bench.Answer.Text));
        Assert.Empty(bench.Answer.Begun);
        Assert.Equal((AttemptOutcome.Interrupted, UsageSource.Estimated), (result.Event.Attempts[0].Outcome, result.Event.Attempts[0].Usage.Source));
    }

    [Fact]
    public async Task Dispatch_AnotherWireBreaks_BackupAnswersWhole()
    {
        const string start = "event: message_start\ndata: {\"type\":\"message_start\",\"message\":{\"id\":\"m\",\"usage\":{\"input_tokens\":5,\"output_tokens\":1}}}\n\n";
        const string delta = "event: content_block_delta\ndata: {\"type\":\"content_block_delta\",\"index\":0,\"delta\":{\"type\":\"text_delta\",\"text\":\"of Claude\"}}\n\n";
        var watch = new ReadWatch(Length([start, delta, delta]));
        await using var primary = new ScriptedProvider().ThenStream([start, delta, delta], whole: false, hold: watch.DealtWith);
        await using var backup = new ScriptedProvider().ThenStream(Good);
        using var bench = new DispatchBench([primary, backup], Protected, primary: ProviderKind.Anthropic, watch: watch);

        var result = await bench.SendAsync();

        Assert.Null(result.Failure);
        Assert.Equal(GoodSeen, bench.Answer.Text);
        Assert.Equal((5, UsageSource.Estimated), (result.Event.Attempts[0].Usage.InputTotal, result.Event.Attempts[0].Usage.Source));
    }

    [Fact]
    public async Task Dispatch_AnswerWhole_IsReleasedAtItsEndAndItsFirstTokenIsTheProviders()
    {
        var end = new TaskCompletionSource();
        var (time, watch) = (new ManualTime(), new ReadWatch(Length(Good)));
        await using var primary = new ScriptedProvider().ThenStream(Good, hold: end.Task);
        using var bench = new DispatchBench([primary], Protected, time: time, watch: watch);

        var sending = bench.SendAsync();
        await watch.DealtWith;
        time.Advance(3);
        Assert.Equal("", bench.Answer.Text);
        end.SetResult();
        var result = await sending;

        Assert.Null(result.Failure);
        Assert.Equal((GoodSeen, 0), (bench.Answer.Text, bench.Answer.Flushes));
        Assert.Equal((3_000, 0, 3_000), (result.Event.FirstTokenMs, result.Event.Attempts[0].FirstTokenMs, result.Event.Attempts[0].DurationMs));
        Assert.Equal((3, StopReason.End), (result.Event.Attempts[0].Usage.OutputTotal, result.Event.Attempts[0].Stop));
    }

    [Fact]
    public async Task Dispatch_HeldBack_IsKeptAliveEveryTenSecondsOverAllAttempts()
    {
        var end = new TaskCompletionSource();
        var time = new ManualTime();
        await using var primary = new ScriptedProvider().ThenSilence();
        await using var backup = new ScriptedProvider().ThenStream(Good, hold: end.Task);
        using var bench = new DispatchBench([primary, backup], f => Protected(f) with { FirstTokenMs = 25_000 }, time: time);

        var sending = bench.SendAsync();
        await primary.Asked;
        time.Advance(9.9);
        Assert.False(bench.Answer.KeptAlive.Reader.TryRead(out _));
        for (var beat = 0; beat < 4; beat++)
        {
            time.Advance(beat == 0 ? 0.1 : 10);
            await bench.Answer.KeptAlive.Reader.ReadAsync();
            if (beat == 2) await backup.Asked;
        }

        end.SetResult();
        var result = await sending;
        time.Advance(60);

        Assert.Null(result.Failure);
        Assert.Equal("e2", result.Event.ServedBy);
        Assert.False(bench.Answer.KeptAlive.Reader.TryRead(out _));
    }

    [Fact]
    public async Task Dispatch_NotProtected_IsNeverKeptAlive()
    {
        var time = new ManualTime();
        await using var primary = new ScriptedProvider().ThenSilence();
        await using var backup = new ScriptedProvider().ThenStream(Good);
        using var bench = new DispatchBench([primary, backup], f => f with { FirstTokenMs = 25_000 }, time: time);

        var sending = bench.SendAsync();
        await primary.Asked;
        time.Advance(30);
        await sending;

        Assert.False(bench.Answer.KeptAlive.Reader.TryRead(out _));
    }

    [Fact]
    public async Task Dispatch_ManySmallPieces_ComeOutInOrderAndNoFasterThanTheyAreRead()
    {
        var pieces = Enumerable.Range(0, 2_000).Select(i => Delta($"word {i} ")).ToArray();
        await using var primary = new ScriptedProvider().ThenStream([Role, .. pieces, Stop, Usage, Done]);
        using var bench = new DispatchBench([primary], Protected);

        var result = await bench.SendAsync();

        Assert.Null(result.Failure);
        Assert.Equal(Role + string.Concat(pieces) + Stop, bench.Answer.Text);
        Assert.InRange(bench.Answer.Flushes, bench.Answer.Text.Length / (32 * 1024), bench.Answer.Text.Length / (8 * 1024));
    }

    [Fact]
    public async Task Dispatch_AnswerLargerThanMayBeHeld_GoesOnAsItComes()
    {
        var large = Delta(new string('x', 64 * 1024));
        await using var primary = new ScriptedProvider().ThenStream([Role, .. Enumerable.Repeat(large, 70)]);
        await using var backup = new ScriptedProvider().ThenStream(Good);
        using var bench = new DispatchBench([primary, backup], Protected);

        var result = await bench.SendAsync();

        Assert.Equal((FailureKind.StreamInterrupted, true), (result.Failure!.Kind, result.Committed));
        Assert.Equal("e1 after 1, before its end", Assert.Single(bench.Answer.Begun));
        Assert.Empty(backup.Requests);
        Assert.StartsWith(Role + large, bench.Answer.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Dispatch_CallerGoesAwayMeanwhile_EndsTheUpstreamCallAndKeepsTheRow()
    {
        using var gone = new CancellationTokenSource();
        var watch = new ReadWatch(Length(Begun));
        await using var primary = new ScriptedProvider().ThenStream(Begun, hold: new TaskCompletionSource().Task);
        await using var backup = new ScriptedProvider();
        using var bench = new DispatchBench([primary, backup], Protected, watch: watch);

        var sending = bench.SendAsync(caller: gone.Token);
        await watch.DealtWith;
        await gone.CancelAsync();
        var result = await sending;

        Assert.Equal((FailureKind.ClientCancelled, RequestOutcome.Cancelled), (result.Failure!.Kind, result.Event.Outcome));
        Assert.Equal(UsageSource.Estimated, Assert.Single(result.Event.Attempts).Usage.Source);
        Assert.Equal(0, bench.Health.Find("e1")!.View().Failed);
        Assert.Empty(backup.Requests);
    }

    [Fact]
    public async Task Dispatch_CallersMistakeAmidTheStream_IsNotTriedElsewhere()
    {
        await using var primary = new ScriptedProvider().ThenStream([Role, Delta("half"), "data: {\"error\":{\"message\":\"x\",\"type\":\"invalid_request_error\",\"code\":\"content_filter\"}}\n\n"]);
        await using var backup = new ScriptedProvider();
        using var bench = new DispatchBench([primary, backup], Protected);

        var result = await bench.SendAsync();

        Assert.Equal(FailureKind.ContentBlocked, result.Failure!.Kind);
        Assert.Empty(backup.Requests);
    }

    [Fact]
    public async Task Dispatch_NotStreamed_IsAsEver()
    {
        var time = new ManualTime();
        await using var primary = new ScriptedProvider().ThenPartOf(Whole, 60, hold: true);
        await using var backup = new ScriptedProvider().ThenAnswer(Whole);
        using var bench = new DispatchBench([primary, backup], Protected, time: time);

        var sending = bench.SendAsync(stream: false);
        await primary.Asked;
        time.Advance(60);
        var result = await sending;

        Assert.Null(result.Failure);
        Assert.Equal((Whole, "e2"), (bench.Answer.Text, result.Event.ServedBy));
        Assert.False(bench.Answer.KeptAlive.Reader.TryRead(out _));
    }

    private static FeatureConfig Protected(FeatureConfig feature) => feature with { Delivery = DeliveryMode.Protected };

    private static string Delta(string text) => "data: {\"id\":\"c1\",\"choices\":[{\"index\":0,\"delta\":{\"content\":\"" + text + "\"},\"finish_reason\":null}]}\n\n";

    private static int Length(string[] events) => events.Sum(e => e.Length);

    // A cut throws away what was not read yet: it comes when everything was.
    private static ScriptedProvider Breaking(string how, ReadWatch watch) => how switch
    {
        "cut" => new ScriptedProvider().ThenStream(Begun, whole: false, hold: watch.DealtWith),
        "end without its terminal event" => new ScriptedProvider().ThenStream(Begun),
        "malformed" => new ScriptedProvider().ThenStream([.. Begun, "data: {\"id\":\"c1\",\"choices\":[{\"index\":0,\"delta\":{\"content\":\"h\n\n", Delta("more"), Stop, Usage, Done]),
        "malformed behind its object" => new ScriptedProvider().ThenStream([.. Begun, Delta("and").Replace("\n\n", "}\n\n", StringComparison.Ordinal), Stop, Usage, Done]),
        "error event" => new ScriptedProvider().ThenStream([.. Begun, "data: {\"error\":{\"message\":\"x\",\"type\":\"strange_error\",\"code\":null}}\n\n", Done]),
        _ => new ScriptedProvider().ThenStream(Begun, hold: new TaskCompletionSource().Task),
    };

    private static async Task<DispatchResult> EndAsync(DispatchBench bench, ManualTime time, ReadWatch watch, string how)
    {
        var sending = bench.SendAsync();
        if (how == "stall")
        {
            await watch.DealtWith;
            time.Advance(10);
        }

        return await sending;
    }
}
