using System.Collections.Immutable;

namespace Routing.Core.Snapshots.Validation;

/// <summary>The document's parts by id, with every null taken out of the way. The first of two parts with one id is the one that counts.</summary>
internal sealed class SnapshotIndex
{
    public SnapshotIndex(RoutingSnapshot snapshot)
    {
        Accounts = Items(snapshot.Accounts);
        ModelEndpoints = Items(snapshot.ModelEndpoints);
        Breakers = Items(snapshot.Breakers);
        Features = Items(snapshot.Features);
        Callers = Items(snapshot.Callers);
        Prices = Items(snapshot.Prices);
        AccountsById = ById(Accounts, a => a.Id);
        ModelEndpointsById = ById(ModelEndpoints, e => e.Id);
        BreakersById = ById(Breakers, b => b.Id);
        FeaturesByName = ById(Features, f => f.Name);
    }

    public ImmutableArray<ProviderAccountConfig?> Accounts { get; }
    public ImmutableArray<ModelEndpointConfig?> ModelEndpoints { get; }
    public ImmutableArray<BreakerPolicyConfig?> Breakers { get; }
    public ImmutableArray<FeatureConfig?> Features { get; }
    public ImmutableArray<CallerConfig?> Callers { get; }
    public ImmutableArray<PriceConfig?> Prices { get; }

    public Dictionary<string, ProviderAccountConfig> AccountsById { get; }
    public Dictionary<string, ModelEndpointConfig> ModelEndpointsById { get; }
    public Dictionary<string, BreakerPolicyConfig> BreakersById { get; }
    public Dictionary<string, FeatureConfig> FeaturesByName { get; }

    public static ImmutableArray<T?> Items<T>(ImmutableArray<T> items) where T : class => items.IsDefault ? [] : ImmutableArray<T?>.CastUp(items);

    /// <summary>Candidates that may answer for the feature: all but its shadows.</summary>
    public static ImmutableArray<CandidateConfig?> Answering(FeatureConfig feature) => Items(feature.Candidates).RemoveAll(c => c is { IsShadow: true });

    public ProviderAccountConfig? AccountOf(ModelEndpointConfig? endpoint) => AccountsById.GetValueOrDefault(endpoint?.Account ?? "");

    /// <summary>Reports nulls and repeated ids of one array; yields what can be checked further, with its path.</summary>
    public static IEnumerable<(string Path, T Item)> Each<T>(string array, string label, ImmutableArray<T?> items, Func<T, string?> id, ProblemList problems)
        where T : class
    {
        var first = new Dictionary<string, int>(StringComparer.Ordinal);
        for (var i = 0; i < items.Length; i++)
        {
            if (items[i] is not { } item)
            {
                problems.Add($"{array}[{i}]", "item_missing", $"Entry {i} is null. Remove it.");
                continue;
            }
            var key = id(item);
            var path = Ids.PathOf(array, i, key);
            if (key is not null && !first.TryAdd(key, i))
            {
                path = $"{array}[{i}]";
                problems.Add(path, "id_duplicate", $"{label} '{ProblemList.Shown(key)}' is already used by entry {first[key]}. Rename or remove one.");
            }
            yield return (path, item);
        }
    }

    private static Dictionary<string, T> ById<T>(ImmutableArray<T?> items, Func<T, string?> id) where T : class
    {
        var byId = new Dictionary<string, T>(StringComparer.Ordinal);
        foreach (var item in items)
        {
            if (item is not null && id(item) is { } key) byId.TryAdd(key, item);
        }
        return byId;
    }
}
