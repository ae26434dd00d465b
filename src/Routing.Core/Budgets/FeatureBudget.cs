using Routing.Core.Dispatch.Choice;
using Routing.Core.Health;
using Routing.Core.Llm;
using Routing.Core.Tables;
using Routing.Core.Usage;

namespace Routing.Core.Budgets;

/// <summary>
/// What a feature may spend in a month, where calls beyond it are refused. An edge goes as far as the control plane last said; before its first word in
/// a month, to an equal part of the whole.
/// </summary>
/// <param name="micros">Of the whole month and all edges, in millionths of the currency.</param>
/// <param name="edges">Knows how many edges share it.</param>
/// <param name="leases">Null: nobody gives this edge more than its part.</param>
public sealed class FeatureBudget(long micros, FeatureSpend spend, EndpointHealthRegistry edges, LeaseSource? leases = null)
{
    public long Micros { get; } = micros;
    public string Currency => Spend.Currency;
    public FeatureSpend Spend { get; } = spend;

    /// <summary>Whether the next call would be refused.</summary>
    public bool IsUsedUp(DateTimeOffset at) => !Spend.Of(BudgetMonth.Of(at)).HasRoom(OwnPart);

    /// <summary>Why it would be.</summary>
    public BudgetEnd End(DateTimeOffset at)
    {
        var month = Spend.Of(BudgetMonth.Of(at));
        if (!month.IsSpent(OwnPart)) return BudgetEnd.UnderWay;
        if (leases is null || month.Spent >= Micros || IsWholeSpent(month)) return BudgetEnd.Whole;
        return leases.IsSilent ? BudgetEnd.CutOff : BudgetEnd.Part;
    }

    /// <summary>False: nothing is left. Else the amount is set aside until <see cref="Release"/>.</summary>
    internal bool TryReserve(long amount, DateTimeOffset at) => Spend.Of(BudgetMonth.Of(at)).TryReserve(amount, OwnPart);

    /// <param name="at">As it was reserved.</param>
    internal void Release(long amount, DateTimeOffset at) => Spend.Find(BudgetMonth.Of(at))?.Release(amount);

    /// <summary>Exactly what the ledger will say: the attempt's own cost, in the month it began in. One without a price, or in another currency, cannot be added.</summary>
    internal void Count(AttemptRecord attempt)
    {
        if (attempt.CostMicros is > 0 and var cost && attempt.Currency == Currency) Spend.Of(BudgetMonth.Of(attempt.StartedAt)).Count(cost);
    }

    /// <summary>What a call may cost at the dearest candidate: whoever takes it over has no more set aside for it.</summary>
    internal long AtMost(FeatureRoute route, ChatCall call, DateTimeOffset at)
    {
        var most = 0L;
        foreach (var candidate in route.Candidates)
        {
            if (candidate.Endpoint.Prices.At(at) is { } price && price.Currency == Currency) most = Math.Max(most, CallCost.AtMost(call, candidate.Endpoint, price));
        }

        return most;
    }

    // A control plane that gave a lease and does not say is an older one: its edges took the end of a lease for the end of the budget.
    private static bool IsWholeSpent(MonthSpend month) => month.IsWholeSpent ?? month.UpTo is not null;

    // Too small a budget for so many edges is still not none.
    private long OwnPart => Math.Max(1, Micros / edges.Edges);
}
