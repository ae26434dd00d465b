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

    private static Task<EdgeFixture> StartAsync() => EdgeFixture.StartAsync(
        yaml: y => y.Replace("\n    candidates:", "\n    budgetMicros: 5000000\n    budgetAction: stop\n    candidates:", StringComparison.Ordinal), time: new ManualTime());

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
