using System.Collections.Immutable;

namespace Routing.Core.Snapshots.Validation;

/// <summary>How a feature chooses among its candidates, and what it does beside asking one after the other.</summary>
internal static class ChoiceRules
{
    private const int MaxResidencies = 16;

    // A thousand units of the currency: more than any call can cost, and far from an overflow.
    private const long MaxCostMicros = 1_000_000_000;

    public static void Check(string path, FeatureConfig feature, SnapshotIndex index, ProblemList problems)
    {
        problems.Defined($"{path}.selection", "Selection", feature.Selection);
        problems.Defined($"{path}.affinity", "Affinity", feature.Affinity);
        problems.Range($"{path}.warmPercent", "Share that keeps backups warm", feature.WarmPercent, 0, 10, "%");
        problems.Range($"{path}.hedgePercent", "Calls sent to a second provider", feature.HedgePercent, 0, 5, "%");
        problems.Range($"{path}.maxCostMicros", "Most that an attempt may cost", feature.MaxCostMicros, 0, MaxCostMicros, "micro-units");
        ImmutableArray<ModelEndpointConfig> endpoints = [.. SnapshotIndex.Answering(feature).Select(c => index.ModelEndpointsById.GetValueOrDefault(c?.ModelEndpoint ?? "")).OfType<ModelEndpointConfig>()];
        Residency(path, feature, endpoints, problems);
        Backups(path, feature, endpoints, index, problems);
        Prices(path, feature, endpoints, index, problems);
    }

    private static void Residency(string path, FeatureConfig feature, ImmutableArray<ModelEndpointConfig> endpoints, ProblemList problems)
    {
        problems.Count($"{path}.residency", "residencies", feature.Residency, MaxResidencies);
        if (feature.Residency.IsDefaultOrEmpty || feature.Residency.Length > MaxResidencies) return;
        for (var i = 0; i < feature.Residency.Length; i++) problems.Residency($"{path}.residency[{i}]", feature.Residency[i] ?? "");
        var outside = endpoints.Where(e => !feature.Residency.Contains(e.Residency, StringComparer.Ordinal)).ToArray();
        if (outside.Length == 0) return;
        var allowed = string.Join(" or ", feature.Residency.Select(ProblemList.Shown));
        if (outside.Length == endpoints.Length)
        {
            problems.Add($"{path}.residency", "nobody_resident", $"No candidate's residency is {allowed}, so nothing may answer. Add a candidate there, or say at the model endpoints where they are.");
        }
        else
        {
            problems.Warn($"{path}.residency", "not_resident", $"{string.Join(", ", outside.Select(e => e.Id))} {(outside.Length == 1 ? "is" : "are")} never asked: the residency is not {allowed}. Take {(outside.Length == 1 ? "it" : "them")} out, or say at the model endpoint where it is.");
        }
    }

    private static void Backups(string path, FeatureConfig feature, ImmutableArray<ModelEndpointConfig> endpoints, SnapshotIndex index, ProblemList problems)
    {
        if (feature.WarmPercent > 0 && SnapshotIndex.Answering(feature).All(c => c is null or { Tier: <= 1, Role: not CandidateRole.Backup }))
        {
            problems.Warn($"{path}.warmPercent", "no_backup", $"{feature.WarmPercent}\u00A0% of the calls would keep backups warm, but there is none. Add a candidate to tier 2.");
        }
        var providers = endpoints.Select(index.AccountOf).OfType<ProviderAccountConfig>().Select(a => a.Provider).Distinct().Count();
        if (feature.HedgePercent > 0 && providers == 1)
        {
            problems.Warn($"{path}.hedgePercent", "no_second_provider", $"A slow call would be sent to a second provider as well, but all candidates are on one. Add a candidate on another.");
        }
    }

    private static void Prices(string path, FeatureConfig feature, ImmutableArray<ModelEndpointConfig> endpoints, SnapshotIndex index, ProblemList problems)
    {
        var byPrice = feature.Selection is SelectionStrategy.Cheapest or SelectionStrategy.Balanced;
        if (!byPrice && feature.MaxCostMicros <= 0) return;
        var priced = index.Prices.Select(p => p?.ModelEndpoint).ToHashSet(StringComparer.Ordinal);
        foreach (var endpoint in endpoints.Where(e => !priced.Contains(e.Id)))
        {
            if (byPrice) problems.Warn($"{path}.selection", "candidate_unpriced", $"{endpoint.Id} has no price, so it is asked after everybody who has one. Add a price.");
            if (feature.MaxCostMicros > 0) problems.Warn($"{path}.maxCostMicros", "candidate_unpriced", $"{endpoint.Id} has no price, so the limit of a call's cost cannot be judged for it. Add a price.");
        }

        Currencies(feature.MaxCostMicros > 0 ? $"{path}.maxCostMicros" : $"{path}.selection", endpoints, index, problems);
    }

    /// <summary>Amounts of two currencies would be compared as if they were of one. What counts of each model endpoint is its last price: earlier ones end.</summary>
    private static void Currencies(string path, ImmutableArray<ModelEndpointConfig> endpoints, SnapshotIndex index, ProblemList problems)
    {
        var bound = endpoints.Select(e => e.Id).ToHashSet(StringComparer.Ordinal);
        var byCurrency = index.Prices.OfType<PriceConfig>().Where(p => bound.Contains(p.ModelEndpoint ?? "")).GroupBy(p => p.ModelEndpoint, StringComparer.Ordinal)
            .Select(p => p.MaxBy(price => price.From)!) // No group is empty.
            .GroupBy(p => p.Currency ?? "", StringComparer.Ordinal).ToArray();
        if (byCurrency.Length < 2) return;
        var (one, other) = (byCurrency[0], byCurrency[1]);
        problems.AddUnlessPublished(path, "currencies_compared",
            $"The costs of the candidates are compared, and {Named(one)} is priced in {ProblemList.Shown(one.Key)}, {Named(other)} in {ProblemList.Shown(other.Key)}. Price all candidates in one currency, or choose without their prices.");
    }

    private static string Named(IGrouping<string, PriceConfig> priced) => string.Join(", ", priced.Select(p => p.ModelEndpoint).Order(StringComparer.Ordinal));
}
