using System.Collections.Immutable;
using ControlPlane.Web.Data;
using ControlPlane.Web.Publishing;
using Microsoft.EntityFrameworkCore;
using Routing.Core.Snapshots;

namespace ControlPlane.Web.Budgets;

/// <summary>A feature's budget as published.</summary>
public sealed record PublishedBudget(string Feature, string Owner, long Micros, string Currency, BudgetAction Action);

/// <summary>Budgets of the live revision: what edges go by. A document is read once.</summary>
internal sealed class PublishedBudgets(IDbContextFactory<ControlPlaneDb> contexts)
{
    private sealed record Known(long Revision, ImmutableArray<PublishedBudget> Budgets);

    private Known _known = new(0, []);

    public async ValueTask<ImmutableArray<PublishedBudget>> ReadAsync(CancellationToken cancellationToken)
    {
        await using ControlPlaneDb db = await contexts.CreateDbContextAsync(cancellationToken);
        long revision = await db.Revisions.MaxAsync(r => (long?)r.Number, cancellationToken) ?? 0;
        if (Volatile.Read(ref _known) is var known && known.Revision == revision) return known.Budgets;
        (long number, RoutingSnapshot? document) = await RevisionStore.LiveAsync(db, cancellationToken);
        var read = new Known(number, [.. (document?.Features ?? []).Where(f => f.BudgetMicros > 0).Select(f => new PublishedBudget(f.Name, f.Owner, f.BudgetMicros, f.BudgetCurrency, f.BudgetAction))]);
        Volatile.Write(ref _known, read);
        return read.Budgets;
    }
}
