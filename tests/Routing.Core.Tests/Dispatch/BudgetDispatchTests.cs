using Routing.Core.Budgets;
using Routing.Core.Dispatch;
using Routing.Core.Llm;
using Routing.Core.Snapshots;
using Routing.Core.Tables;
using Routing.Core.Usage;
using TestKit;

namespace Routing.Core.Tests.Dispatch;

/// <summary>A feature that may spend so much in a month and no more. An answer costs 71 micro-units, and 8,199 at most.</summary>
public sealed class BudgetDispatchTests
{
    private const string Whole = """{"id":"c1","choices":[{"index":0,"message":{"role":"assistant","content":"Hello"},"finish_reason":"stop"}],"usage":{"prompt_tokens":11,"completion_tokens":30,"total_tokens":41}}""";
    private const long Cost = 71;
    private const int November = 2026_11;

    [Fact]
    public async Task Dispatch_WithinTheBudget_CountsWhatTheLedgerSaysAndSetsNothingAside()
    {
        await using var provider = Answering(3);
        using var bench = Bench([provider], 50_000);
        var events = new List<UsageEvent>();
        for (var i = 0; i < 3; i++) events.Add((await bench.SendAsync(stream: false)).Event);

        var spend = Spend(bench);
        Assert.Equal((3 * Cost, 0), (spend.Spent(November), spend.Reserved(November)));
        Assert.Equal(spend.Spent(November), events.Sum(e => e.Attempts.Sum(a => a.CostMicros)));
    }

    [Fact]
    public async Task Dispatch_TheBudgetIsSpent_IsRefusedForGoodAndKeptInTheLedger()
    {
        await using var provider = Answering(3);
        using var bench = Bench([provider], 2 * Cost);
        for (var i = 0; i < 2; i++) Assert.Null((await bench.SendAsync(stream: false)).Failure);

        var refused = await bench.SendAsync(stream: false);

        Assert.Equal((FailureKind.BudgetExceeded, true, 0), (refused.Failure!.Kind, refused.IsFinal, refused.Sent));
        Assert.Equal("Feature 'f' has used up its budget of 0.000142 USD for November 2026. Its calls are refused until 2026-12-01 00:00 UTC, or until an administrator raises the budget.", refused.Failure.Message);
        Assert.Null(refused.Failure.RetryAfter);
        Assert.Equal((RequestOutcome.Failed, FailureKind.BudgetExceeded, ""), (refused.Event.Outcome, refused.Event.Failure, refused.Event.ServedBy));
        Assert.Empty(refused.Event.Attempts);
        Assert.Equal([new CandidateNote("e1", CandidateReason.NotReached)], refused.Event.Candidates.AsEnumerable());
        Assert.Equal(2, provider.Requests.Count);
    }

    [Fact]
    public async Task Dispatch_CallsUnderWayMayCostTheRest_IsRefusedForAMoment()
    {
        var hold = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var provider = new ScriptedProvider().Then(async (s, c) => await hold.Task.WaitAsync(c));
        using var bench = Bench([provider], 8_000);
        using var left = new CancellationTokenSource();
        var first = bench.SendAsync(stream: false, caller: left.Token);
        await provider.Asked;

        var second = await bench.SendAsync(stream: false);

        Assert.Equal((FailureKind.BudgetExceeded, false, TimeSpan.FromSeconds(2)), (second.Failure!.Kind, second.IsFinal, second.Failure.RetryAfter));
        Assert.Contains("almost used up", second.Failure.Message, StringComparison.Ordinal);
        await left.CancelAsync();
        Assert.Equal(FailureKind.ClientCancelled, (await first).Failure!.Kind);
        Assert.Equal(0, Spend(bench).Reserved(November));
    }

