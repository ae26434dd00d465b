using System.Collections.Immutable;
using ControlPlane.Web.Access;
using ControlPlane.Web.Data;
using ControlPlane.Web.Publishing;
using ControlPlane.Web.Secrets;
using Microsoft.EntityFrameworkCore;

namespace ControlPlane.Web.ProviderAccounts;

/// <summary>Provider accounts of the draft, and their credentials, which act at once.</summary>
internal sealed class ProviderAccountStore(IDbContextFactory<ControlPlaneDb> contexts, DraftEdits edits, SecretStore secrets)
{
    private static readonly DraftObject<ProviderAccount, ProviderAccountView> Accounts = new(
        "provider_account", "provider accounts",
        (db, id, ct) => db.ProviderAccounts.SingleOrDefaultAsync(a => a.Id == id, ct),
        ProviderAccountView.Of);

    public async Task<ImmutableArray<ProviderAccountView>> ListAsync(CancellationToken cancellationToken)
    {
        await using ControlPlaneDb db = await contexts.CreateDbContextAsync(cancellationToken);
        List<ProviderAccount> rows = await db.ProviderAccounts.AsNoTracking().OrderBy(a => a.Id).ToListAsync(cancellationToken);
        ILookup<string, StoredSecret> stored = (await db.Secrets.AsNoTracking().ToListAsync(cancellationToken)).ToLookup(s => s.Account, StringComparer.Ordinal);
        Dictionary<string, int> uses = await db.ModelEndpoints.GroupBy(e => e.Account)
            .Select(g => new { g.Key, Count = g.Count() })
            .ToDictionaryAsync(g => g.Key, g => g.Count, cancellationToken);
        return
        [
            .. rows.Select(row => ProviderAccountView.Of(row) with
            {
                Secret = SecretView.For(stored[row.Id], SecretDestination.Of(row)),
                ModelEndpoints = uses.GetValueOrDefault(row.Id),
            }),
        ];
    }

    public async Task<ProviderAccountView?> FindAsync(string id, CancellationToken cancellationToken) =>
        (await ListAsync(cancellationToken)).FirstOrDefault(a => a.Id == id);

    /// <summary>Creates (version 0) or changes. Pointed at another host it needs a secret for that one; edges use the old host and its secret until the draft is live.</summary>
    public async Task<SaveResult<ProviderAccountView>> SaveAsync(Actor actor, ProviderAccountForm form, CancellationToken cancellationToken)
    {
        actor.Require(Role.Admin, $"edit {Accounts.Words}");
        var problems = FormCheck.Of(form, $"accounts[{form.Id}]");
        if (!problems.IsEmpty) return SaveResult.Invalid<ProviderAccountView>(problems);
        SaveResult<ProviderAccountView> result = await edits.SaveAsync(
            actor, Accounts, form.Id, form.Version, () => new ProviderAccount { Id = form.Id }, (_, row) =>
            {
                form.WriteTo(row);
                return Task.CompletedTask;
            }, cancellationToken);
        return result.Ok ? SaveResult.Saved(await FindAsync(form.Id, cancellationToken) ?? result.Value!) : result; // Saved carries a value
    }

    public Task<SaveResult<ProviderAccountView>> DeleteAsync(Actor actor, string id, long version, CancellationToken cancellationToken) =>
        edits.DeleteAsync(actor, Accounts, id, version, cancellationToken);

    /// <summary>Stores the credential, sealed; edges get it within seconds, without a publish.</summary>
    /// <param name="fields">Names as in <see cref="CredentialFields"/>. Not kept, not logged, never given back.</param>
    public async Task<SaveResult<ProviderAccountView>> SetSecretAsync(
        Actor actor, string id, IReadOnlyDictionary<string, string> fields, CancellationToken cancellationToken)
    {
        actor.Require(Role.Admin, "set credentials");
        ProviderAccountView? account = await FindAsync(id, cancellationToken);
        if (account is null) return SaveResult.NotFound<ProviderAccountView>();
        var problems = SecretRules.Check(account.CredentialKind, fields, $"accounts[{id}].credential");
        if (!problems.IsEmpty) return SaveResult.Invalid<ProviderAccountView>(problems);
        if (!await secrets.SetAsync(actor, id, fields, cancellationToken)) return SaveResult.NotFound<ProviderAccountView>();
        return SaveResult.Saved((await FindAsync(id, cancellationToken)) ?? account);
    }
}
