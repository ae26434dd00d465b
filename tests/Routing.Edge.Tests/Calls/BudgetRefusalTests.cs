using System.Net;
using Microsoft.AspNetCore.Http;
using Routing.Core.Budgets;
using Routing.Core.Llm;
using Routing.Core.Tables;
using Routing.Core.Usage;
using Routing.Edge.Usage;
using TestKit;

namespace Routing.Edge.Tests.Calls;

/// <summary>What a caller of every API is told once its feature has spent its budget, from the bytes.</summary>
public sealed class BudgetRefusalTests
{
    private const int November = 2026_11;
    private const string Sentence = "has used up its budget of 5 USD for November 2026. Its calls are refused until 2026-12-01 00:00 UTC, or until an administrator raises the budget.";
    private const string Part = "has used up this edge's part of its budget of 5 USD for November 2026; more may come within seconds. Send it again after the time in 'retry-after', or to another edge.";
    private const string CutOff = "has used up this edge's part of its budget of 5 USD for November 2026. The control plane, which could give it more, does not answer, so nobody here knows whether the whole is spent. Send it again after the time in 'retry-after', or to another edge.";

    public static TheoryData<string, string, string, string> Dialects => new()
    {
        {
            "/v1/chat/completions", "chat", """{"model":"chat","messages":[{"role":"user","content":"hi"}]}""",
            """{"error":{"message":"Feature 'chat' SENTENCE","type":"insufficient_quota","param":null,"code":"insufficient_quota","kind":"budget_exceeded"}}"""
        },
        {
            "/v1/chat/completions", "chat", """{"model":"chat","stream":true,"messages":[{"role":"user","content":"hi"}]}""",
            """{"error":{"message":"Feature 'chat' SENTENCE","type":"insufficient_quota","param":null,"code":"insufficient_quota","kind":"budget_exceeded"}}"""
        },
        {
            "/v1/embeddings", "embed", """{"model":"embed","input":"hi"}""",
            """{"error":{"message":"Feature 'embed' SENTENCE","type":"insufficient_quota","param":null,"code":"insufficient_quota","kind":"budget_exceeded"}}"""
        },
        {
            "/v1/responses", "forwarded", """{"model":"forwarded","input":"hi"}""",
            """{"error":{"message":"Feature 'forwarded' SENTENCE","type":"insufficient_quota","param":null,"code":"insufficient_quota","kind":"budget_exceeded"}}"""
        },
        {
            "/v1/messages", "translated", """{"model":"translated","max_tokens":99,"messages":[{"role":"user","content":"hi"}]}""",
            """{"type":"error","error":{"type":"rate_limit_error","message":"Feature 'translated' SENTENCE","kind":"budget_exceeded","code":"insufficient_quota"},"request_id":"ID"}"""
        },
    };

    [Theory]
    [MemberData(nameof(Dialects))]
    public async Task Post_TheBudgetIsSpent_IsToldSoAndNotToComeAgain(string path, string feature, string body, string expected)
    {
        await using var edge = await StartAsync();
        Spend(edge, feature).Hear(November, 5_000_000, null);

        using var response = await edge.PostAsync(path, body);

        var id = response.Headers.GetValues("x-route-request-id").Single();
        Assert.Equal(expected.Replace("SENTENCE", Sentence, StringComparison.Ordinal).Replace("ID", id, StringComparison.Ordinal), await response.Content.ReadAsStringAsync());
        Assert.Equal((HttpStatusCode.TooManyRequests, "false", "budget_exceeded", "0"), (response.StatusCode, Header(response, "x-should-retry"), Header(response, "x-route-failure"), Header(response, "x-route-attempts")));
        Assert.False(response.Headers.Contains("retry-after"));
        var row = Assert.Single(await LedgerAsync(edge, 1));
        Assert.Equal((RequestOutcome.Failed, FailureKind.BudgetExceeded, feature), (row.Outcome, row.Failure, row.Feature));
        Assert.Empty(edge.Provider.Bodies);
    }

    /// <summary>What an SDK sees: 429 without x-should-retry is sent again after the wait.</summary>
    [Theory]
    [MemberData(nameof(Dialects))]
    public async Task Post_OnlyThisEdgesPartIsSpent_IsToldSoAndToComeAgain(string path, string feature, string body, string expected)
    {
        var time = new ManualTime();
        await using var edge = await StartAsync(time, new LeaseSource(time));
        edge.Get<BudgetKeeper>().Hear([new BudgetLease(feature, "USD", November, 2_000_000, 2_000_000, IsSpent: false)]);

        using var response = await edge.PostAsync(path, body);

        var id = response.Headers.GetValues("x-route-request-id").Single();
        var part = expected.Replace("\"type\":\"insufficient_quota\"", "\"type\":\"requests\"", StringComparison.Ordinal).Replace("\"code\":\"insufficient_quota\"", "\"code\":\"budget_part_used_up\"", StringComparison.Ordinal);
        Assert.Equal(part.Replace("SENTENCE", Part, StringComparison.Ordinal).Replace("ID", id, StringComparison.Ordinal), await response.Content.ReadAsStringAsync());
        Assert.Equal((HttpStatusCode.TooManyRequests, "4", "4000", "budget_exceeded"), (response.StatusCode, Header(response, "retry-after"), Header(response, "retry-after-ms"), Header(response, "x-route-failure")));
        Assert.False(response.Headers.Contains("x-should-retry"));
        Assert.Empty(edge.Provider.Bodies);
    }

