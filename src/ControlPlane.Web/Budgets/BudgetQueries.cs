using System.Collections.Immutable;
using ControlPlane.Web.Data;
using ControlPlane.Web.Usage;
using Microsoft.EntityFrameworkCore;
using Routing.Core.Budgets;

namespace ControlPlane.Web.Budgets;

/// <summary>Spend of the month against each published budget.</summary>
internal sealed class BudgetQueries(IDbContextFactory<ControlPlaneDb> contexts, PublishedBudgets budgets, TimeProvider time)
{
    private sealed record Day(string Feature, string Currency, DateTimeOffset Start, long Micros);

    /// <summary>Those nearest their end first.</summary>
    public async Task<ImmutableArray<BudgetState>> ReadAsync(CancellationToken cancellationToken)
    {
        ImmutableArray<PublishedBudget> published = await budgets.ReadAsync(cancellationToken);
        if (published.IsEmpty) return [];
        DateTimeOffset now = time.GetUtcNow();
        int month = BudgetMonth.Of(now);
        await using ControlPlaneDb db = await contexts.CreateDbContextAsync(cancellationToken);
        List<EdgeSpend> spends = await db.EdgeSpends.AsNoTracking().Where(s => s.Month == month).ToListAsync(cancellationToken);
        DateTimeOffset today = Rounding.Down(now, RollupStep.Day);
        List<Day> days = await DaysAsync(db, null, today.AddDays(-BudgetPace.Days), today, cancellationToken);
        return [.. published.Select(b => State(b, month, now, today, spends, days)).OrderByDescending(s => s.Share).ThenBy(s => s.Feature, StringComparer.Ordinal)];
    }

    /// <summary>Spent since the month's start, one sum for each day so far, today included.</summary>
    public async Task<ImmutableArray<long>> BurnAsync(BudgetState state, CancellationToken cancellationToken)
    {
        DateTimeOffset start = BudgetMonth.Start(state.Month);
        await using ControlPlaneDb db = await contexts.CreateDbContextAsync(cancellationToken);
        List<Day> days = await DaysAsync(db, state.Feature, start, state.Now, cancellationToken);
        ILookup<DateTimeOffset, long> byDay = days.Where(d => d.Currency == state.Budget.Currency).ToLookup(d => d.Start, d => d.Micros);
        var burn = ImmutableArray.CreateBuilder<long>();
        long sum = 0;
        for (DateTimeOffset day = start; day <= state.Now; day = day.AddDays(1)) burn.Add(sum += byDay[day].Sum());
        return burn.ToImmutable();
    }

    private static async Task<List<Day>> DaysAsync(ControlPlaneDb db, string? feature, DateTimeOffset from, DateTimeOffset to, CancellationToken cancellationToken)
    {
        IQueryable<AttemptRollup> rows = db.AttemptRollups.AsNoTracking().Where(r => r.Step == RollupStep.Day && r.Start >= from && r.Start < to && r.Feature != "");
        if (feature is not null) rows = rows.Where(r => r.Feature == feature);
        var days = await rows.GroupBy(r => new { r.Feature, r.Currency, r.Start }).Select(g => new { g.Key, Micros = g.Sum(r => r.CostMicros) }).ToListAsync(cancellationToken);
        return [.. days.Select(d => new Day(d.Key.Feature, d.Key.Currency, d.Key.Start, d.Micros))];
    }

    private static BudgetState State(PublishedBudget budget, int month, DateTimeOffset now, DateTimeOffset today, List<EdgeSpend> spends, List<Day> days)
    {
        EdgeSpend[] own = [.. spends.Where(s => s.Feature == budget.Feature)];
        EdgeSpend[] counted = [.. own.Where(s => s.Currency == budget.Currency)];
        string others = string.Join(", ", own.Where(s => s.Currency.Length > 0 && s.Currency != budget.Currency && s.Micros > 0).Select(s => s.Currency).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal));
        return new BudgetState(budget, month, now, counted.Sum(s => s.Micros), counted.Sum(s => s.EstimatedMicros), own.Sum(s => s.Unpriced), others, Pace(budget, today, days));
    }

    private static BudgetPace? Pace(PublishedBudget budget, DateTimeOffset today, List<Day> days)
    {
        Dictionary<DateTimeOffset, long> own = days.Where(d => d.Feature == budget.Feature && d.Currency == budget.Currency).GroupBy(d => d.Start).ToDictionary(g => g.Key, g => g.Sum(d => d.Micros));
        if (own.Count == 0) return null;

        // From its first day on: before that the feature may not have been there.
        return BudgetPace.Of([.. Enumerable.Range(0, (today - own.Keys.Min()).Days).Select(i => own.GetValueOrDefault(today.AddDays(-1 - i)))]);
    }
}
