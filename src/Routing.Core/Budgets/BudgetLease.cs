namespace Routing.Core.Budgets;

/// <summary>
/// One edge's part of a feature's budget, in millionths of the currency and counted from the month's start. From the edge: what it has spent and how
/// far it believes it may go. From the control plane: what it is known to have spent, by which a restarted edge finds its place, and how far it may go.
/// </summary>
/// <param name="Month">yyyymm, in UTC.</param>
/// <param name="UpTo">Null: nobody has said yet; the edge goes to an equal part of the whole.</param>
/// <param name="IsSpent">Whether all edges together have spent the whole, by the control plane's last word. Null: nobody has said; an older control plane never does.</param>
public sealed record BudgetLease(string Feature, string Currency, int Month, long Spent, long? UpTo, bool? IsSpent = null);
