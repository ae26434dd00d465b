using System.Buffers.Binary;
using Routing.Core.Tables;
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
        var random = SplitMix64.Mix(Interlocked.Add(ref _counter, SplitMix64.Step));
        Span<byte> bytes = stackalloc byte[16];
        BinaryPrimitives.WriteUInt64BigEndian(bytes, ((ulong)at.ToUnixTimeMilliseconds() << 16) | 0x7000 | (SplitMix64.Mix(random) & 0xFFF));
        BinaryPrimitives.WriteUInt64BigEndian(bytes[8..], (random & 0x3FFF_FFFF_FFFF_FFFF) | 0x8000_0000_0000_0000);
        return new Guid(bytes, bigEndian: true);
    }
}
