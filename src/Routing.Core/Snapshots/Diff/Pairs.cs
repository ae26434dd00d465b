using System.Collections.Immutable;

namespace Routing.Core.Snapshots.Diff;

/// <summary>Two lists side by side, by id and in the order of ids. Entries without an id are the validator's business; of two with one id the first counts.</summary>
internal static class Pairs
{
    public static IEnumerable<(string Id, T? Old, T? New)> Of<T>(IEnumerable<T?> old, IEnumerable<T?> now, Func<T, string?> id) where T : class
    {
        var (before, after) = (ById(old, id), ById(now, id));
        foreach (var key in before.Keys.Union(after.Keys, StringComparer.Ordinal).Order(StringComparer.Ordinal))
        {
            yield return (key, before.GetValueOrDefault(key), after.GetValueOrDefault(key));
        }
    }

    public static ImmutableArray<T> OrEmpty<T>(ImmutableArray<T> items) => items.IsDefault ? [] : items;

    private static Dictionary<string, T> ById<T>(IEnumerable<T?> items, Func<T, string?> id) where T : class
    {
        var byId = new Dictionary<string, T>(StringComparer.Ordinal);
        foreach (var item in items)
        {
            if (item is not null && id(item) is { } key) byId.TryAdd(key, item);
        }
        return byId;
    }
}
