using System.Collections.Immutable;
using ControlPlane.Web.Insights;
using Routing.Core.Snapshots;

namespace ControlPlane.Web.Budgets;

/// <summary>What a feature has spent in a month so far: any budget can be held against it, published or not.</summary>
/// <param name="Month">yyyymm, in UTC.</param>
/// <param name="Unpriced">Attempts that had no price.</param>
/// <param name="Paces">By currency; none where it is too early to tell.</param>
public sealed record MonthSpend(string Feature, int Month, DateTimeOffset Now, ImmutableArray<Spend> Sums, long Unpriced, ImmutableDictionary<string, BudgetPace> Paces)
{
    public BudgetState Against(PublishedBudget budget)
    {
        ArgumentNullException.ThrowIfNull(budget);
        Spend? counted = Sums.FirstOrDefault(s => s.Currency == budget.Currency);
        string others = string.Join(", ", Sums.Where(s => s.Currency != budget.Currency && s.Micros > 0).Select(s => s.Currency));
        return new BudgetState(budget, Month, Now, counted?.Micros ?? 0, counted?.EstimatedMicros ?? 0, Unpriced, others, Paces.GetValueOrDefault(budget.Currency));
    }

    /// <param name="micros">Of a budget that is being edited; 0 = none.</param>
    public BudgetState? Against(long micros, string currency, BudgetAction action) => micros <= 0 ? null : Against(new PublishedBudget(Feature, "", micros, currency, action));
}
