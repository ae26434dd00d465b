using Routing.Core.Dispatch;
using Routing.Core.Llm;
using Routing.Core.Snapshots;
using Routing.Core.Usage;

namespace Routing.Core.Tests.Dispatch;

/// <summary>What the dispatcher makes of a warm share, and what it learns from answers.</summary>
public sealed class SelectionDispatchTests
{
    private const string Whole = """{"id":"c1","choices":[{"index":0,"message":{"role":"assistant","content":"Hello"},"finish_reason":"stop"}],"usage":{"prompt_tokens":11,"completion_tokens":30,"total_tokens":41}}""";
    private const string Cached = """{"id":"c1","choices":[{"index":0,"message":{"role":"assistant","content":"Hello"},"finish_reason":"stop"}],"usage":{"prompt_tokens":2000,"completion_tokens":30,"total_tokens":2030,"prompt_tokens_details":{"cached_tokens":1920}}}""";

    [Fact]
    public async Task Dispatch_TheTenthCallOfTen_GoesToTheBackupAndSaysWhy()
    {
        await using var primary = Answering(9);
        await using var backup = Answering(1);
        using var bench = new DispatchBench([primary, backup], f => f with { WarmPercent = 10 });

        for (var i = 0; i < 9; i++) Assert.Equal(AttemptCause.Primary, Assert.Single((await bench.SendAsync(stream: false)).Event.Attempts).Cause);
        var tenth = await bench.SendAsync(stream: false);

        Assert.Equal(("e2", AttemptCause.Warm), (tenth.Event.ServedBy, Assert.Single(tenth.Event.Attempts).Cause));
        Assert.Equal([new CandidateNote("e1", CandidateReason.NotReached), new CandidateNote("e2", CandidateReason.AdmittedWarm)], tenth.Event.Candidates.AsEnumerable());
    }

    [Fact]
    public async Task Dispatch_TheBackupThatIsKeptWarmFails_ThePrimaryAnswers()
    {
        await using var primary = Answering(10);
        await using var backup = new ScriptedProvider().ThenStatus(500, "{}");
        using var bench = new DispatchBench([primary, backup], f => f with { WarmPercent = 10 });

        for (var i = 0; i < 9; i++) await bench.SendAsync(stream: false);
        var tenth = await bench.SendAsync(stream: false);

        Assert.Equal((RequestOutcome.Answered, "e1"), (tenth.Event.Outcome, tenth.Event.ServedBy));
        Assert.Equal([AttemptCause.Warm, AttemptCause.Failover], tenth.Event.Attempts.Select(a => a.Cause));
    }

    [Fact]
    public async Task Dispatch_AnswersOfThirtyTokens_AreTheFeaturesMean()
    {
        await using var primary = Answering(3);
        using var bench = new DispatchBench([primary]);
        for (var i = 0; i < 3; i++) await bench.SendAsync(stream: false);
        Assert.Equal(30, bench.Table.Features["f"].Memory.MeanAnswer);
    }

    [Fact]
    public async Task Dispatch_AnAnswerReadTheCache_TheConversationStays()
    {
        await using var first = new ScriptedProvider().ThenStatus(500, "{}");
        await using var second = new ScriptedProvider().ThenAnswer(Cached);
        using var bench = new DispatchBench([first, second], f => f with { Affinity = AffinityMode.Cache });

        await bench.SendAsync(stream: false, key: 77);
        await bench.SendAsync(stream: false);

        var route = bench.Table.Features["f"];
        Assert.True(route.Memory.Holders.TryFind(77, TimeProvider.System.GetUtcNow(), out var holder));
        Assert.Equal((ushort)route.Candidates[1].Salt, holder);
        Assert.False(route.Memory.Holders.TryFind(78, TimeProvider.System.GetUtcNow(), out _));
    }

    [Fact]
    public async Task Dispatch_EverybodyTooDear_AsksNobodyAndSaysWhatItMightCost()
    {
        await using var only = new ScriptedProvider();
        using var bench = new DispatchBench([only], f => f with { MaxCostMicros = 8_000 });

        var result = await bench.SendAsync(stream: false);

        Assert.Equal((FailureKind.InvalidRequest, "cost_limit_exceeded"), (result.Failure!.Kind, result.Failure.RawCode));
        Assert.Contains("0.008 USD: e1 might cost 0.008199 USD.", result.Failure.Message, StringComparison.Ordinal);
        Assert.Empty(only.Requests);
        Assert.Equal(new CandidateNote("e1", CandidateReason.TooDear), Assert.Single(result.Event.Candidates));
    }

    private static ScriptedProvider Answering(int times)
    {
        var provider = new ScriptedProvider();
        for (var i = 0; i < times; i++) provider.ThenAnswer(Whole);
        return provider;
    }
}
