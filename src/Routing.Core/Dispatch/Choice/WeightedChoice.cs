using System.Numerics;
using Routing.Core.Tables;

namespace Routing.Core.Dispatch.Choice;

/// <summary>By weight and by chance.</summary>
internal static class WeightedChoice
{
    /// <param name="mask">Not empty; of equal chances when nobody has a weight.</param>
    public static int Pick(FeatureRoute route, uint mask)
    {
        if (BitOperations.IsPow2(mask)) return BitOperations.TrailingZeroCount(mask);
        var total = 0;
        for (var rest = mask; rest != 0; rest &= rest - 1) total += route.Candidates[BitOperations.TrailingZeroCount(rest)].Weight;
        var isEven = total == 0;
        var draw = route.Draw(isEven ? BitOperations.PopCount(mask) : total);
        for (var rest = mask; ; rest &= rest - 1)
        {
            var index = BitOperations.TrailingZeroCount(rest);
            draw -= isEven ? 1 : route.Candidates[index].Weight;
            if (draw < 0) return index;
        }
    }

    /// <summary>Of two drawn ones the one with fewer calls under way: nobody runs away with the traffic, and who answers late gets less of it at once.</summary>
    public static int PickLessBusy(FeatureRoute route, uint mask)
    {
        var first = Pick(route, mask);
        mask &= ~(1u << first);
        if (mask == 0) return first;
        var second = Pick(route, mask);
        return InFlight(route, second) < InFlight(route, first) ? second : first;
    }

    private static int InFlight(FeatureRoute route, int index) => route.Candidates[index].Endpoint.Health.InFlight;
}