    [Fact]
    public async Task Dispatch_TwoHundredAtOnce_SpendsNoMoreThanOneCallTooMuch()
    {
        const int budget = 50_000;
        await using var provider = new ScriptedProvider();
        var answers = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        for (var i = 0; i < 200; i++) provider.Then(async (s, c) =>
        {
            await answers.Task.WaitAsync(c);
            var body = Whole.Replace("\"completion_tokens\":30", "\"completion_tokens\":4096", StringComparison.Ordinal);
            await s.WriteAsync(System.Text.Encoding.ASCII.GetBytes($"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {body.Length}\r\n\r\n{body}"), c);
        });
        using var bench = Bench([provider], budget);

        var calls = Enumerable.Range(0, 200).Select(_ => bench.SendAsync(stream: false)).ToArray();

        // The first sum of what calls may cost that is past the budget is 7 × 8,199; the others are refused at once.
        var refused = calls.Where(c => c.IsCompleted).ToArray();
        Assert.Equal(193, refused.Length);
        answers.SetResult();
        var all = await Task.WhenAll(calls);
        Assert.Equal(7, all.Count(r => r.Failure is null));
        foreach (var call in refused) Assert.Equal(FailureKind.BudgetExceeded, (await call).Failure!.Kind);
        Assert.InRange(Spend(bench).Spent(November), budget, budget + 8_203);
        Assert.Equal((all.Sum(r => r.Event.Attempts.Sum(a => a.CostMicros ?? 0)), 0L), (Spend(bench).Spent(November), Spend(bench).Reserved(November)));
    }

    [Fact]
    public async Task Dispatch_TheControlPlaneRaisesTheLease_IsServedAgain()
    {
        await using var provider = Answering(2);
        using var bench = Bench([provider], Cost);
        await bench.SendAsync(stream: false);
        Assert.Equal(FailureKind.BudgetExceeded, (await bench.SendAsync(stream: false)).Failure!.Kind);

        Spend(bench).Hear(November, Cost, 10 * Cost);

        Assert.Null((await bench.SendAsync(stream: false)).Failure);
    }

    [Fact]
    public async Task Dispatch_TheMonthTurns_BeginsAnewOnceWhateverTheClockDoes()
    {
        var time = new ManualTime(new DateTimeOffset(2026, 11, 30, 23, 59, 0, TimeSpan.Zero));
        await using var provider = Answering(2);
        using var bench = Bench([provider], Cost, time);
        Assert.Null((await bench.SendAsync(stream: false)).Failure);
        Assert.NotNull((await bench.SendAsync(stream: false)).Failure);

        time.StepWallClock(TimeSpan.FromMinutes(1));
        Assert.Null((await bench.SendAsync(stream: false)).Failure);
        Assert.NotNull((await bench.SendAsync(stream: false)).Failure);
        time.StepWallClock(TimeSpan.FromMinutes(-1));
        Assert.NotNull((await bench.SendAsync(stream: false)).Failure);
        time.StepWallClock(TimeSpan.FromMinutes(1));
        Assert.NotNull((await bench.SendAsync(stream: false)).Failure);
    }

    [Fact]
    public async Task Dispatch_BeganInTheOldMonth_IsCountedThere()
    {
        var time = new ManualTime(new DateTimeOffset(2026, 11, 30, 23, 59, 0, TimeSpan.Zero));
        await using var provider = new ScriptedProvider().Then(async (s, c) =>
        {
            time.StepWallClock(TimeSpan.FromMinutes(2));
            await s.WriteAsync(System.Text.Encoding.ASCII.GetBytes($"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {Whole.Length}\r\n\r\n{Whole}"), c);
        });
        using var bench = Bench([provider], 50_000, time);
        await bench.SendAsync(stream: false);
        Assert.Equal((Cost, 0), (Spend(bench).Spent(November), Spend(bench).Spent(2026_12)));
        Assert.Equal((0, 0), (Spend(bench).Reserved(November), Spend(bench).Reserved(2026_12)));
    }

