using System.Collections.Immutable;
using ControlPlane.Web.Access;
using ControlPlane.Web.Data;
using ControlPlane.Web.Publishing;
using Microsoft.EntityFrameworkCore;
using Routing.Core.Snapshots;

namespace ControlPlane.Web.Bindings;

/// <summary>Features of the draft and what they are bound to.</summary>
internal sealed class BindingStore(IDbContextFactory<ControlPlaneDb> contexts, DraftEdits edits, DraftReader draft)
{
    private static readonly DraftObject<Feature, BindingView> Features = new(
        "feature", "features",
        (db, name, ct) => db.Features.Include(f => f.Candidates).SingleOrDefaultAsync(f => f.Name == name, ct),
        BindingView.Of);

    public async Task<ImmutableArray<BindingView>> ListAsync(CancellationToken cancellationToken)
    {
        await using ControlPlaneDb db = await contexts.CreateDbContextAsync(cancellationToken);
        List<Feature> rows = await db.Features.AsNoTracking().Include(f => f.Candidates).OrderBy(f => f.Name).ToListAsync(cancellationToken);
        return [.. rows.Select(BindingView.Of)];
    }

    /// <summary>The document a binding stands in.</summary>
    public async Task<RoutingSnapshot> DocumentAsync(CancellationToken cancellationToken)
    {
        await using ControlPlaneDb db = await contexts.CreateDbContextAsync(cancellationToken);
        return await draft.ReadAsync(db, cancellationToken);
    }

    public async Task<BindingView?> FindAsync(string name, CancellationToken cancellationToken)
    {
        await using ControlPlaneDb db = await contexts.CreateDbContextAsync(cancellationToken);
        return await Features.Find(db, name, cancellationToken) is { } row ? BindingView.Of(row) : null;
    }

    public async Task<SaveResult<BindingView>> SaveAsync(Actor actor, BindingForm form, CancellationToken cancellationToken)
    {
        actor.Require(Role.Admin, $"edit {Features.Words}");
        ImmutableArray<SnapshotProblem> problems = Check(form);
        if (!problems.IsEmpty) return SaveResult.Invalid<BindingView>(problems);
        return await edits.SaveAsync(actor, Features, form.Name, form.Version, () => new Feature { Name = form.Name }, async (db, row) =>
        {
            form.WriteTo(row);
            // Positions are keys: the old rows go before the new ones come.
            row.Candidates.Clear();
            await db.SaveChangesAsync(cancellationToken);
            row.Candidates.AddRange(form.Candidates.Select((c, position) => new BindingCandidate
            {
                Feature = form.Name,
                Position = position,
                ModelEndpoint = c.ModelEndpoint,
                Tier = c.Tier,
                Weight = c.Weight,
                Role = c.Role,
            }));
        }, cancellationToken);
    }

    public Task<SaveResult<BindingView>> DeleteAsync(Actor actor, string name, long version, CancellationToken cancellationToken) =>
        edits.DeleteAsync(actor, Features, name, version, cancellationToken);

    private static ImmutableArray<SnapshotProblem> Check(BindingForm form)
    {
        string path = $"features[{form.Name}]";
        return [.. FormCheck.Of(form, path), .. form.Candidates.SelectMany((c, i) => FormCheck.Of(c, $"{path}.candidates[{i}]"))];
    }
}
