using Clients.Tests.Dialects;
using Routing.Core.Llm;
using Routing.Core.Usage;

namespace Clients.Tests;

/// <summary>What the ledger says of a call adds up, and is what client and cloud say, however the call ended.</summary>
[Collection(OneEdge.Name)]
public sealed class ConservationTests(EdgeAndClouds edge)
{
    private const int MicrosOfOne = 1_000_000;

    public static TheoryData<string, bool> Modes()
    {
        var rows = new TheoryData<string, bool>();
        foreach (var dialect in Dialect.Pairs.Select(p => p.Dialect).Distinct(StringComparer.Ordinal))
        {
            rows.Add(dialect, false);
            rows.Add(dialect, true);
        }

        return rows;
    }

    public static TheoryData<string> Dialects() => new(Dialect.Pairs.Select(p => p.Dialect).Distinct(StringComparer.Ordinal));

    // The ledger is written once a second: all providers of a dialect wait for it together.
    [Theory]
    [MemberData(nameof(Modes))]
    public async Task Answered_EveryProvider_PartsSumToTotalsAsClientAndCloudSay(string dialect, bool stream)
    {
        List<(string Feature, Guid Id, Answer Answer)> made = [];
        var seq = edge.Clouds.Log.LastSeq;
        foreach (var (_, provider) in Dialect.Pairs.Where(p => p.Dialect == dialect))
        {
            var ask = new Ask("Look it up, but explain first.") { WithTools = true, WithReasoning = provider.Reasons, Stream = stream };
            var answer = await Dialect.Of(dialect, edge).AskAsync(provider.Feature, ask);
            made.Add((provider.Feature, RequestIds.Last, answer));
        }

        foreach (var ((feature, id, answer), call) in made.Zip(edge.CallsAfter(seq)))
        {
            var row = await edge.LedgerAsync(id);
            var attempt = Assert.Single(row.Attempts);
            Assert.Equal((feature, RequestOutcome.Answered, UsageSource.Reported), (row.Feature, row.Outcome, attempt.Usage.Source));
            Assert.Equal((feature, answer.Input, answer.Output, answer.CacheRead), (feature, attempt.Usage.InputTotal, attempt.Usage.OutputTotal, attempt.Usage.CacheRead));
            Assert.Equal((feature, call.InputTokens, call.OutputTokens), (feature, (int)attempt.Usage.InputTotal, (int)attempt.Usage.OutputTotal));
            AssertParts(attempt);
        }
    }

    [Theory]
    [MemberData(nameof(Dialects))]
    public async Task Aborted_EveryProviderMidStream_EstimatedAndSummed(string dialect)
    {
        List<(Provider Provider, Guid Id)> left = [];
        var seq = edge.Clouds.Log.LastSeq;
        foreach (var (_, provider) in Dialect.Pairs.Where(p => p.Dialect == dialect)) left.Add((provider, await LeaveAsync(dialect, provider)));

        foreach (var (provider, id) in left)
        {
            var row = await edge.LedgerAsync(id);
            var attempt = Assert.Single(row.Attempts);
            Assert.Equal((provider.Feature, RequestOutcome.Cancelled, UsageSource.Estimated), (row.Feature, row.Outcome, attempt.Usage.Source));
            Assert.True(attempt.Usage is { InputTotal: > 0, OutputTotal: > 0 }, provider.Feature);
            AssertParts(attempt);
        }

        // The clouds are let go, too, though they were waiting.
        Assert.All(edge.CallsAfter(seq), c => Assert.Equal("client_gone", c.Outcome));
        Assert.Equal(left.Count, edge.CallsAfter(seq).Count);
    }

    /// <summary>Sees three pieces, and goes away while the cloud holds back the fourth.</summary>
    private async Task<Guid> LeaveAsync(string dialect, Provider provider)
    {
        using var leave = new CancellationTokenSource();
        Assert.True(edge.Clouds.Holds.Set(provider.Key));
        try
        {
            Assert.True(edge.Clouds.Holds.Release(provider.Key, 3));
            await using var pieces = Dialect.Of(dialect, edge).PiecesAsync(provider.Feature, "What did the team decide?", leave.Token).GetAsyncEnumerator(leave.Token);
            for (var seen = 0; seen < 3; seen++) Assert.True(await pieces.MoveNextAsync());
            var next = pieces.MoveNextAsync();
            await leave.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await next);
            await edge.LedgerAsync(RequestIds.Last);
            return RequestIds.Last;
        }
        finally
        {
            edge.Clouds.Holds.Remove(provider.Key);
        }
    }

    private static void AssertParts(AttemptRecord attempt)
    {
        var usage = attempt.Usage;
        Assert.True(usage is { CacheRead: >= 0, CacheWrite: >= 0, Reasoning: >= 0, InputUncached: >= 0 });
        Assert.Equal(usage.InputTotal, usage.InputUncached + usage.CacheRead + usage.CacheWrite);
        Assert.InRange(usage.Reasoning, 0, usage.OutputTotal);
        // As the routing file prices: 1, 0.1 and 4 USD a million, to the nearest millionth.
        var exact = (usage.InputUncached * 1_000_000) + (usage.CacheWrite * 1_000_000) + (usage.CacheRead * 100_000) + (usage.OutputTotal * 4_000_000);
        Assert.InRange(((attempt.CostMicros ?? -1) * MicrosOfOne) - exact, -MicrosOfOne / 2, MicrosOfOne / 2);
    }
}
