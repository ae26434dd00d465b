using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text.Json;
using ControlPlane.Web.Data;
using Microsoft.EntityFrameworkCore;
using Routing.Core.Credentials;
using Routing.Core.Snapshots;

namespace ControlPlane.Web.Secrets;

/// <summary>The two places a stored credential may go: sealed to an edge, or into a probe of this process.</summary>
internal sealed class OpenedSecrets(Vault vault)
{
    /// <summary>Those of these accounts that were given for the very destinations the accounts have here.</summary>
    public static async Task<List<StoredSecret>> BoundAsync(ControlPlaneDb db, ImmutableArray<ProviderAccountConfig> accounts, CancellationToken cancellationToken)
    {
        HashSet<(string, string)> bound = [.. accounts.Select(a => (a.Id, SecretDestination.Of(a)))];
        List<StoredSecret> stored = await db.Secrets.AsNoTracking().Where(s => s.VoidedBecause == "").OrderBy(s => s.Account).ToListAsync(cancellationToken);
        return [.. stored.Where(s => bound.Contains((s.Account, s.Destination)))];
    }

    /// <summary>Secrets, sealed to one edge's public key.</summary>
    public List<SealedSecret> SealTo(string edgeId, byte[] publicKey, IEnumerable<StoredSecret> secrets)
    {
        var result = new List<SealedSecret>();
        foreach (StoredSecret secret in secrets)
        {
            byte[] plaintext = Open(secret);
            result.Add(new SealedSecret(secret.Account, secret.Version, SealedBox.Seal(publicKey, plaintext, SealedBox.Context(edgeId, secret.Account, secret.Version))));
            CryptographicOperations.ZeroMemory(plaintext);
        }
        return result;
    }

    /// <summary>Fields of these accounts' credentials, for a call this process makes itself.</summary>
    public async Task<Dictionary<string, IReadOnlyDictionary<string, string>>> FieldsAsync(
        ControlPlaneDb db, ImmutableArray<ProviderAccountConfig> accounts, CancellationToken cancellationToken)
    {
        var fields = new Dictionary<string, IReadOnlyDictionary<string, string>>(StringComparer.Ordinal);
        foreach (StoredSecret secret in await BoundAsync(db, accounts, cancellationToken))
        {
            if (JsonSerializer.Deserialize<Dictionary<string, string>>(Open(secret)) is { } opened) fields[secret.Account] = opened;
        }
        return fields;
    }

    private byte[] Open(StoredSecret secret) => vault.Decrypt(secret.WrappedKey, secret.Box, SecretStore.Context(secret.Account, secret.Version));
}
