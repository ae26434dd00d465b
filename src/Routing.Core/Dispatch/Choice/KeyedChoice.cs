using System.Numerics;
using Routing.Core.Llm;
using Routing.Core.Snapshots;
using Routing.Core.Tables;

namespace Routing.Core.Dispatch.Choice;

/// <summary>By the call's own key: calls of one user or conversation stay together.</summary>
internal static class KeyedChoice
{
    /// <summary>
    /// Weighted rendezvous: each candidate draws a number from the key and its own name, and the best by weight gets the call. The same on every edge; whoever
    /// drops out gives away only its own keys, and takes them back when it returns.
    /// </summary>
    /// <param name="mask">Not empty.</param>
    public static int Pick(FeatureRoute route, uint mask, ulong key)
    {
        // Features do not split their keys alike, else one experiment's half would be the other's.
        var salted = SplitMix64.Mix(key ^ route.Salt);
        var (best, most) = (BitOperations.TrailingZeroCount(mask), double.NegativeInfinity);
        for (var rest = mask; rest != 0; rest &= rest - 1)
        {
            var index = BitOperations.TrailingZeroCount(rest);
            var candidate = route.Candidates[index];
            var score = Math.Log(Unit(SplitMix64.Mix(salted ^ candidate.Salt))) / Math.Max(1, candidate.Weight);
            if (score > most) (best, most) = (index, score);
        }

        return best;
    }

    /// <summary>Who holds the prompt cache of the call's key, as long as reading it is cheaper; -1 when nobody does.</summary>
    public static int Holder(FeatureRoute route, uint mask, ChatCall call, DateTimeOffset at)
    {
        if (!route.Memory.Holders.TryFind(call.AffinityKey, at, out var holder)) return -1;
        for (var rest = mask; rest != 0; rest &= rest - 1)
        {
            var index = BitOperations.TrailingZeroCount(rest);
            var candidate = route.Candidates[index];
            if ((ushort)candidate.Salt == holder && SavesMoney(candidate.Endpoint.Prices.At(at))) return index;
        }

        return -1;
    }

    private static bool SavesMoney(PriceConfig? price) => price is { CacheRead: { } read } && read < price.Input;

    /// <summary>Above 0, at most 1.</summary>
    private static double Unit(ulong bits) => ((bits >> 11) + 1) * (1.0 / (1UL << 53));
}
