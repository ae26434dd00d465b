using System.Collections.Immutable;
using ControlPlane.Web.Access;
using ControlPlane.Web.Audit;
using ControlPlane.Web.Data;
using Routing.Core.Snapshots;

namespace ControlPlane.Web.Publishing;

/// <summary>
/// The one way a draft row is changed: role, version, change, the validator over the whole draft, audit row; all or nothing.
/// A change is refused for the errors it brings in, not for those that were there before it.
/// </summary>
internal sealed class DraftEdits(WriteTransactions transactions, DraftProblems problems, AuditLog audit, DraftSignal signal, TimeProvider time)
{
    /// <param name="version">0 to create; else the version the form was filled from.</param>
    /// <param name="write">Puts the form's values into the row; runs inside the transaction.</param>
    public async Task<SaveResult<TView>> SaveAsync<TRow, TView>(
        Actor actor, DraftObject<TRow, TView> kind, string id, long version, Func<TRow> create, Func<ControlPlaneDb, TRow, Task> write,
        CancellationToken cancellationToken)
        where TRow : class, IDraftRow
        where TView : class
    {
        actor.Require(Role.Admin, $"edit {kind.Words}");
        SaveResult<TView> result = await transactions.SaveAsync(async db =>
        {
            TRow? row = await kind.Find(db, id, cancellationToken);
            if ((row?.Version ?? 0) != version) return SaveResult.Conflict(row is null ? null : kind.View(row));

            ImmutableArray<SnapshotProblem> known = await problems.ErrorsAsync(db, cancellationToken);
            TView? before = row is null ? null : kind.View(row);
            row ??= db.Add(create()).Entity;
            await write(db, row);
            Touch(row, actor);
            await db.SaveChangesAsync(cancellationToken);
            ImmutableArray<SnapshotProblem> added = [.. (await problems.ErrorsAsync(db, cancellationToken)).Except(known)];
            if (!added.IsEmpty) return SaveResult.Invalid<TView>(added);

            TView after = kind.View(row);
            await audit.AppendAsync(db, actor, kind.Kind + (before is null ? ".create" : ".change"), kind.Kind, id, before, after, "", cancellationToken);
            return SaveResult.Saved(after);
        }, cancellationToken);
        if (result.Ok) signal.Raise();
        return result;
    }

    public async Task<SaveResult<TView>> DeleteAsync<TRow, TView>(
        Actor actor, DraftObject<TRow, TView> kind, string id, long version, CancellationToken cancellationToken)
        where TRow : class, IDraftRow
        where TView : class
    {
        actor.Require(Role.Admin, $"delete {kind.Words}");
        SaveResult<TView> result = await transactions.SaveAsync(async db =>
        {
            TRow? row = await kind.Find(db, id, cancellationToken);
            if (row is null) return SaveResult.NotFound<TView>();
            if (row.Version != version) return SaveResult.Conflict(kind.View(row));

            ImmutableArray<SnapshotProblem> known = await problems.ErrorsAsync(db, cancellationToken);
            TView before = kind.View(row);
            db.Remove(row);
            await db.SaveChangesAsync(cancellationToken);
            ImmutableArray<SnapshotProblem> added = [.. (await problems.ErrorsAsync(db, cancellationToken)).Except(known)];
            if (!added.IsEmpty) return SaveResult.Invalid<TView>(added);

            await audit.AppendAsync(db, actor, kind.Kind + ".delete", kind.Kind, id, before, null, "", cancellationToken);
            return SaveResult.Saved(before);
        }, cancellationToken);
        if (result.Ok) signal.Raise();
        return result;
    }

    private void Touch(IDraftRow row, Actor actor)
    {
        row.Version++;
        row.UpdatedAt = time.GetUtcNow();
        row.UpdatedBy = actor.Name;
    }
}
