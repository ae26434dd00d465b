using System.Security.Cryptography;
using ControlPlane.Web.Data;
using Microsoft.EntityFrameworkCore;
using Routing.Core.Credentials;
using Routing.Core.Snapshots;

namespace ControlPlane.Web.Secrets;

/// <summary>The two places a stored credential may go: sealed to an edge, or into a probe of this process.</summary>
internal sealed class OpenedSecrets(Vault vault)
{
    /// <summary>Every stored secret, sealed to one edge's public key.</summary>
    public List<SealedSecret> SealTo(string edgeId, byte[] publicKey, IEnumerable<StoredSecret> secrets)
    {
        var result = new List<SealedSecret>();
        foreach (StoredSecret secret in secrets.Where(s => s.VoidedBecause.Length == 0))
        {
            byte[] plaintext = Open(secret);
            result.Add(new SealedSecret(secret.Id, secret.Version, SealedBox.Seal(publicKey, plaintext, SealedBox.Context(edgeId, secret.Id, secret.Version))));
            CryptographicOperations.ZeroMemory(plaintext);
        }
        return result;
    }

    /// <summary>Fields of one account's credential, for a call this process makes itself.</summary>
    public async Task<Dictionary<string, string>?> FieldsAsync(ControlPlaneDb db, string id, CancellationToken cancellationToken)
    {
        StoredSecret? secret = await db.Secrets.AsNoTracking().SingleOrDefaultAsync(s => s.Id == id && s.VoidedBecause == "", cancellationToken);
        return secret is null ? null : System.Text.Json.JsonSerializer.Deserialize<Dictionary<string, string>>(Open(secret));
    }

    private byte[] Open(StoredSecret secret) => vault.Decrypt(secret.WrappedKey, secret.Box, SecretStore.Context(secret.Id, secret.Version));
}
