using System.Collections.Immutable;
using ControlPlane.Web.Data;
using ControlPlane.Web.Insights;
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
        return [.. published.Select(b => Spent(b.Feature, month, now, today, spends, days).Against(b)).OrderByDescending(s => s.Share).ThenBy(s => s.Feature, StringComparer.Ordinal)];
    }

    /// <summary>What one feature has spent this month, whether or not it has a budget.</summary>
    public async Task<MonthSpend> OfAsync(string feature, CancellationToken cancellationToken)
    {
        DateTimeOffset now = time.GetUtcNow(), today = Rounding.Down(now, RollupStep.Day);
        int month = BudgetMonth.Of(now);
        await using ControlPlaneDb db = await contexts.CreateDbContextAsync(cancellationToken);
        List<EdgeSpend> spends = await db.EdgeSpends.AsNoTracking().Where(s => s.Month == month && s.Feature == feature).ToListAsync(cancellationToken);
        return Spent(feature, month, now, today, spends, await DaysAsync(db, feature, today.AddDays(-BudgetPace.Days), today, cancellationToken));
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

    private static MonthSpend Spent(string feature, int month, DateTimeOffset now, DateTimeOffset today, List<EdgeSpend> spends, List<Day> days)
    {
        EdgeSpend[] own = [.. spends.Where(s => s.Feature == feature)];
        ImmutableArray<Spend> sums =
        [
            .. own.Where(s => s.Currency.Length > 0).GroupBy(s => s.Currency, StringComparer.Ordinal).OrderBy(g => g.Key, StringComparer.Ordinal)
                .Select(g => new Spend(g.Key, g.Sum(s => s.Micros), g.Sum(s => s.EstimatedMicros))),
        ];
        var paces = ImmutableDictionary.CreateBuilder<string, BudgetPace>(StringComparer.Ordinal);
        foreach (IGrouping<string, Day> of in days.Where(d => d.Feature == feature).GroupBy(d => d.Currency, StringComparer.Ordinal))
        {
            if (Pace(today, of) is { } pace) paces[of.Key] = pace;
        }
        return new MonthSpend(feature, month, now, sums, own.Sum(s => s.Unpriced), paces.ToImmutable());
    }

    private static BudgetPace? Pace(DateTimeOffset today, IEnumerable<Day> days)
    {
        Dictionary<DateTimeOffset, long> own = days.GroupBy(d => d.Start).ToDictionary(g => g.Key, g => g.Sum(d => d.Micros));

        // From its first day on: before that the feature may not have been there.
        return BudgetPace.Of([.. Enumerable.Range(0, (today - own.Keys.Min()).Days).Select(i => own.GetValueOrDefault(today.AddDays(-1 - i)))]);
    }
}
