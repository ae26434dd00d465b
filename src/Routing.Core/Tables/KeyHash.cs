using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Routing.Core.Tables;

/// <summary>SHA-256 of a caller's key as four words, so that a lookup neither allocates nor compares text.</summary>
public readonly record struct KeyHash(ulong A, ulong B, ulong C, ulong D)
{
    public static KeyHash Of(ReadOnlySpan<byte> key)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(key, hash);
        return Read(hash);
    }

    /// <param name="hex">64 hexadecimal digits.</param>
    public static KeyHash Parse(string hex) => Read(Convert.FromHexString(hex));

    /// <summary>The hash is uniform, so any word of it is a good hash code.</summary>
    public override int GetHashCode() => (int)A;

    private static KeyHash Read(ReadOnlySpan<byte> hash) => new(
        BinaryPrimitives.ReadUInt64BigEndian(hash),
        BinaryPrimitives.ReadUInt64BigEndian(hash[8..]),
        BinaryPrimitives.ReadUInt64BigEndian(hash[16..]),
        BinaryPrimitives.ReadUInt64BigEndian(hash[24..]));
}
