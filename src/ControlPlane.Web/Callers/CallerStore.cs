using System.Collections.Immutable;
using ControlPlane.Web.Access;
using ControlPlane.Web.Data;
using ControlPlane.Web.Publishing;
using Microsoft.EntityFrameworkCore;

namespace ControlPlane.Web.Callers;

/// <summary>Callers of the draft.</summary>
internal sealed class CallerStore(IDbContextFactory<ControlPlaneDb> contexts, DraftEdits edits)
{
    private static readonly DraftObject<Caller, CallerView> Callers = new(
        "caller", "callers",
        (db, id, ct) => db.Callers.Include(c => c.Keys).SingleOrDefaultAsync(c => c.Id == id, ct),
        CallerView.Of);

    public async Task<ImmutableArray<CallerView>> ListAsync(CancellationToken cancellationToken)
    {
        await using ControlPlaneDb db = await contexts.CreateDbContextAsync(cancellationToken);
        List<Caller> rows = await db.Callers.AsNoTracking().Include(c => c.Keys).OrderBy(c => c.Id).ToListAsync(cancellationToken);
        return [.. rows.Select(CallerView.Of)];
    }

    public async Task<CallerView?> FindAsync(string id, CancellationToken cancellationToken)
    {
        await using ControlPlaneDb db = await contexts.CreateDbContextAsync(cancellationToken);
        return await Callers.Find(db, id, cancellationToken) is { } row ? CallerView.Of(row) : null;
    }

    public async Task<SaveResult<CallerView>> SaveAsync(Actor actor, CallerForm form, CancellationToken cancellationToken)
    {
        actor.Require(Role.Admin, $"edit {Callers.Words}");
        var problems = FormCheck.Of(form, $"callers[{form.Id}]");
        if (!problems.IsEmpty) return SaveResult.Invalid<CallerView>(problems);
        return await edits.SaveAsync(actor, Callers, form.Id, form.Version, () => new Caller { Id = form.Id }, (_, row) =>
        {
            form.WriteTo(row);
            return Task.CompletedTask;
        }, cancellationToken);
    }

    /// <summary>Refused while a key of the caller is alive: revoke it first, so that deleting can never be the quiet way to keep a key working.</summary>
    public async Task<SaveResult<CallerView>> DeleteAsync(Actor actor, string id, long version, CancellationToken cancellationToken)
    {
        actor.Require(Role.Admin, $"delete {Callers.Words}");
        if (await FindAsync(id, cancellationToken) is { } caller && caller.Keys.Any(k => k.RevokedAt is null))
        {
            return SaveResult.Invalid<CallerView>($"callers[{id}].keys", "key_alive",
                caller.Keys.Count(k => k.RevokedAt is null) is var alive && alive == 1
                    ? $"Caller {id} still has 1 key that is not revoked. Revoke it, then delete the caller."
                    : $"Caller {id} still has {alive} keys that are not revoked. Revoke them, then delete the caller.");
        }
        return await edits.DeleteAsync(actor, Callers, id, version, cancellationToken);
    }
}
