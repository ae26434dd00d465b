using System.Collections.Immutable;
using ControlPlane.Web.Access;
using ControlPlane.Web.Data;
using ControlPlane.Web.Publishing;
using Microsoft.EntityFrameworkCore;

namespace ControlPlane.Web.Breakers;

/// <summary>Breaker policies of the draft.</summary>
internal sealed class BreakerPolicyStore(IDbContextFactory<ControlPlaneDb> contexts, DraftEdits edits)
{
    private static readonly DraftObject<BreakerPolicy, BreakerPolicyView> Policies = new(
        "breaker_policy", "breaker policies",
        (db, id, ct) => db.BreakerPolicies.SingleOrDefaultAsync(p => p.Id == id, ct),
        BreakerPolicyView.Of);

    public async Task<ImmutableArray<BreakerPolicyView>> ListAsync(CancellationToken cancellationToken)
    {
        await using ControlPlaneDb db = await contexts.CreateDbContextAsync(cancellationToken);
        List<BreakerPolicy> rows = await db.BreakerPolicies.AsNoTracking().OrderBy(p => p.Id).ToListAsync(cancellationToken);
        ILookup<string, string> uses = (await db.ModelEndpoints.Select(e => new { e.Breaker, e.Id }).ToListAsync(cancellationToken))
            .ToLookup(e => e.Breaker, e => e.Id);
        return [.. rows.Select(row => BreakerPolicyView.Of(row) with { ModelEndpoints = [.. uses[row.Id].Order(StringComparer.Ordinal)] })];
    }

    public async Task<BreakerPolicyView?> FindAsync(string id, CancellationToken cancellationToken) =>
        (await ListAsync(cancellationToken)).FirstOrDefault(p => p.Id == id);

    public async Task<SaveResult<BreakerPolicyView>> SaveAsync(Actor actor, BreakerPolicyForm form, CancellationToken cancellationToken)
    {
        actor.Require(Role.Admin, $"edit {Policies.Words}");
        var problems = FormCheck.Of(form, $"breakers[{form.Id}]");
        if (!problems.IsEmpty) return SaveResult.Invalid<BreakerPolicyView>(problems);
        return await edits.SaveAsync(actor, Policies, form.Id, form.Version, () => new BreakerPolicy { Id = form.Id }, (_, row) =>
        {
            form.WriteTo(row);
            return Task.CompletedTask;
        }, cancellationToken);
    }

    public Task<SaveResult<BreakerPolicyView>> DeleteAsync(Actor actor, string id, long version, CancellationToken cancellationToken) =>
        edits.DeleteAsync(actor, Policies, id, version, cancellationToken);
}
