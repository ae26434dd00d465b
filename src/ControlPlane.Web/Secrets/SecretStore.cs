using System.Security.Cryptography;
using System.Text.Json;
using ControlPlane.Web.Access;
using ControlPlane.Web.Audit;
using ControlPlane.Web.Data;
using ControlPlane.Web.ProviderAccounts;
using ControlPlane.Web.Publishing;
using Microsoft.EntityFrameworkCore;
using Routing.Core.Snapshots;

namespace ControlPlane.Web.Secrets;

/// <summary>Write-only for people: a credential goes in, and only <see cref="OpenedSecrets"/> (for edges and probes) takes it out.</summary>
internal sealed class SecretStore(WriteTransactions transactions, Vault vault, AuditLog audit, DraftSignal signal, TimeProvider time)
{
    private const int HintLength = 4;

    // A short value would be given away by its last characters.
    private const int ShortestHinted = 16;

    public static string Context(string account, long version) => $"{account}|{version}";

    /// <summary>For the destination the account has in the draft. Secrets of other destinations stay: edges may still need one.</summary>
    /// <returns>False when there is no such account any more.</returns>
    public async Task<bool> SetAsync(Actor actor, string account, IReadOnlyDictionary<string, string> fields, CancellationToken cancellationToken)
    {
        actor.Require(Role.Admin, "set credentials");
        SortedDictionary<string, string> kept = new(StringComparer.Ordinal);
        foreach (var (name, value) in fields.Where(f => f.Value.Length > 0)) kept[name] = value;
        byte[] plaintext = JsonSerializer.SerializeToUtf8Bytes(kept);
        bool set = await transactions.RunAsync(async db =>
        {
            // Before anything is read: two of them at once would take the same version.
            await db.SerialiseAuditAsync(cancellationToken);
            ProviderAccount? row = await db.ProviderAccounts.AsNoTracking().SingleOrDefaultAsync(a => a.Id == account, cancellationToken);
            if (row is null) return false;
            string destination = SecretDestination.Of(row);
            List<StoredSecret> stored = await db.Secrets.Where(s => s.Account == account).OrderBy(s => s.Version).ToListAsync(cancellationToken);
            StoredSecret made = Make(account, (stored.LastOrDefault()?.Version ?? 0) + 1, destination, kept, plaintext, actor);
            db.Secrets.RemoveRange(stored.Where(s => s.Destination == destination || s.VoidedBecause.Length > 0));
            db.Secrets.Add(made);
            await db.ProviderAccounts.Where(a => a.Id == account && a.References != "").ExecuteUpdateAsync(set => set.SetProperty(a => a.References, ""), cancellationToken);
            await Overlay.AdvanceAsync(db, cancellationToken);
            await audit.AppendAsync(db, actor, "secret.set", "provider_account", account, SecretView.For(stored, destination), SecretView.Of(made), "", cancellationToken);
            return true;
        }, cancellationToken);
        CryptographicOperations.ZeroMemory(plaintext);
        signal.Raise();
        return set;
    }

    /// <summary>
    /// Erases what none of these documents would send where it was given for. Call in the transaction that publishes, with the new document and the
    /// one it replaces: the way back to that one must work at once.
    /// </summary>
    public async Task VoidUnusedAsync(ControlPlaneDb db, Actor actor, IEnumerable<RoutingSnapshot> documents, CancellationToken cancellationToken)
    {
        HashSet<(string, string)> used = [.. documents.SelectMany(d => d.Accounts).Select(a => (a.Id, SecretDestination.Of(a)))];
        List<StoredSecret> stored = await db.Secrets.Where(s => s.VoidedBecause == "").ToListAsync(cancellationToken);
        foreach (StoredSecret row in stored.Where(s => !used.Contains((s.Account, s.Destination))))
        {
            SecretView before = SecretView.Of(row);
            (row.WrappedKey, row.Box) = ([], []);
            row.VoidedBecause = $"It was given for {row.Destination}, which nothing uses any more.";
            await audit.AppendAsync(db, actor, "secret.void", "provider_account", row.Account, before, SecretView.Of(row), "", cancellationToken);
        }
    }

    private StoredSecret Make(string account, long version, string destination, SortedDictionary<string, string> fields, byte[] plaintext, Actor actor)
    {
        var (wrappedKey, box) = vault.Encrypt(plaintext, Context(account, version));
        return new StoredSecret
        {
            Account = account,
            Version = version,
            Destination = destination,
            WrappedKey = wrappedKey,
            Box = box,
            Fields = string.Join(',', fields.Keys),
            Hint = HintOf(fields),
            Fingerprint = vault.KeyedFingerprint(plaintext),
            SetAt = time.GetUtcNow(),
            SetBy = actor.Name,
        };
    }

    private static string HintOf(SortedDictionary<string, string> fields)
    {
        string? value = fields.GetValueOrDefault("key") ?? fields.GetValueOrDefault("accessKeyId");
        return value is { Length: >= ShortestHinted } ? "…" + value[^HintLength..] : "…";
    }
}
