using System.Security.Cryptography;
using System.Text;

namespace Routing.Core.Credentials;

/// <summary>
/// Seals bytes to one edge's public key: an ephemeral ECDH P-256 key, HKDF-SHA256, AES-256-GCM.
/// Only the holder of the private key opens it, and only in the place it was made for (the associated data).
/// </summary>
public static class SealedBox
{
    // version | ephemeral point (uncompressed) | nonce | ciphertext | tag
    private const byte Version = 1;
    private const int CoordinateBytes = 32;
    private const int PointBytes = 1 + 2 * CoordinateBytes;
    private const int NonceBytes = 12;
    private const int TagBytes = 16;
    private const int KeyBytes = 32;
    private const int HeadBytes = 1 + PointBytes + NonceBytes;
    private const byte Uncompressed = 4;

    private static ReadOnlySpan<byte> Purpose => "sealed-box-1"u8;

    /// <summary>Associated data of a secret on its way to an edge, so that no box can be moved to another edge, secret or version.</summary>
    public static byte[] Context(string edgeId, string secretId, long version) => Encoding.UTF8.GetBytes($"{edgeId}|{secretId}|{version}");

    /// <param name="recipient">The edge's public key, SubjectPublicKeyInfo.</param>
    /// <exception cref="CryptographicException">The recipient's key is no P-256 key.</exception>
    public static byte[] Seal(ReadOnlySpan<byte> recipient, ReadOnlySpan<byte> plaintext, ReadOnlySpan<byte> context)
    {
        using var to = ECDiffieHellman.Create();
        to.ImportSubjectPublicKeyInfo(recipient, out _);
        if (to.KeySize != CoordinateBytes * 8) throw new CryptographicException("The recipient's key is not on P-256.");
        using var ephemeral = ECDiffieHellman.Create(ECCurve.NamedCurves.nistP256);

        var box = new byte[HeadBytes + plaintext.Length + TagBytes];
        box[0] = Version;
        WritePoint(ephemeral, box.AsSpan(1, PointBytes));
        var nonce = box.AsSpan(1 + PointBytes, NonceBytes);
        RandomNumberGenerator.Fill(nonce);

        Span<byte> key = stackalloc byte[KeyBytes];
        DeriveKey(ephemeral, to, box.AsSpan(1, PointBytes), to, key);
        using (var aes = new AesGcm(key, TagBytes))
        {
            aes.Encrypt(nonce, plaintext, box.AsSpan(HeadBytes, plaintext.Length), box.AsSpan(^TagBytes..), context);
        }

        CryptographicOperations.ZeroMemory(key);
        return box;
    }

    /// <summary>False when the box was not made for this key and context, or was changed on the way.</summary>
    public static bool TryOpen(ECDiffieHellman own, ReadOnlySpan<byte> box, ReadOnlySpan<byte> context, out byte[] plaintext)
    {
        plaintext = [];
        if (box.Length < HeadBytes + TagBytes || box[0] != Version || box[1] != Uncompressed) return false;
        Span<byte> key = stackalloc byte[KeyBytes];
        var opened = new byte[box.Length - HeadBytes - TagBytes];
        try
        {
            using var ephemeral = ReadPoint(box.Slice(1, PointBytes));
            DeriveKey(own, ephemeral, box.Slice(1, PointBytes), own, key);
            using var aes = new AesGcm(key, TagBytes);
            aes.Decrypt(box.Slice(1 + PointBytes, NonceBytes), box[HeadBytes..^TagBytes], box[^TagBytes..], opened, context);
            plaintext = opened;
            return true;
        }
        catch (CryptographicException)
        {
            return false;
        }
        finally
        {
            CryptographicOperations.ZeroMemory(key);
        }
    }

    /// <summary>Both public keys go into the derivation, so the key belongs to this pair and direction only.</summary>
    private static void DeriveKey(ECDiffieHellman own, ECDiffieHellman other, ReadOnlySpan<byte> ephemeralPoint, ECDiffieHellman recipient, Span<byte> key)
    {
        Span<byte> info = stackalloc byte[Purpose.Length + 2 * PointBytes];
        Purpose.CopyTo(info);
        ephemeralPoint.CopyTo(info[Purpose.Length..]);
        WritePoint(recipient, info[(Purpose.Length + PointBytes)..]);
        using var otherPublic = other.PublicKey;
        var shared = own.DeriveRawSecretAgreement(otherPublic);
        HKDF.DeriveKey(HashAlgorithmName.SHA256, shared, key, salt: [], info);
        CryptographicOperations.ZeroMemory(shared);
    }

    private static void WritePoint(ECDiffieHellman key, Span<byte> point)
    {
        var q = key.ExportParameters(includePrivateParameters: false).Q;
        point[0] = Uncompressed;
        q.X.CopyTo(point[1..]);
        q.Y.CopyTo(point[(1 + CoordinateBytes)..]);
    }

    private static ECDiffieHellman ReadPoint(ReadOnlySpan<byte> point) => ECDiffieHellman.Create(new ECParameters
    {
        Curve = ECCurve.NamedCurves.nistP256,
        Q = new ECPoint { X = point.Slice(1, CoordinateBytes).ToArray(), Y = point[(1 + CoordinateBytes)..].ToArray() },
    });
}
