using System.Collections.Immutable;
using ControlPlane.Web.Access;
using ControlPlane.Web.Audit;
using ControlPlane.Web.Data;
using ControlPlane.Web.Publishing;
using Microsoft.EntityFrameworkCore;
using Routing.Core.Snapshots;

namespace ControlPlane.Web.Prices;

/// <summary>The price book of the draft. A price is added, never changed: what was charged yesterday stays explainable.</summary>
internal sealed class PriceStore(
    IDbContextFactory<ControlPlaneDb> contexts, WriteTransactions transactions, DraftProblems problems, AuditLog audit, DraftSignal signal, TimeProvider time)
{
    public async Task<ImmutableArray<PriceView>> ListAsync(CancellationToken cancellationToken)
    {
        await using ControlPlaneDb db = await contexts.CreateDbContextAsync(cancellationToken);
        List<Price> rows = await db.Prices.AsNoTracking().OrderBy(p => p.ModelEndpoint).ThenByDescending(p => p.From).ToListAsync(cancellationToken);
        DateTimeOffset now = time.GetUtcNow();
        HashSet<Guid> current = [.. rows.Where(p => p.From <= now).GroupBy(p => p.ModelEndpoint).Select(g => g.First().Id)];
        return [.. rows.Select(p => View(p, current.Contains(p.Id)))];
    }

    public async Task<SaveResult<PriceView>> AddAsync(Actor actor, PriceForm form, CancellationToken cancellationToken)
    {
        actor.Require(Role.Admin, "set prices");
        var wrong = FormCheck.Of(form, $"prices[{form.ModelEndpoint}]");
        if (!wrong.IsEmpty) return SaveResult.Invalid<PriceView>(wrong);
        DateTimeOffset now = time.GetUtcNow();
        var row = new Price
        {
            Id = Guid.CreateVersion7(now),
            ModelEndpoint = form.ModelEndpoint,
            From = (form.From ?? now).ToUniversalTime(),
            Currency = form.Currency,
            Input = form.Input,
            CacheRead = form.CacheRead,
            CacheWrite = form.CacheWrite,
            Output = form.Output,
            CreatedAt = now,
            CreatedBy = actor.Name,
        };
        SaveResult<PriceView> result = await transactions.SaveAsync(async db =>
        {
            if (await db.Prices.AnyAsync(p => p.ModelEndpoint == row.ModelEndpoint && p.From == row.From, cancellationToken))
            {
                return SaveResult.Invalid<PriceView>($"prices[{row.ModelEndpoint}].from", "price_exists",
                    $"{row.ModelEndpoint} already has a price from {row.From:yyyy-MM-dd HH:mm} UTC, and prices are never overwritten. Choose another moment.");
            }
            ImmutableArray<SnapshotProblem> known = await problems.ErrorsAsync(db, cancellationToken);
            db.Prices.Add(row);
            await db.SaveChangesAsync(cancellationToken);
            ImmutableArray<SnapshotProblem> added = [.. (await problems.ErrorsAsync(db, cancellationToken)).Except(known)];
            if (!added.IsEmpty) return SaveResult.Invalid<PriceView>(added);
            PriceView view = View(row, row.From <= now);
            await audit.AppendAsync(db, actor, "price.add", "price", row.ModelEndpoint, null, view, "", cancellationToken);
            return SaveResult.Saved(view);
        }, cancellationToken);
        if (result.Ok) signal.Raise();
        return result;
    }

    /// <summary>Only a price that is not yet in force can be taken back.</summary>
    public async Task<SaveResult<PriceView>> WithdrawAsync(Actor actor, Guid id, CancellationToken cancellationToken)
    {
        actor.Require(Role.Admin, "set prices");
        SaveResult<PriceView> result = await transactions.SaveAsync(async db =>
        {
            Price? row = await db.Prices.SingleOrDefaultAsync(p => p.Id == id, cancellationToken);
            if (row is null) return SaveResult.NotFound<PriceView>();
            if (row.From <= time.GetUtcNow())
            {
                return SaveResult.Invalid<PriceView>($"prices[{row.ModelEndpoint}].from", "price_in_force",
                    $"This price has been in force since {row.From:yyyy-MM-dd HH:mm} UTC and stays. Add a new price from now on instead.");
            }
            db.Prices.Remove(row);
            PriceView view = View(row, false);
            await audit.AppendAsync(db, actor, "price.withdraw", "price", row.ModelEndpoint, view, null, "", cancellationToken);
            return SaveResult.Saved(view);
        }, cancellationToken);
        if (result.Ok) signal.Raise();
        return result;
    }

    private static PriceView View(Price p, bool current) =>
        new(p.Id, p.ModelEndpoint, p.From, p.Currency, p.Input, p.CacheRead, p.CacheWrite, p.Output, p.CreatedAt, p.CreatedBy, current);
}