    [Fact]
    public async Task Dispatch_AFailedAttemptCosts_IsCountedWithTheOneThatAnswered()
    {
        await using var first = new ScriptedProvider().ThenAnswer("{}");
        await using var second = Answering(1);
        using var bench = Bench([first, second], 50_000);
        var result = await bench.SendAsync(stream: false);
        Assert.Equal(2, result.Event.Attempts.Length);
        Assert.Equal(result.Event.Attempts.Where(a => a.Currency == "USD").Sum(a => a.CostMicros), Spend(bench).Spent(November));
        Assert.Equal(0, Spend(bench).Reserved(November));
    }

    [Fact]
    public async Task Dispatch_CountsTokensOfASpentFeature_IsNotRefused()
    {
        await using var provider = Answering(1);
        using var bench = Bench([provider], Cost);
        await bench.SendAsync(stream: false);
        Assert.NotEqual(FailureKind.BudgetExceeded, (await bench.SendAsync(stream: false, api: CallerApi.CountTokens)).Failure?.Kind);
    }

    [Fact]
    public async Task Dispatch_BudgetThatOnlyWarns_RefusesNothing()
    {
        await using var provider = Answering(3);
        using var bench = new DispatchBench([provider], f => f with { BudgetMicros = 1 }, time: November24());
        for (var i = 0; i < 3; i++) Assert.Null((await bench.SendAsync(stream: false)).Failure);
        Assert.Null(bench.Table.Features["f"].MonthlyBudget);
    }

    [Fact]
    public async Task Dispatch_ABudgetInAnotherCurrency_SetsNothingAsideAndCountsNothing()
    {
        await using var provider = Answering(2);
        using var bench = new DispatchBench([provider], f => f with { BudgetMicros = 1, BudgetAction = BudgetAction.Stop, BudgetCurrency = "EUR" }, time: November24());
        for (var i = 0; i < 2; i++) Assert.Null((await bench.SendAsync(stream: false)).Failure);
        Assert.Equal((0, 0), (Spend(bench).Spent(November), Spend(bench).Reserved(November)));
    }

    [Fact]
    public async Task Explain_TheBudgetIsSpent_SaysSoAndThatNobodyIsAsked()
    {
        await using var provider = Answering(1);
        using var bench = Bench([provider], Cost);
        await bench.SendAsync(stream: false);

        var explained = RoutingExplainer.Explain(bench.Table.Features["f"], DispatchBench.Plain, new DateTimeOffset(2026, 11, 24, 15, 0, 0, TimeSpan.Zero));

        Assert.Equal(FailureKind.BudgetExceeded, explained.Failure!.Kind);
        Assert.Null(explained.Choice);
        Assert.Equal((CandidateVerdict.Eligible, false), (Assert.Single(explained.Candidates).Verdict, explained.Candidates[0].AskedFirst));
    }

    [Fact]
    public void SpendIn_AnotherTable_GoesOnUnlessTheCurrencyChanges()
    {
        var memory = new FeatureMemory();
        var spend = memory.SpendIn("USD");
        spend.Of(November).Count(7);
        Assert.Same(spend, memory.SpendIn("USD"));
        Assert.Equal(0, memory.SpendIn("EUR").Spent(November));
    }

    private static ManualTime November24() => new(new DateTimeOffset(2026, 11, 24, 14, 0, 0, TimeSpan.Zero));

    private static FeatureSpend Spend(DispatchBench bench) => bench.Table.Features["f"].MonthlyBudget!.Spend;

    private static DispatchBench Bench(ScriptedProvider[] providers, long budget, ManualTime? time = null) =>
        new(providers, f => f with { BudgetMicros = budget, BudgetAction = BudgetAction.Stop }, time: time ?? November24());

    private static ScriptedProvider Answering(int times)
    {
        var provider = new ScriptedProvider();
        for (var i = 0; i < times; i++) provider.ThenAnswer(Whole);
        return provider;
    }
}
