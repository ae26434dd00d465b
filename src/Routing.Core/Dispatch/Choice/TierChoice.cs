using System.Numerics;
using Routing.Core.Health;
using Routing.Core.Llm;
using Routing.Core.Snapshots;
using Routing.Core.Tables;

namespace Routing.Core.Dispatch.Choice;

/// <summary>Who of a tier is asked first: by the call's key where calls are to stay together, else by the feature's strategy.</summary>
internal static class TierChoice
{
    /// <param name="mask">Candidates of one tier that could take the call; not empty.</param>
    public static int Pick(FeatureRoute route, uint mask, ChatCall call, DateTimeOffset at)
    {
        if (BitOperations.IsPow2(mask)) return BitOperations.TrailingZeroCount(mask);
        if ((mask & route.Masks.Weighing) is not 0 and var weighing) mask = weighing;

        // An experiment is split as its weights say: one whose halves depended on speed or price would measure those.
        var isExperiment = (mask & route.Masks.Experiments) != 0;
        if (call.AffinityKey != 0 && (isExperiment || route.Affinity == AffinityMode.Key)) return KeyedChoice.Pick(route, mask, call.AffinityKey);
        if (isExperiment) return WeightedChoice.Pick(route, mask);
        if (call.AffinityKey != 0 && route.Affinity == AffinityMode.Cache && KeyedChoice.Holder(route, mask, call, at) is >= 0 and var holder) return holder;
        return route.Selection switch
        {
            SelectionStrategy.Cheapest => WeightedChoice.Pick(route, Ranking.Best(route, mask, call, at)),
            SelectionStrategy.Fastest or SelectionStrategy.Balanced => BySpeed(route, mask, call, at),
            _ => WeightedChoice.Pick(route, mask),
        };
    }

    private static int BySpeed(FeatureRoute route, uint mask, ChatCall call, DateTimeOffset at)
    {
        // Whoever comes back is asked as often as its weight says: its breaker lets through what it may take, and nothing is known of its speed yet.
        var drawn = WeightedChoice.Pick(route, mask);
        if (IsReturning(route, drawn)) return drawn;
        for (var rest = mask; rest != 0; rest &= rest - 1)
        {
            if (IsReturning(route, BitOperations.TrailingZeroCount(rest))) mask &= ~(rest & (0 - rest));
        }

        var best = Ranking.Best(route, mask, call, at);
        if (best == mask) return IsAnyKnown(route, mask) ? WeightedChoice.PickLessBusy(route, mask) : drawn;
        return route.Looks.IsDue(Math.Max(1, route.WarmPercent), mask & ~best, out var looked) ? looked : WeightedChoice.PickLessBusy(route, best);
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
