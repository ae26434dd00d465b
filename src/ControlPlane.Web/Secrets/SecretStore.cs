using System.Security.Cryptography;
using System.Text.Json;
using ControlPlane.Web.Access;
using ControlPlane.Web.Audit;
using ControlPlane.Web.Data;
using ControlPlane.Web.Publishing;
using Microsoft.EntityFrameworkCore;

namespace ControlPlane.Web.Secrets;

/// <summary>Write-only for people: a credential goes in, and only <see cref="OpenedSecrets"/> (for edges and probes) takes it out.</summary>
internal sealed class SecretStore(WriteTransactions transactions, Vault vault, AuditLog audit, DraftSignal signal, TimeProvider time)
{
    private const int HintLength = 4;

    // A short value would be given away by its last characters.
    private const int ShortestHinted = 16;

    public static string Context(string id, long version) => $"{id}|{version}";

    public async Task SetAsync(Actor actor, string id, IReadOnlyDictionary<string, string> fields, CancellationToken cancellationToken)
    {
        actor.Require(Role.Admin, "set credentials");
        SortedDictionary<string, string> kept = new(StringComparer.Ordinal);
        foreach (var (name, value) in fields.Where(f => f.Value.Length > 0)) kept[name] = value;
        byte[] plaintext = JsonSerializer.SerializeToUtf8Bytes(kept);
        await transactions.RunAsync(async db =>
        {
            StoredSecret? row = await db.Secrets.SingleOrDefaultAsync(s => s.Id == id, cancellationToken);
            SecretView? before = row is null ? null : SecretView.Of(row);
            long version = (row?.Version ?? 0) + 1;
            row ??= db.Secrets.Add(Empty(id)).Entity;
            (row.WrappedKey, row.Box) = vault.Encrypt(plaintext, Context(id, version));
            row.Version = version;
            row.Fields = string.Join(',', kept.Keys);
            row.Hint = HintOf(kept);
            row.Fingerprint = vault.KeyedFingerprint(plaintext);
            row.SetAt = time.GetUtcNow();
            row.SetBy = actor.Name;
            row.VoidedBecause = "";
            await db.ProviderAccounts.Where(a => a.Id == id && a.References != "").ExecuteUpdateAsync(set => set.SetProperty(a => a.References, ""), cancellationToken);
            await Overlay.AdvanceAsync(db, cancellationToken);
            await audit.AppendAsync(db, actor, "secret.set", "provider_account", id, before, SecretView.Of(row), "", cancellationToken);
        }, cancellationToken);
        CryptographicOperations.ZeroMemory(plaintext);
        signal.Raise();
    }

    /// <summary>Erases the value inside a transaction that makes it wrong to keep. Its version stays, so that it never goes back.</summary>
    public async Task VoidAsync(ControlPlaneDb db, Actor actor, string id, string because, CancellationToken cancellationToken)
    {
        StoredSecret? row = await db.Secrets.SingleOrDefaultAsync(s => s.Id == id && s.VoidedBecause == "", cancellationToken);
        if (row is null) return;
        SecretView before = SecretView.Of(row);
        row.Version++;
        row.WrappedKey = [];
        row.Box = [];
        row.VoidedBecause = because.Length > 300 ? because[..300] : because;
        await Overlay.AdvanceAsync(db, cancellationToken);
        await audit.AppendAsync(db, actor, "secret.void", "provider_account", id, before, SecretView.Of(row), because, cancellationToken);
    }

    private static StoredSecret Empty(string id) => new()
    {
        Id = id,
        Version = 0,
        WrappedKey = [],
        Box = [],
        Fields = "",
        Hint = "",
        Fingerprint = "",
        SetAt = default,
        SetBy = "",
    };

    private static string HintOf(SortedDictionary<string, string> fields)
    {
        string? value = fields.GetValueOrDefault("key") ?? fields.GetValueOrDefault("accessKeyId");
        return value is { Length: >= ShortestHinted } ? "…" + value[^HintLength..] : "…";
    }
}
