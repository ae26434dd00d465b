using System.Security.Cryptography;
using System.Text;

namespace ControlPlane.Web.Secrets;

/// <summary>
/// Opens and seals what is stored, or is sealed itself: without the right key-encryption key people can sign in, but no secret is read or written
/// and no envelope is made. Edges keep serving what they have.
/// </summary>
internal sealed class Vault : IDisposable
{
    private const int NonceBytes = 12;
    private const int TagBytes = 16;

    private byte[]? _kek;

    /// <summary>Why it is sealed, for people; empty while it is open.</summary>
    public string SealedBecause { get; private set; } = "The control plane is still starting.";

    public bool IsSealed => _kek is null;

    /// <summary>Recognises a key without telling it.</summary>
    public static string FingerprintOf(byte[] kek) => Convert.ToHexStringLower(Derive(kek, "fingerprint"))[..32];

    public void Open(byte[] kek) => (_kek, SealedBecause) = (kek, "");

    public void Seal(string because)
    {
        if (_kek is not null) CryptographicOperations.ZeroMemory(_kek);
        (_kek, SealedBecause) = (null, because);
    }

    /// <summary>A fresh key for one value, wrapped, and the value under it. Both are bound to the context.</summary>
    public (byte[] WrappedKey, byte[] Box) Encrypt(ReadOnlySpan<byte> plaintext, string context)
    {
        byte[] key = RandomNumberGenerator.GetBytes(KeyEncryptionKey.Bytes);
        var sealedValue = (AesSeal(Kek(), key, "key|" + context), AesSeal(key, plaintext, context));
        CryptographicOperations.ZeroMemory(key);
        return sealedValue;
    }

    /// <exception cref="CryptographicException">Another key, or the row was changed or moved.</exception>
    public byte[] Decrypt(byte[] wrappedKey, byte[] box, string context)
    {
        byte[] key = AesOpen(Kek(), wrappedKey, "key|" + context);
        try
        {
            return AesOpen(key, box, context);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(key);
        }
    }

    /// <summary>For small things of our own: the signing key, cookie keys.</summary>
    public byte[] SealDirect(ReadOnlySpan<byte> plaintext, string context) => AesSeal(Kek(), plaintext, context);

    public byte[] OpenDirect(byte[] box, string context) => AesOpen(Kek(), box, context);

    /// <summary>Equal secrets have equal ones; without the key nobody can test a guess.</summary>
    public string KeyedFingerprint(ReadOnlySpan<byte> value) =>
        Convert.ToHexStringLower(HMACSHA256.HashData(Derive(Kek(), "secret-fingerprint"), value))[..12];

    public void Dispose() => Seal("The control plane has stopped.");

    private byte[] Kek() => _kek ?? throw new VaultSealedException(SealedBecause);

    private static byte[] Derive(byte[] kek, string purpose) => HKDF.DeriveKey(HashAlgorithmName.SHA256, kek, 32, info: Encoding.ASCII.GetBytes(purpose));

    private static byte[] AesSeal(byte[] key, ReadOnlySpan<byte> plaintext, string context)
    {
        var box = new byte[NonceBytes + plaintext.Length + TagBytes];
        RandomNumberGenerator.Fill(box.AsSpan(0, NonceBytes));
        using var aes = new AesGcm(key, TagBytes);
        aes.Encrypt(box.AsSpan(0, NonceBytes), plaintext, box.AsSpan(NonceBytes, plaintext.Length), box.AsSpan(^TagBytes..), Encoding.UTF8.GetBytes(context));
        return box;
    }

    private static byte[] AesOpen(byte[] key, byte[] box, string context)
    {
        if (box.Length < NonceBytes + TagBytes) throw new CryptographicException("A stored box is too short.");
        var plaintext = new byte[box.Length - NonceBytes - TagBytes];
        using var aes = new AesGcm(key, TagBytes);
        aes.Decrypt(box.AsSpan(0, NonceBytes), box.AsSpan(NonceBytes, plaintext.Length), box.AsSpan(^TagBytes..), plaintext, Encoding.UTF8.GetBytes(context));
        return plaintext;
    }
}

/// <summary>Something needed a secret while the vault is sealed. The message says what to do; pages show it as it is.</summary>
public sealed class VaultSealedException(string because) : Exception($"Sealed: {because} Signing in works; credentials cannot be read or set.");
