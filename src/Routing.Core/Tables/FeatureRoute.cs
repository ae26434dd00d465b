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
    public RequestLane Lane { get; init; }
    public required TimeSpan FirstToken { get; init; }

    /// <summary>Longest silence inside a stream.</summary>
    public required TimeSpan Idle { get; init; }
    public required TimeSpan Total { get; init; }
    public required int MaxAttempts { get; init; }
    public DeliveryMode Delivery { get; init; }
    public bool FailOverOnContentFilter { get; init; }
    public required Candidate[] Candidates { get; init; }

    /// <summary>
    /// A number in [0, bound) for the weighted choice. A seed replays the same choices, and requests share one atomic add
    /// instead of a locked generator.
    /// </summary>
    internal int Draw(int bound)
    {
        var drawn = SplitMix64.Mix(_seed + Interlocked.Increment(ref _draws) * SplitMix64.Step);
        return (int)Math.BigMul(drawn, (ulong)bound, out _);
    }

    /// <summary>Bits of all candidates.</summary>
    internal uint All => Candidates.Length == MaxCandidates ? uint.MaxValue : (1u << Candidates.Length) - 1;

    internal static int Count(uint mask) => BitOperations.PopCount(mask);
}

/// <summary>One model endpoint inside a binding.</summary>
public sealed record Candidate(ModelEndpoint Endpoint, int Tier, int Weight, CandidateRole Role);
