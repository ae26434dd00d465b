using System.Collections.Immutable;
using Routing.Core.Snapshots;

namespace ControlPlane.Web.Bindings;

/// <summary>How a feature chooses among its candidates, and what it does beside asking one after the other.</summary>
/// <param name="IdleMs">0: as the limit of the first token.</param>
/// <param name="Residency">Tags; none: anywhere.</param>
/// <param name="MaxCostMicros">In millionths of the currency of the prices; 0: no limit.</param>
/// <param name="BudgetMicros">Of a month, in millionths of its currency; 0: none.</param>
public sealed record BindingChoices(
    int IdleMs,
    SelectionStrategy Selection,
    AffinityMode Affinity,
    int WarmPercent,
    int HedgePercent,
    int ShadowPercent,
    bool FailOverOnContentFilter,
    ImmutableArray<string> Residency,
    long MaxCostMicros,
    long BudgetMicros,
    string BudgetCurrency,
    BudgetAction BudgetAction)
{
    internal static BindingChoices Of(Feature row) => new(
        row.IdleMs, row.Selection, row.Affinity, row.WarmPercent, row.HedgePercent, row.ShadowPercent, row.FailOverOnContentFilter, Tags(row.Residency), row.MaxCostMicros,
        row.BudgetMicros, row.BudgetCurrency, row.BudgetAction);

    internal static ImmutableArray<string> Tags(string text) => [.. text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)];
}
