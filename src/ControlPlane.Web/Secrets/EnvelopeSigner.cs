using System.Security.Cryptography;
using ControlPlane.Web.Publishing;

namespace ControlPlane.Web.Secrets;

/// <summary>Signs envelopes. Edges pin the public key when they enrol.</summary>
internal sealed class EnvelopeSigner(Vault vault) : IDisposable
{
    private const string Context = "envelope-signing-key";

    private readonly Lock _lock = new();
    private ECDsa? _key;

    /// <summary>SubjectPublicKeyInfo; empty until the first start with a key-encryption key.</summary>
    public byte[] PublicKey { get; private set; } = [];

    /// <summary>Makes the pair on the first start.</summary>
    public void EnsureKey(PlaneState state)
    {
        if (state.SigningPublicKey.Length > 0) return;
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        byte[] pkcs8 = key.ExportPkcs8PrivateKey();
        state.SigningKey = vault.SealDirect(pkcs8, Context);
        state.SigningPublicKey = key.ExportSubjectPublicKeyInfo();
        CryptographicOperations.ZeroMemory(pkcs8);
    }

    public void Load(PlaneState state)
    {
        PublicKey = state.SigningPublicKey;
        if (vault.IsSealed) return;
        byte[] pkcs8 = vault.OpenDirect(state.SigningKey, Context);
        var key = ECDsa.Create();
        key.ImportPkcs8PrivateKey(pkcs8, out _);
        CryptographicOperations.ZeroMemory(pkcs8);
        lock (_lock)
        {
            _key?.Dispose();
            _key = key;
        }
    }

    /// <summary>ECDSA P-256, SHA-256, IEEE P1363.</summary>
    public byte[] Sign(byte[] body)
    {
        lock (_lock)
        {
            return (_key ?? throw new VaultSealedException(vault.SealedBecause)).SignData(body, HashAlgorithmName.SHA256, DSASignatureFormat.IeeeP1363FixedFieldConcatenation);
        }
    }

    public void Dispose() => _key?.Dispose();
}
