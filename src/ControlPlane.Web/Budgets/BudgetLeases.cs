using System.Collections.Immutable;
using ControlPlane.Web.Data;
using ControlPlane.Web.Edges;
using Microsoft.EntityFrameworkCore;
using Routing.Core.Budgets;
using Routing.Core.Snapshots;

namespace ControlPlane.Web.Budgets;

/// <summary>
/// Answers each report of an edge with how far it may spend. What an edge was once allowed stays taken until it says that it goes by less, so that an
/// answer that is lost can let nobody spend too much. Most answers change nothing and write nothing.
/// </summary>
internal sealed class BudgetLeases(IDbContextFactory<ControlPlaneDb> contexts, WriteTransactions transactions, EdgeBoard board, PublishedBudgets budgets, TimeProvider time)
{
    /// <param name="Taken">What nobody else may have from now on: more than the lease, as long as the edge may not have heard of it.</param>
    private sealed record Grant(BudgetLease Lease, long Taken, bool IsNew);

    /// <param name="reported">What the edge has spent and believes it may; empty from one without such features.</param>
    public async Task<ImmutableArray<BudgetLease>> GrantAsync(EdgeIdentity edge, ImmutableArray<BudgetLease> reported, CancellationToken cancellationToken)
    {
        if (reported.IsDefaultOrEmpty) return [];
        ImmutableArray<PublishedBudget> stopping = [.. (await budgets.ReadAsync(cancellationToken)).Where(b => b.Action == BudgetAction.Stop)];
        int edges = await board.CountAsync(cancellationToken);
        await using (ControlPlaneDb db = await contexts.CreateDbContextAsync(cancellationToken))
        {
            ImmutableArray<Grant> grants = await JudgeAsync(db, edge.Id, reported, stopping, edges, cancellationToken);
            if (!grants.Any(g => g.IsNew)) return [.. grants.Select(g => g.Lease)];
        }
        return await transactions.RunAsync(async db => await WriteAsync(db, edge.Id, reported, stopping, edges, cancellationToken), cancellationToken);
    }

    private async Task<ImmutableArray<BudgetLease>> WriteAsync(
        ControlPlaneDb db, string edgeId, ImmutableArray<BudgetLease> reported, ImmutableArray<PublishedBudget> stopping, int edges, CancellationToken cancellationToken)
    {
        // Whoever writes leases of the month waits for whoever does: two that read at once would both hand out the same rest.
        int month = BudgetMonth.Of(time.GetUtcNow());
        await db.EdgeSpends.Where(s => s.Month == month).ExecuteUpdateAsync(set => set.SetProperty(s => s.UpTo, s => s.UpTo), cancellationToken);
        ImmutableArray<Grant> grants = await JudgeAsync(db, edgeId, reported, stopping, edges, cancellationToken);
        foreach (Grant grant in grants.Where(g => g.IsNew))
        {
            (string feature, string currency) = (grant.Lease.Feature, grant.Lease.Currency);
            int known = await db.EdgeSpends.Where(s => s.Month == month && s.Feature == feature && s.Currency == currency && s.EdgeId == edgeId)
                .ExecuteUpdateAsync(set => set.SetProperty(s => s.UpTo, grant.Taken), cancellationToken);
            if (known == 0) db.EdgeSpends.Add(new EdgeSpend { Month = month, Feature = feature, Currency = currency, EdgeId = edgeId, UpTo = grant.Taken });
        }
        return [.. grants.Select(g => g.Lease)];
    }

    private async Task<ImmutableArray<Grant>> JudgeAsync(
        ControlPlaneDb db, string edgeId, ImmutableArray<BudgetLease> reported, ImmutableArray<PublishedBudget> stopping, int edges, CancellationToken cancellationToken)
    {
        DateTimeOffset now = time.GetUtcNow();
        int month = BudgetMonth.Of(now);
        DateTimeOffset goneBefore = (await EdgeHearing.ReadAsync(db, cancellationToken))?.GoneBeforeAt(now) ?? DateTimeOffset.MinValue;
        List<string> features = [.. stopping.Select(b => b.Feature)];
        List<EdgeSpend> rows = await db.EdgeSpends.AsNoTracking().Where(s => s.Month == month && features.Contains(s.Feature)).ToListAsync(cancellationToken);
        DateTimeOffset silentSince = now - EdgeBoard.SilentAfter;
        Dictionary<string, bool> reachable = await db.Edges.Where(e => e.RemovedAt == null && e.LastReportAt >= goneBefore)
            .Select(e => new { e.Id, IsSilent = e.LastReportAt < silentSince }).ToDictionaryAsync(e => e.Id, e => e.IsSilent, StringComparer.Ordinal, cancellationToken);
        return
        [
            .. from report in reported.Where(r => r is not null).DistinctBy(r => r.Feature, StringComparer.Ordinal)
               join budget in stopping on (report.Feature, report.Currency) equals (budget.Feature, budget.Currency)
               select Judge(budget, month, report, edgeId, [.. rows.Where(r => r.Feature == budget.Feature && r.Currency == budget.Currency)], reachable, edges),
        ];
    }

    private static Grant Judge(PublishedBudget budget, int month, BudgetLease report, string edgeId, List<EdgeSpend> rows, Dictionary<string, bool> reachable, int edges)
    {
        EdgeSpend? row = rows.Find(r => r.EdgeId == edgeId);
        (long stored, long ingested) = (row?.UpTo ?? 0, row?.Micros ?? 0);

        // An edge whose clock is in another month has its word of this one as it was told; one that heard nothing yet goes to an equal part.
        bool isOfMonth = report.Month == month;
        long held = isOfMonth ? report.UpTo ?? budget.Micros / edges : stored;
        long spent = Math.Max(ingested, isOfMonth ? report.Spent : 0);
        EdgePart[] others = Others(budget, edgeId, rows, reachable, edges);
        long upTo = LeaseShare.UpTo(budget.Micros, new EdgePart(spent, held), others, edges);
        long taken = Math.Max(upTo, held);
        bool isSpent = spent + others.Sum(o => o.Spent) >= budget.Micros;
        return new Grant(new BudgetLease(budget.Feature, budget.Currency, month, spent, upTo, isSpent), taken, row is null || taken != stored);
    }

    /// <param name="reachable">Whether each that is not given up is silent now.</param>
    private static EdgePart[] Others(PublishedBudget budget, string edgeId, List<EdgeSpend> rows, Dictionary<string, bool> reachable, int edges)
    {
        // Who has said nothing in this month goes to an equal part: at the month's turn every edge does, heard or not.
        long equal = budget.Micros / Math.Max(edges, reachable.Count);
        HashSet<string> known = [.. rows.Select(r => r.EdgeId)];
        return
        [
            .. rows.Where(r => r.EdgeId != edgeId).Select(r => reachable.TryGetValue(r.EdgeId, out bool isSilent) ? new EdgePart(r.Micros, r.UpTo, isSilent) : new EdgePart(r.Micros, 0, IsSilent: true)),
            .. reachable.Where(e => e.Key != edgeId && !known.Contains(e.Key)).Select(e => new EdgePart(0, equal, e.Value)),
        ];
    }
}
