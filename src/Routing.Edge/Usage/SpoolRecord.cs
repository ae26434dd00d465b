using System.Buffers.Binary;
using System.Numerics;

namespace Routing.Edge.Usage;

/// <summary>
/// A record of a segment: 16 bytes of head (mark, length, CRC-32C, reserved), then the payload, padded to 8 bytes.
/// The mark is written last, so a record with a mark is whole. A reader that has lost its place finds the next record by looking for it,
/// and the same bytes inside a payload are told apart by the checksum. That begins with the segment's sequence: what an earlier use of
/// the file left behind is no record of this one.
/// </summary>
internal static class SpoolRecord
{
    public const int HeadBytes = 16;
    public const uint Mark = 0xF5FEFDF5;
    private const int Alignment = 8;

    public static int SizeOf(int payload) => HeadBytes + ((payload + Alignment - 1) & ~(Alignment - 1));

    public static void Write(Span<byte> place, ReadOnlySpan<byte> payload, long sequence)
    {
        payload.CopyTo(place[HeadBytes..]);
        BinaryPrimitives.WriteInt32LittleEndian(place[4..], payload.Length);
        BinaryPrimitives.WriteUInt32LittleEndian(place[8..], Crc(payload, sequence));
        Volatile.Write(ref System.Runtime.InteropServices.MemoryMarshal.AsRef<uint>(place), Mark);
    }

    /// <summary>The payload of the record that begins here; false when none does, or a damaged one.</summary>
    public static bool TryRead(ReadOnlySpan<byte> place, long sequence, out ReadOnlySpan<byte> payload)
    {
        payload = default;
        if (place.Length < HeadBytes || BinaryPrimitives.ReadUInt32LittleEndian(place) != Mark) return false;
        Thread.MemoryBarrier(); // What follows was written before the mark.
        var length = BinaryPrimitives.ReadInt32LittleEndian(place[4..]);
        if (length <= 0 || length > place.Length - HeadBytes) return false;
        var bytes = place.Slice(HeadBytes, length);
        if (Crc(bytes, sequence) != BinaryPrimitives.ReadUInt32LittleEndian(place[8..])) return false;
        payload = bytes;
        return true;
    }

    /// <summary>CRC-32C by the processor's own instruction.</summary>
    private static uint Crc(ReadOnlySpan<byte> bytes, long sequence)
    {
        var crc = BitOperations.Crc32C(uint.MaxValue, (ulong)sequence);
        while (bytes.Length >= 8)
        {
            crc = BitOperations.Crc32C(crc, BinaryPrimitives.ReadUInt64LittleEndian(bytes));
            bytes = bytes[8..];
        }

        foreach (var b in bytes) crc = BitOperations.Crc32C(crc, b);
        return ~crc;
    }
}
