using System.Numerics;
using Routing.Core.Health;
using Routing.Core.Llm;
using Routing.Core.Snapshots;
using Routing.Core.Tables;

namespace Routing.Core.Dispatch.Choice;

/// <summary>What decides who of a tier is asked first.</summary>
internal enum ChoiceBasis : byte { OnlyOne, Weight, Key, Experiment, Cache, Speed, Price, SpeedAndPrice }

/// <summary>Who of a tier is asked first: by the call's key where calls are to stay together, else by the feature's strategy.</summary>
internal static class TierChoice
{
    /// <param name="mask">Candidates of one tier that could take the call; not empty.</param>
    public static int Pick(FeatureRoute route, uint mask, ChatCall call, DateTimeOffset at)
    {
        var basis = Decide(route, ref mask, call, at);
        return basis switch
        {
            ChoiceBasis.Price => WeightedChoice.Pick(route, Ranking.Best(route, mask, call, at)),
            ChoiceBasis.Speed or ChoiceBasis.SpeedAndPrice => BySpeed(route, mask, call, at),
            _ => WeightedChoice.Pick(route, mask),
        };
    }

    /// <summary>The same for people: those among whom the call would be shared, without making the choice.</summary>
    /// <param name="views">The health of each candidate.</param>
    public static (ChoiceBasis Basis, uint Best) Explain(FeatureRoute route, uint mask, ChatCall call, DateTimeOffset at, EndpointHealthView[] views)
    {
        var basis = Decide(route, ref mask, call, at);
        return basis switch
        {
            ChoiceBasis.Price => (basis, Ranking.Best(route, mask, call, at, views)),
            ChoiceBasis.Speed or ChoiceBasis.SpeedAndPrice => (basis, Ranking.Best(route, Settled(route, mask, views), call, at, views)),
            _ => (basis, mask),
        };
    }

    /// <summary>What decides, and of whom it is left to decide.</summary>
    private static ChoiceBasis Decide(FeatureRoute route, ref uint mask, ChatCall call, DateTimeOffset at)
    {
        if ((mask & route.Masks.Weighing) is not 0 and var weighing) mask = weighing;
        if (BitOperations.IsPow2(mask)) return ChoiceBasis.OnlyOne;

        // An experiment is split as its weights say: one whose halves depended on speed or price would measure those.
        var isExperiment = (mask & route.Masks.Experiments) != 0;
        if (call.AffinityKey != 0 && (isExperiment || route.Affinity == AffinityMode.Key))
        {
            mask = 1u << KeyedChoice.Pick(route, mask, call.AffinityKey);
            return isExperiment ? ChoiceBasis.Experiment : ChoiceBasis.Key;
        }

        if (isExperiment) return ChoiceBasis.Weight;
        if (call.AffinityKey != 0 && route.Affinity == AffinityMode.Cache && KeyedChoice.Holder(route, mask, call, at) is >= 0 and var holder)
        {
            mask = 1u << holder;
            return ChoiceBasis.Cache;
        }

        return route.Selection switch
        {
            SelectionStrategy.Fastest => ChoiceBasis.Speed,
            SelectionStrategy.Cheapest => ChoiceBasis.Price,
            SelectionStrategy.Balanced => ChoiceBasis.SpeedAndPrice,
            _ => ChoiceBasis.Weight,
        };
    }

    private static int BySpeed(FeatureRoute route, uint mask, ChatCall call, DateTimeOffset at)
    {
        // Whoever comes back is asked as often as its weight says: its breaker lets through what it may take, and nothing is known of its speed yet.
        var drawn = WeightedChoice.Pick(route, mask);
        if (IsReturning(route, drawn)) return drawn;
        mask = Settled(route, mask);
        var best = Ranking.Best(route, mask, call, at);
        if (best == mask) return IsAnyKnown(route, mask) ? WeightedChoice.PickLessBusy(route, mask) : drawn;
        return route.Memory.Looks.IsDue(Math.Max(1, route.WarmPercent), mask & ~best, out var looked) ? looked : WeightedChoice.PickLessBusy(route, best);
    }

    /// <summary>Without those who are coming back, unless all are.</summary>
    private static uint Settled(FeatureRoute route, uint mask, EndpointHealthView[]? views = null)
    {
        var settled = mask;
        for (var rest = mask; rest != 0; rest &= rest - 1)
        {
            var index = BitOperations.TrailingZeroCount(rest);
            if (views is null ? IsReturning(route, index) : views[index].State == BreakerState.PartialOpen) settled &= ~(rest & (0 - rest));
        }

        return settled == 0 ? mask : settled;
    }

    private static bool IsReturning(FeatureRoute route, int index) => route.Candidates[index].Endpoint.Health.State == BreakerState.PartialOpen;

    private static bool IsAnyKnown(FeatureRoute route, uint mask)
    {
        for (var rest = mask; rest != 0; rest &= rest - 1)
        {
            if (route.Candidates[BitOperations.TrailingZeroCount(rest)].Endpoint.Health.FirstTokenP90Ms != 0) return true;
        }

        return false;
    }
}
