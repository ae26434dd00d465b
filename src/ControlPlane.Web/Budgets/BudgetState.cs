using Routing.Core.Budgets;
using Routing.Core.Snapshots;

namespace ControlPlane.Web.Budgets;

/// <summary>A feature's published budget, what of it is spent in this month, and where that is heading.</summary>
/// <param name="Month">yyyymm, in UTC.</param>
/// <param name="EstimatedMicros">Part of the spent that rests on estimated tokens.</param>
/// <param name="Unpriced">Attempts that had no price: they cost something, and nobody knows what.</param>
/// <param name="OtherCurrencies">Currencies in which more was spent, which cannot be added.</param>
/// <param name="Pace">Null: too early to tell.</param>
public sealed record BudgetState(PublishedBudget Budget, int Month, DateTimeOffset Now, long SpentMicros, long EstimatedMicros, long Unpriced, string OtherCurrencies, BudgetPace? Pace)
{
    public string Feature => Budget.Feature;
    public bool IsSpent => SpentMicros >= Budget.Micros;

    /// <summary>Its calls are refused now.</summary>
    public bool IsStopped => IsSpent && Budget.Action == BudgetAction.Stop;
    public double Share => (double)SpentMicros / Budget.Micros;
    public DateTimeOffset Ends => BudgetMonth.End(Month);
    public DateTimeOffset? ReachedAt => Pace?.ReachedAt(Budget.Micros - SpentMicros, Now, Ends);
}
