using System.Numerics;
using Routing.Core.Dispatch.Choice;
using Routing.Core.Health;
using Routing.Core.Llm;
using Routing.Core.Tables;

namespace Routing.Core.Dispatch;

/// <summary>What decides who is asked first, in words.</summary>
internal static class ChoiceSentence
{
    /// <param name="tier">Those of one tier that take the call; 0 when nobody does.</param>
    /// <param name="views">The health of each candidate.</param>
    /// <param name="first">Those among whom the call would be shared.</param>
    public static string? Of(FeatureRoute route, uint tier, ChatCall call, DateTimeOffset at, EndpointHealthView[] views, out uint first)
    {
        first = tier;
        if (tier == 0) return null;
        (var basis, first) = TierChoice.Explain(route, tier, call, at, views);
        return Words(route, tier, first, basis) + Warm(route);
    }

    private static string Words(FeatureRoute route, uint tier, uint first, ChoiceBasis basis)
    {
        var (names, number) = (Names(route, first), route.Candidates[BitOperations.TrailingZeroCount(tier)].Tier);
        var several = !BitOperations.IsPow2(first);
        return basis switch
        {
            ChoiceBasis.OnlyOne => $"{names} is the only one of tier {number} that takes calls by its weight.",
            ChoiceBasis.Key => $"The call's key keeps it at {names}.",
            ChoiceBasis.Experiment => $"Tier {number} holds an experiment, and the call's key puts it to {names}.",
            ChoiceBasis.Cache => $"{names} holds the prompt of the call's key in its cache, and reading it is cheaper.",
            ChoiceBasis.Weight => $"By weight and chance, among {names}.",
            ChoiceBasis.Price => several ? $"By price for a call like this: {names} are the cheapest of tier {number}, and share by weight." : $"By price for a call like this: {names} is the cheapest of tier {number}.",
            _ when first == tier && several => $"By {Measure(basis)}: nobody of tier {number} is better than another by enough to tell.",
            _ => $"By {Measure(basis)}: {names} {(several ? "are the best of tier" : "is the best of tier")} {number}. Now and then another one is asked, to see how fast it is by now.",
        };
    }

    private static string Measure(ChoiceBasis basis) => basis == ChoiceBasis.Speed ? "the time to the first token of late" : "speed and price together";

    private static string Warm(FeatureRoute route) => route.Warm is null ? "" : $" {route.WarmPercent} % of the calls are put to a backup first, so that it is known to work.";

    private static string Names(FeatureRoute route, uint mask)
    {
        List<string> names = [];
        for (; mask != 0; mask &= mask - 1) names.Add(route.Candidates[BitOperations.TrailingZeroCount(mask)].Endpoint.Id);
        return names.Count == 1 ? names[0] : $"{string.Join(", ", names[..^1])} and {names[^1]}";
    }
}
