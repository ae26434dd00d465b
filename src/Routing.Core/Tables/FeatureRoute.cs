using System.Collections.Immutable;
using System.Numerics;
using Routing.Core.Budgets;
using Routing.Core.Dispatch.Choice;
using Routing.Core.Snapshots;

namespace Routing.Core.Tables;

/// <summary>A feature's binding, compiled: candidates in the order of their tiers.</summary>
public sealed class FeatureRoute
{
    /// <summary>The tried candidates of a request are a bit mask.</summary>
    public const int MaxCandidates = 32;

    private readonly ulong _seed;
    private WarmShare? _warm;

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
    public SelectionStrategy Selection { get; init; }
    public AffinityMode Affinity { get; init; }

    /// <summary>Share of the calls that keeps backups warm, in percent; 0 = none.</summary>
    public int WarmPercent { get; init; }

    /// <summary>Of where the model endpoints that may answer keep what they are sent; none: any may.</summary>
    public ImmutableArray<string> Residency { get; init; } = [];

    /// <summary>Most that one attempt may cost, in micro-units of the price's currency; 0 = no limit.</summary>
    public long MaxCostMicros { get; init; }

    /// <summary>Null: it has none, or calls beyond it are answered all the same.</summary>
    public FeatureBudget? MonthlyBudget { get; init; }

    /// <summary>Of the calls that may be sent to a second provider; 0 = none.</summary>
    public int HedgePercent { get; init; }

    /// <summary>Share of the answered calls of which the shadows get a copy, in percent.</summary>
    public int ShadowPercent { get; init; }

    /// <summary>
    /// Who gets the copies: each a route of its own with one candidate, one attempt and a memory of its own, so that nothing of the feature's choice,
    /// retry budget and learning hears of them. None for most features.
    /// </summary>
    public FeatureRoute[] Shadows { get; init; } = [];

    /// <summary>It carries copies, for whose answers nobody waits.</summary>
    public bool IsShadow { get; init; }

    /// <summary>Who may answer, in the order of their tiers; never a shadow.</summary>
    public required Candidate[] Candidates { get; init; }

    /// <summary>Goes on from the table before.</summary>
    public FeatureMemory Memory { get; init; } = new();

    /// <summary>
    /// A number in [0, bound) for the weighted choice. A seed replays the same choices, and requests share one atomic add
    /// instead of a locked generator.
    /// </summary>
    internal int Draw(int bound)
    {
        var drawn = SplitMix64.Mix(_seed + Interlocked.Increment(ref Memory.Draws) * SplitMix64.Step);
        return (int)Math.BigMul(drawn, (ulong)bound, out _);
    }

    /// <summary>Whether a call is of the share that is copied. Of a row of draws of its own: who answers does not depend on what is copied.</summary>
    public bool DrawsShadow()
    {
        var drawn = SplitMix64.Mix(~_seed + Interlocked.Increment(ref Memory.ShadowDraws) * SplitMix64.Step);
        return (int)Math.BigMul(drawn, 100, out _) < ShadowPercent;
    }

    /// <summary>Bits of all candidates.</summary>
    internal uint All => Candidates.Length == MaxCandidates ? uint.MaxValue : (1u << Candidates.Length) - 1;

    internal RouteMasks Masks => field ??= new RouteMasks(Candidates, Residency);

    /// <summary>Whether a candidate keeps what it is sent where the feature does not allow.</summary>
    internal bool IsOutside(int index) => (Masks.Outside & (1u << index)) != 0;

    /// <summary>Of the feature's name.</summary>
    internal ulong Salt => field == 0 ? field = StableHash.Of(Name) : field;

    /// <summary>Null when no backup is kept warm: none is to be, there is none, or a call that fails there could not be rescued.</summary>
    internal WarmShare? Warm
    {
        get
        {
            if (WarmPercent == 0 || MaxAttempts < 2 || Masks.Backups == 0) return null;
            return Volatile.Read(ref _warm) ?? Interlocked.CompareExchange(ref _warm, new WarmShare(WarmPercent, Masks.Backups, Memory), null) ?? _warm;
        }
    }

    /// <summary>Of those in <paramref name="left"/>, the ones of the lowest tier.</summary>
    internal uint LowestTier(uint left) => left & Masks.OfTier[BitOperations.TrailingZeroCount(left)];
}

/// <summary>One model endpoint inside a binding.</summary>
public sealed record Candidate(ModelEndpoint Endpoint, int Tier, int Weight, CandidateRole Role)
{
    /// <summary>Of its name: the same on every edge.</summary>
    internal ulong Salt { get; } = StableHash.Of(Endpoint.Id);
}
