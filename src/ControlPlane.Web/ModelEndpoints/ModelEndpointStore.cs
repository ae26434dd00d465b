using System.Collections.Immutable;
using ControlPlane.Web.Access;
using ControlPlane.Web.Data;
using ControlPlane.Web.Publishing;
using Microsoft.EntityFrameworkCore;
using Routing.Core.Providers;

namespace ControlPlane.Web.ModelEndpoints;

/// <summary>Model endpoints of the draft.</summary>
internal sealed class ModelEndpointStore(IDbContextFactory<ControlPlaneDb> contexts, DraftEdits edits)
{
    private static readonly DraftObject<ModelEndpoint, ModelEndpointView> Endpoints = new(
        "model_endpoint", "model endpoints",
        (db, id, ct) => db.ModelEndpoints.SingleOrDefaultAsync(e => e.Id == id, ct),
        ModelEndpointView.Of);

    public async Task<ImmutableArray<ModelEndpointView>> ListAsync(CancellationToken cancellationToken)
    {
        await using ControlPlaneDb db = await contexts.CreateDbContextAsync(cancellationToken);
        List<ModelEndpoint> rows = await db.ModelEndpoints.AsNoTracking().OrderBy(e => e.Id).ToListAsync(cancellationToken);
        Dictionary<string, ProviderKind> providers = await db.ProviderAccounts.ToDictionaryAsync(a => a.Id, a => a.Provider, cancellationToken);
        ILookup<string, string> uses = (await db.Candidates.AsNoTracking().ToListAsync(cancellationToken)).ToLookup(c => c.ModelEndpoint, c => c.Feature);
        return
        [
            .. rows.Select(row => ModelEndpointView.Of(row) with
            {
                Provider = providers.TryGetValue(row.Account, out ProviderKind provider) ? provider : null,
                UsedBy = [.. uses[row.Id].Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)],
            }),
        ];
    }

    public async Task<ModelEndpointView?> FindAsync(string id, CancellationToken cancellationToken) =>
        (await ListAsync(cancellationToken)).FirstOrDefault(e => e.Id == id);

    public async Task<SaveResult<ModelEndpointView>> SaveAsync(Actor actor, ModelEndpointForm form, CancellationToken cancellationToken)
    {
        actor.Require(Role.Admin, $"edit {Endpoints.Words}");
        var problems = FormCheck.Of(form, $"modelEndpoints[{form.Id}]");
        if (!problems.IsEmpty) return SaveResult.Invalid<ModelEndpointView>(problems);
        SaveResult<ModelEndpointView> result = await edits.SaveAsync(actor, Endpoints, form.Id, form.Version, () => new ModelEndpoint { Id = form.Id }, (_, row) =>
        {
            form.WriteTo(row);
            return Task.CompletedTask;
        }, cancellationToken);

        // Read back whole: the row alone does not know its provider, nor the features that use it.
        return result.Ok ? SaveResult.Saved(await FindAsync(form.Id, cancellationToken) ?? result.Value!) : result; // Saved carries a value
    }

    public Task<SaveResult<ModelEndpointView>> DeleteAsync(Actor actor, string id, long version, CancellationToken cancellationToken) =>
        edits.DeleteAsync(actor, Endpoints, id, version, cancellationToken);
}