    [Fact]
    public async Task Post_TheControlPlaneIsSilentAndThePartIsSpent_SaysThatNobodyKnowsAndAsksForMorePatience()
    {
        var time = new ManualTime();
        await using var edge = await StartAsync(time, new LeaseSource(time));
        edge.Get<BudgetKeeper>().Hear([new BudgetLease("chat", "USD", November, 2_000_000, 2_000_000, IsSpent: false)]);
        time.Advance(16);

        using var response = await edge.ChatAsync(EdgeFixture.Body(false));

        Assert.Equal("""{"error":{"message":"Feature 'chat' SENTENCE","type":"requests","param":null,"code":"budget_part_used_up","kind":"budget_exceeded"}}""".Replace("SENTENCE", CutOff, StringComparison.Ordinal), await response.Content.ReadAsStringAsync());
        Assert.Equal((HttpStatusCode.TooManyRequests, "30"), (response.StatusCode, Header(response, "retry-after")));
        Assert.False(response.Headers.Contains("x-should-retry"));
    }

    /// <summary>The whole is known to be spent: by the control plane's word, heard or kept, by an older one's, or because this edge alone spent it.</summary>
    [Theory]
    [InlineData(2_000_000, 2_000_000L, true, false)]
    [InlineData(2_000_000, 2_000_000L, true, true)]
    [InlineData(2_000_000, 2_000_000L, null, false)]
    [InlineData(5_000_000, 5_000_000L, false, false)]
    [InlineData(5_000_000, null, null, false)]
    public async Task Post_TheWholeIsKnownToBeSpent_IsFinal(long spent, long? upTo, bool? isSpent, bool isSilent)
    {
        var time = new ManualTime();
        await using var edge = await StartAsync(time, new LeaseSource(time));
        edge.Get<BudgetKeeper>().Hear([new BudgetLease("chat", "USD", November, spent, upTo, isSpent)]);
        if (isSilent) time.Advance(16);

        using var response = await edge.ChatAsync(EdgeFixture.Body(false));

        Assert.Contains(Sentence, await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Equal(("false", null), (Header(response, "x-should-retry"), Header(response, "retry-after")));
    }

    /// <summary>At the month's turn, and on an edge that has just joined.</summary>
    [Fact]
    public async Task Post_TheEqualPartIsSpentBeforeTheFirstWord_IsToldToComeAgain()
    {
        var time = new ManualTime();
        await using var edge = await StartAsync(time, new LeaseSource(time));
        edge.Get<Core.Health.EndpointHealthRegistry>().Edges = 4;
        Spend(edge, "chat").Hear(November, 1_250_000, null);
        using var response = await edge.ChatAsync(EdgeFixture.Body(false));
        Assert.Contains(Part, await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Post_AnEdgeOfAFileSpentItsEqualPart_IsFinal()
    {
        await using var edge = await StartAsync();
        edge.Get<Core.Health.EndpointHealthRegistry>().Edges = 4;
        Spend(edge, "chat").Hear(November, 1_250_000, null);
        using var response = await edge.ChatAsync(EdgeFixture.Body(false));
        Assert.Equal("false", Header(response, "x-should-retry"));
    }

    [Fact]
    public async Task Post_CallsUnderWayMayCostTheRest_IsAskedToComeAgain()
    {
        await using var edge = await StartAsync();
        var hold = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        edge.Provider.On("model-a", async context =>
        {
            await hold.Task;
            context.Response.ContentType = "application/json";
            await context.Response.WriteAsync(ScriptedProvider.Whole);
        });
        Spend(edge, "chat").Hear(November, 4_999_999, null);
        using var first = new CancellationTokenSource();
        var underWay = edge.Client.PostAsync("/v1/chat/completions", new StringContent(EdgeFixture.Body(false), System.Text.Encoding.UTF8, "application/json"), first.Token);
        await edge.Provider.Asked.Task;

        using var response = await edge.ChatAsync(EdgeFixture.Body(false));

        Assert.Equal((HttpStatusCode.TooManyRequests, "2", "budget_exceeded"), (response.StatusCode, Header(response, "retry-after"), Header(response, "x-route-failure")));
        Assert.False(response.Headers.Contains("x-should-retry"));
        Assert.Contains("\"code\":\"rate_limit_exceeded\"", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        hold.SetResult();
        using var answered = await underWay;
        await LedgerAsync(edge, 2);
        Assert.Equal(0, Spend(edge, "chat").Reserved(November));
    }

    [Fact]
    public async Task Explain_TheBudgetIsSpent_SaysSo()
    {
        await using var edge = await StartAsync();
        Spend(edge, "chat").Hear(November, 5_000_000, null);
        using var response = await edge.PostAsync("/v1/routing/explain?api=chat_completions", EdgeFixture.Body(false));
        Assert.Contains($"Feature 'chat' {Sentence}", (await response.Content.ReadAsStringAsync()).Replace("\\u0027", "'", StringComparison.Ordinal), StringComparison.Ordinal);
    }

    private static Task<EdgeFixture> StartAsync(ManualTime? time = null, LeaseSource? leases = null) => EdgeFixture.StartAsync(
        yaml: y => y.Replace("\n    candidates:", "\n    budgetMicros: 5000000\n    budgetAction: stop\n    candidates:", StringComparison.Ordinal), time: time ?? new ManualTime(), leases: leases);

    private static async Task<List<UsageEvent>> LedgerAsync(EdgeFixture edge, int count)
    {
        await Eventually.HoldsAsync(() =>
        {
            ((ManualTime)edge.Get<TimeProvider>()).Advance(1); // For the shipper.
            return edge.Get<UsageSpool>().Pending == 0;
        });
        return await edge.LedgerAsync(count);
    }

    private static FeatureSpend Spend(EdgeFixture edge, string feature) => edge.Get<CurrentTable>().Value!.Features[feature].MonthlyBudget!.Spend; // Started, and every feature has one.

    private static string? Header(HttpResponseMessage response, string name) => response.Headers.TryGetValues(name, out var values) ? values.Single() : null;
}
