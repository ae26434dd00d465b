using Routing.Simulator.Answers;

namespace Routing.Simulator.Calls;

/// <summary>Request ids in each cloud's own form; seeded, so that a repeated run gives the same ones.</summary>
internal sealed class SimulatorIds(ulong seed)
{
    private const string Alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
    private readonly ulong _seed = StableRandom.Hash(seed, "ids");
    private long _next;

    /// <summary>A random stream for one call. Its number is mixed before it seeds: streams seeded by neighbours would repeat each other one step apart.</summary>
    public StableRandom NextRandom() => new(new StableRandom(_seed ^ (ulong)Interlocked.Increment(ref _next)).Next());

    /// <summary>Lower-case UUID, as AWS and Azure use.</summary>
    public static string Uuid(ref StableRandom random)
    {
        Span<byte> bytes = stackalloc byte[16];
        BitConverter.TryWriteBytes(bytes, random.Next());
        BitConverter.TryWriteBytes(bytes[8..], random.Next());
        bytes[7] = (byte)((bytes[7] & 0x0F) | 0x40);
        bytes[8] = (byte)((bytes[8] & 0x3F) | 0x80);
        return new Guid(bytes).ToString();
    }

    /// <summary>Id of a tool call: the same whenever the same call is spelt.</summary>
    public static string OfCall(string prefix, string requestId, Block block, int length)
    {
        var random = new StableRandom(StableRandom.Hash((ulong)((block.Choice << 16) + block.Index), requestId));
        return Letters(ref random, prefix, length);
    }

    public static string Letters(ref StableRandom random, string prefix, int length)
    {
        Span<char> letters = stackalloc char[length];
        foreach (ref var letter in letters) letter = Alphabet[random.Below(Alphabet.Length)];
        return string.Concat(prefix, letters);
    }
}
