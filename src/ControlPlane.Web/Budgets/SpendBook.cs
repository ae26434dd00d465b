using ControlPlane.Web.Data;
using Microsoft.EntityFrameworkCore;
using Routing.Core.Budgets;
using Routing.Core.Llm;
using Routing.Core.Usage;

namespace ControlPlane.Web.Budgets;

/// <summary>Adds what newly stored events cost to the accounts of their edge, inside the transaction that stores them.</summary>
internal static class SpendBook
{
    private readonly record struct Account(int Month, string Feature, string Currency);

    private record struct Sum(long Micros, long Estimated, long Unpriced);

    public static async Task AddAsync(ControlPlaneDb db, string edgeId, IEnumerable<UsageEvent> stored, CancellationToken cancellationToken)
    {
        foreach ((Account account, Sum sum) in Sums(stored))
        {
            int known = await db.EdgeSpends
                .Where(s => s.Month == account.Month && s.Feature == account.Feature && s.Currency == account.Currency && s.EdgeId == edgeId)
                .ExecuteUpdateAsync(set => set.SetProperty(s => s.Micros, s => s.Micros + sum.Micros)
                    .SetProperty(s => s.EstimatedMicros, s => s.EstimatedMicros + sum.Estimated).SetProperty(s => s.Unpriced, s => s.Unpriced + sum.Unpriced), cancellationToken);
            if (known > 0) continue;
            db.EdgeSpends.Add(new EdgeSpend
            {
                Month = account.Month, Feature = account.Feature, Currency = account.Currency, EdgeId = edgeId,
                Micros = sum.Micros, EstimatedMicros = sum.Estimated, Unpriced = sum.Unpriced,
            });
        }
    }

    // Probes are nobody's; an attempt that used nothing has neither cost nor currency.
    private static Dictionary<Account, Sum> Sums(IEnumerable<UsageEvent> events)
    {
        Dictionary<Account, Sum> sums = [];
        foreach (UsageEvent e in events.Where(e => e.Feature.Length > 0))
        {
            foreach (AttemptRecord attempt in e.Attempts.Where(a => a.CostMicros != 0))
            {
                var account = new Account(BudgetMonth.Of(attempt.StartedAt), e.Feature, attempt.Currency ?? "");
                Sum sum = sums.GetValueOrDefault(account);
                long micros = attempt.CostMicros ?? 0;
                sums[account] = new Sum(
                    sum.Micros + micros, sum.Estimated + (attempt.Usage.Source == UsageSource.Estimated ? micros : 0), sum.Unpriced + (attempt.CostMicros is null ? 1 : 0));
            }
        }
        return sums;
    }
}
