using System.Globalization;
using Routing.Core.Budgets;
using Routing.Core.Llm;
using Routing.Core.Tables;

namespace Routing.Core.Dispatch;

/// <summary>Tells a caller that its feature has spent what it may in this month, until when, and what to do. Without a wait it is for good.</summary>
internal static class BudgetRefusal
{
    private const string PartCode = "budget_part_used_up";

    // What calls under way leave is there when they end.
    private static readonly TimeSpan Wait = TimeSpan.FromSeconds(2);

    // Two beats: what this edge is to get another may have to give up first.
    private static readonly TimeSpan WaitForMore = TimeSpan.FromSeconds(4);

    // As rarely as an edge asks a control plane that does not answer.
    private static readonly TimeSpan WaitForAnswer = TimeSpan.FromSeconds(30);

    /// <summary>Null: the call would not be refused for a budget.</summary>
    public static Failure? Find(FeatureRoute route, ChatCall call, DateTimeOffset at) =>
        call.Api != CallerApi.CountTokens && route.MonthlyBudget is { } budget && budget.IsUsedUp(at) ? Of(route, budget, at) : null;

    public static Failure Of(FeatureRoute route, FeatureBudget budget, DateTimeOffset at)
    {
        var month = BudgetMonth.Of(at);
        var amount = string.Create(CultureInfo.InvariantCulture, $"{budget.Micros / 1_000_000m:0.######} {budget.Currency} for {BudgetMonth.Name(month)}");
        return budget.End(at) switch
        {
            BudgetEnd.UnderWay => Exceeded($"Feature '{route.Name}' has almost used up its budget of {amount}: calls under way may cost what is left. Send it again after the time in 'retry-after', or allow a shorter answer.") with { RetryAfter = Wait },
            BudgetEnd.Part => Exceeded($"Feature '{route.Name}' has used up this edge's part of its budget of {amount}; more may come within seconds. Send it again after the time in 'retry-after', or to another edge.") with { RetryAfter = WaitForMore, RawCode = PartCode },
            BudgetEnd.CutOff => Exceeded($"Feature '{route.Name}' has used up this edge's part of its budget of {amount}. The control plane, which could give it more, does not answer, so nobody here knows whether the whole is spent. Send it again after the time in 'retry-after', or to another edge.") with { RetryAfter = WaitForAnswer, RawCode = PartCode },
            _ => Exceeded(string.Create(CultureInfo.InvariantCulture, $"Feature '{route.Name}' has used up its budget of {amount}. Its calls are refused until {BudgetMonth.End(month):yyyy-MM-dd} 00:00 UTC, or until an administrator raises the budget.")),
        };
    }

    private static Failure Exceeded(string message) => Failure.Of(FailureKind.BudgetExceeded, message);
}
