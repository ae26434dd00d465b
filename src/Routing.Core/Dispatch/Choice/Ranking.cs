using System.Numerics;
using Routing.Core.Health;
using Routing.Core.Llm;
using Routing.Core.Snapshots;
using Routing.Core.Tables;

namespace Routing.Core.Dispatch.Choice;

/// <summary>Who of a tier is best for a call by speed, by price or by both. Lower is better; who cannot be told is not among the best, unless nobody can.</summary>
internal static class Ranking
{
    // Closer than this, one is not faster than the other: a herd would follow chance.
    private const double Buffer = 0.2;
    private const double LeastBufferMs = 50;

    /// <summary>Those about as good as the best: never empty; everybody when nothing is known of anybody.</summary>
    /// <param name="views">The health of each candidate as it was told; null: as it is.</param>
    public static uint Best(FeatureRoute route, uint mask, ChatCall call, DateTimeOffset at, EndpointHealthView[]? views = null)
    {
        Span<double> scores = stackalloc double[route.Candidates.Length];
        switch (route.Selection)
        {
            case SelectionStrategy.Fastest:
                ReadSpeeds(route, mask, views, scores);
                return Within(scores, mask, Buffer, LeastBufferMs);
            case SelectionStrategy.Cheapest:
                ReadCosts(route, mask, call, at, scores);
                return Within(scores, mask, 0, 0);
            case SelectionStrategy.Balanced:
                ReadBoth(route, mask, call, at, views, scores);
                return Within(scores, mask, Buffer, 0);
            default:
                return mask;
        }
    }

    private static void ReadSpeeds(FeatureRoute route, uint mask, EndpointHealthView[]? views, Span<double> scores)
    {
        for (var rest = mask; rest != 0; rest &= rest - 1)
        {
            var index = BitOperations.TrailingZeroCount(rest);
            var p90 = views is null ? route.Candidates[index].Endpoint.Health.FirstTokenP90Ms : views[index].SpeedP90Ms;
            scores[index] = p90 == 0 ? double.PositiveInfinity : p90;
        }
    }

    /// <summary>Amounts of two currencies are not compared: only those in the currency of the first that has a price count as priced.</summary>
    private static void ReadCosts(FeatureRoute route, uint mask, ChatCall call, DateTimeOffset at, Span<double> scores)
    {
        string? currency = null;
        for (var rest = mask; rest != 0; rest &= rest - 1)
        {
            var index = BitOperations.TrailingZeroCount(rest);
            var price = route.Candidates[index].Endpoint.Prices.At(at);
            currency ??= price?.Currency;
            scores[index] = price is not null && price.Currency == currency ? CallCost.Expected(route, call, price) : double.PositiveInfinity;
        }
    }

    /// <summary>How many times as slow as the fastest, and how many times as dear as the cheapest. What is known of nobody does not count.</summary>
    private static void ReadBoth(FeatureRoute route, uint mask, ChatCall call, DateTimeOffset at, EndpointHealthView[]? views, Span<double> scores)
    {
        Span<double> costs = stackalloc double[scores.Length];
        ReadSpeeds(route, mask, views, scores);
        ReadCosts(route, mask, call, at, costs);
        var (fastest, cheapest) = (Least(scores, mask), Least(costs, mask));
        for (var rest = mask; rest != 0; rest &= rest - 1)
        {
            var index = BitOperations.TrailingZeroCount(rest);
            scores[index] = (double.IsFinite(fastest) ? scores[index] / fastest : 0) + (double.IsFinite(cheapest) ? (costs[index] + 1) / (cheapest + 1) : 0);
        }
    }

    private static uint Within(ReadOnlySpan<double> scores, uint mask, double buffer, double leastBuffer)
    {
        var least = Least(scores, mask);
        if (double.IsPositiveInfinity(least)) return mask;
        var (limit, best) = (least + Math.Max(least * buffer, leastBuffer), 0u);
        for (var rest = mask; rest != 0; rest &= rest - 1)
        {
            if (scores[BitOperations.TrailingZeroCount(rest)] <= limit) best |= rest & (0 - rest);
        }

        return best;
    }

    private static double Least(ReadOnlySpan<double> scores, uint mask)
    {
        var least = double.PositiveInfinity;
        for (var rest = mask; rest != 0; rest &= rest - 1) least = Math.Min(least, scores[BitOperations.TrailingZeroCount(rest)]);
        return least;
    }
}
