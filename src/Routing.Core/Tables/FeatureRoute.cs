using System.Numerics;
using Routing.Core.Snapshots;

namespace Routing.Core.Tables;

/// <summary>A feature's binding, compiled: candidates in the order of their tiers.</summary>
public sealed class FeatureRoute
{
    /// <summary>The tried candidates of a request are a bit mask.</summary>
    public const int MaxCandidates = 32;

    private readonly ulong _seed;
    private ulong _draws;

    public FeatureRoute(ulong seed) => _seed = seed;

    public required string Name { get; init; }
    public required TimeSpan FirstToken { get; init; }
    public required TimeSpan Total { get; init; }
    public required int MaxAttempts { get; init; }
    public required Candidate[] Candidates { get; init; }

    /// <summary>
    /// A number in [0, bound) for the weighted choice: SplitMix64 over a counter, so that a seed replays the same choices
    /// and requests share one atomic add instead of a locked generator.
    /// </summary>
    internal int Draw(int bound)
    {
        var z = _seed + Interlocked.Increment(ref _draws) * 0x9E3779B97F4A7C15UL;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9UL;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EBUL;
        z ^= z >> 31;
        return (int)Math.BigMul(z, (ulong)bound, out _);
    }

    /// <summary>Bits of all candidates.</summary>
    internal uint All => Candidates.Length == MaxCandidates ? uint.MaxValue : (1u << Candidates.Length) - 1;

    internal static int Count(uint mask) => BitOperations.PopCount(mask);
}

/// <summary>One model endpoint inside a binding.</summary>
public sealed record Candidate(ModelEndpoint Endpoint, int Tier, int Weight, CandidateRole Role);
