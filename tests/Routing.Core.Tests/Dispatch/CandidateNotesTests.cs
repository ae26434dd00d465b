using Routing.Core.Dispatch;
using Routing.Core.Health;
using Routing.Core.Llm;
using Routing.Core.Usage;
using TestKit;

namespace Routing.Core.Tests.Dispatch;

public sealed class CandidateNotesTests
{
    private const string Whole = """{"id":"c1","choices":[{"index":0,"message":{"role":"assistant","content":"Hello"},"finish_reason":"stop"}],"usage":{"prompt_tokens":11,"completion_tokens":3,"total_tokens":14}}""";
    private const string TooLong = """{"error":{"message":"too long","type":"invalid_request_error","code":"context_length_exceeded"}}""";

    [Fact]
    public async Task Dispatch_FirstPickedAnswers_KeepsNone()
    {
        await using var primary = new ScriptedProvider().ThenAnswer(Whole);
        await using var backup = new ScriptedProvider();
        using var bench = new DispatchBench([primary, backup]);

        var result = await bench.SendAsync(stream: false);

        Assert.True(result.Event.Candidates.IsDefault);
    }

    [Fact]
    public async Task Notes_OrdinaryDecision_AllocateNothing()
    {
        await using var primary = new ScriptedProvider();
        await using var backup = new ScriptedProvider();
        using var bench = new DispatchBench([primary, backup]);
        var selector = new CandidateSelector(bench.Table.Features["f"], DispatchBench.Plain, DateTimeOffset.UnixEpoch);
        Assert.True(selector.TryNext(out _, out _));

        Assert.Equal(0, Allocations.Least(() =>
        {
            for (var i = 0; i < 1000; i++) Assert.True(selector.Notes().IsDefault);
        }));
    }

    [Fact]
    public async Task Dispatch_OneIsolatedOneFails_KeepsEveryCandidateInTheOrderOfTheRoute()
    {
        await using var first = new ScriptedProvider();
        await using var second = new ScriptedProvider().ThenStatus(500, "{}");
        await using var third = new ScriptedProvider().ThenAnswer(Whole);
        await using var last = new ScriptedProvider();
        using var bench = new DispatchBench([first, second, third, last]);
        bench.Health.Find("e1")!.Isolate(TimeProvider.System.GetUtcNow().AddMinutes(5), "maintenance window", "tests");

        var result = await bench.SendAsync(stream: false);

        Assert.Equal(["e2", "e3"], result.Event.Attempts.Select(a => a.ModelEndpoint), StringComparer.Ordinal);
        Assert.Equal(
            [
                new CandidateNote("e1", CandidateReason.Isolated), new CandidateNote("e2", CandidateReason.Admitted),
                new CandidateNote("e3", CandidateReason.Admitted), new CandidateNote("e4", CandidateReason.NotReached),
            ],
            result.Event.Candidates.AsEnumerable());
    }

    [Fact]
    public async Task Dispatch_EveryoneIsolated_KeepsWhyNobodyWasAsked()
    {
        await using var only = new ScriptedProvider();
        using var bench = new DispatchBench([only]);
        bench.Health.Find("e1")!.Isolate(TimeProvider.System.GetUtcNow().AddMinutes(5), "maintenance window", "tests");

        var result = await bench.SendAsync();

        Assert.Empty(result.Event.Attempts);
        Assert.Equal(new CandidateNote("e1", CandidateReason.Isolated), Assert.Single(result.Event.Candidates));
    }

    [Fact]
    public async Task Dispatch_PromptTooLongForTheWindow_KeepsThatTheOtherWindowIsNoLarger()
    {
        await using var primary = new ScriptedProvider().ThenStatus(400, TooLong);
        await using var backup = new ScriptedProvider();
        using var bench = new DispatchBench([primary, backup], endpoint: e => e with { ContextTokens = 8_000 });

        var result = await bench.SendAsync(stream: false);

        Assert.Equal([CandidateReason.Admitted, CandidateReason.WindowTooSmall], result.Event.Candidates.Select(c => c.Reason));
    }

    [Fact]
    public async Task Dispatch_OnlyOneAndItIsOpen_KeepsThatItWasAskedAllTheSame()
    {
        await using var only = new ScriptedProvider().ThenAnswer(Whole);
        using var bench = new DispatchBench([only]);
        var health = bench.Health.Find("e1")!;
        while (health.State == BreakerState.Closed && health.TryAcquire(out var permit, out _))
            health.Return(permit, AttemptSignal.Failed(FailureKind.UpstreamInternal, TimeSpan.FromMilliseconds(20)));

        var result = await bench.SendAsync(stream: false);

        Assert.Equal(CandidateReason.AdmittedFailOpen, Assert.Single(result.Event.Candidates).Reason);
    }
}
