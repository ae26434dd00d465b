using System.Collections.Immutable;
using Routing.Core.Snapshots;

namespace Routing.Core.Tables;

/// <summary>Which candidates of a route are what, a bit each: worked out once.</summary>
internal sealed class RouteMasks
{
    /// <param name="candidates">In the order of their tiers.</param>
    public RouteMasks(Candidate[] candidates, ImmutableArray<string> residency)
    {
        OfTier = new uint[candidates.Length];
        for (var i = 0; i < candidates.Length; i++)
        {
            var (candidate, bit) = (candidates[i], 1u << i);
            for (var k = 0; k < candidates.Length; k++) OfTier[i] |= candidates[k].Tier == candidate.Tier ? 1u << k : 0;
            if (candidate.Weight > 0) Weighing |= bit;
            if (candidate.Role == CandidateRole.Experiment) Experiments |= bit;
            if (candidate.Role == CandidateRole.Backup || candidate.Tier > candidates[0].Tier) Backups |= bit;
            if (!residency.IsDefaultOrEmpty && !residency.Contains(candidate.Endpoint.Residency, StringComparer.Ordinal)) Outside |= bit;
        }
    }

    /// <summary>Of each candidate those of its tier, itself included.</summary>
    public uint[] OfTier { get; }

    /// <summary>Those with a weight.</summary>
    public uint Weighing { get; }
    public uint Experiments { get; }

    /// <summary>Those that stand by: of a later tier, or called so.</summary>
    public uint Backups { get; }

    /// <summary>Those that keep what they are sent where the feature does not allow.</summary>
    public uint Outside { get; }
}
