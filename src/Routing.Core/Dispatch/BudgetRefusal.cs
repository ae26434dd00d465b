using System.Globalization;
using Routing.Core.Budgets;
using Routing.Core.Llm;
using Routing.Core.Tables;

namespace Routing.Core.Dispatch;

/// <summary>Tells a caller that its feature has spent what it may in this month, until when, and what to do.</summary>
internal static class BudgetRefusal
{
    // What calls under way leave is there when they end.
    private static readonly TimeSpan Wait = TimeSpan.FromSeconds(2);

    /// <summary>Null: the call would not be refused for a budget.</summary>
    public static Failure? Find(FeatureRoute route, ChatCall call, DateTimeOffset at) =>
        call.Api != CallerApi.CountTokens && route.MonthlyBudget is { } budget && budget.IsUsedUp(at) ? Of(route, budget, at) : null;

    public static Failure Of(FeatureRoute route, FeatureBudget budget, DateTimeOffset at)
    {
        var month = BudgetMonth.Of(at);
        var amount = string.Create(CultureInfo.InvariantCulture, $"{budget.Micros / 1_000_000m:0.######} {budget.Currency} for {BudgetMonth.Name(month)}");
        if (!budget.IsSpent(at))
        {
            return Failure.Of(FailureKind.BudgetExceeded, $"Feature '{route.Name}' has almost used up its budget of {amount}: calls under way may cost what is left. Send it again after the time in 'retry-after', or allow a shorter answer.") with { RetryAfter = Wait };
        }

        return Failure.Of(FailureKind.BudgetExceeded, string.Create(CultureInfo.InvariantCulture,
            $"Feature '{route.Name}' has used up its budget of {amount}. Its calls are refused until {BudgetMonth.End(month):yyyy-MM-dd} 00:00 UTC, or until an administrator raises the budget."));
    }
}
