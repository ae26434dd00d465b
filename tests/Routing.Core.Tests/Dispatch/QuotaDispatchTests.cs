using Routing.Core.Dispatch;
using Routing.Core.Llm;
using Routing.Core.Usage;
using TestKit;

namespace Routing.Core.Tests.Dispatch;

/// <summary>What becomes of calls when a known quota is used up, and what counts against it.</summary>
public sealed class QuotaDispatchTests
{
    private const string Answer = """{"id":"c1","choices":[{"index":0,"message":{"role":"assistant","content":"Hello"},"finish_reason":"stop"}],"usage":{"prompt_tokens":11,"completion_tokens":30,"total_tokens":41}}""";

    // At most 20 tokens at once, and two more each second.
    private const int TokensPerMinute = 120;

    private readonly ManualTime _time = new();

    [Fact]
    public async Task Dispatch_AnAnswerUsedMoreThanWasLeft_TheNextCallGoesElsewhereWithoutAsking()
    {
        await using var first = new ScriptedProvider().ThenAnswer(Answer).ThenAnswer(Answer);
        await using var second = new ScriptedProvider().ThenAnswer(Answer);
        using var bench = Bench(first, second);

        Assert.Equal("e1", (await bench.SendAsync(stream: false)).Event.ServedBy);
        var spilled = await bench.SendAsync(stream: false);
        Assert.Equal("e2", Assert.Single(spilled.Event.Attempts).ModelEndpoint);
        Assert.Equal([new CandidateNote("e1", CandidateReason.QuotaClosed), new CandidateNote("e2", CandidateReason.Admitted)], spilled.Event.Candidates.AsEnumerable());

        _time.Advance(11);
        Assert.Equal("e1", (await bench.SendAsync(stream: false)).Event.ServedBy);
    }

    [Fact]
    public async Task Dispatch_NobodyHasQuotaLeft_TheCallerHearsForHowLong()
    {
        await using var only = new ScriptedProvider().ThenAnswer(Answer);
        using var bench = Bench(only);
        await bench.SendAsync(stream: false);
        var refused = await bench.SendAsync(stream: false);

        Assert.Empty(refused.Event.Attempts);
        Assert.Equal(FailureKind.QuotaGateClosed, refused.Failure!.Kind); // refused
        Assert.InRange(refused.Failure.RetryAfter!.Value.TotalSeconds, 10.5, 10.6); // of 41 tokens used, 20 were there
    }

    [Fact]
    public async Task Dispatch_RefusedByStatus_UsedNoTokens()
    {
        await using var only = new ScriptedProvider().ThenStatus(400, """{"error":{"message":"no","type":"invalid_request_error"}}""");
        using var bench = Bench(only);
        await bench.SendAsync(stream: false);

        Assert.Equal(TimeSpan.Zero, bench.Health.Find("e1")!.QuotaWait); // just asked
        bench.Health.Find("e1")!.CountUse(0, 19);
        Assert.Equal(TimeSpan.Zero, bench.Health.Find("e1")!.QuotaWait);
    }

    private DispatchBench Bench(params ScriptedProvider[] providers) =>
        new(providers, time: _time, endpoint: e => e.Id == "e1" ? e with { TokensPerMinute = TokensPerMinute } : e);
}
