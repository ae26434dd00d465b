using System.Buffers.Binary;
using Routing.Edge.Snapshots;

namespace Routing.Edge.Calls;

/// <summary>
/// Version 7 ids (RFC 9562) for requests. An id is no secret, so its random part is SplitMix64 over a counter from the edge's seed: the
/// runtime's own asks the kernel for every id, which was 1.5 % of a saturated edge's CPU.
/// </summary>
internal sealed class RequestIdSource(EdgeSeed seed)
{
    private ulong _counter = seed.Value;

    public Guid Next(DateTimeOffset at)
    {
        var random = Mix(Interlocked.Add(ref _counter, 0x9E3779B97F4A7C15UL));
        Span<byte> bytes = stackalloc byte[16];
        BinaryPrimitives.WriteUInt64BigEndian(bytes, ((ulong)at.ToUnixTimeMilliseconds() << 16) | 0x7000 | (Mix(random) & 0xFFF));
        BinaryPrimitives.WriteUInt64BigEndian(bytes[8..], (random & 0x3FFF_FFFF_FFFF_FFFF) | 0x8000_0000_0000_0000);
        return new Guid(bytes, bigEndian: true);
    }

    private static ulong Mix(ulong z)
    {
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9UL;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EBUL;
        return z ^ (z >> 31);
    }
}
