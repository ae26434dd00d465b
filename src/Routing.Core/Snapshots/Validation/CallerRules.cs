using System.Collections.Immutable;

namespace Routing.Core.Snapshots.Validation;

internal static class CallerRules
{
    private const int MaxKeys = 20;

    public static void Check(SnapshotIndex index, ProblemList problems)
    {
        var owners = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (path, caller) in SnapshotIndex.Each("callers", "Caller", index.Callers, c => c.Id, problems))
        {
            problems.Id($"{path}.id", "Caller id", caller.Id);
            problems.Text($"{path}.name", "Name", caller.Name, 100);
            problems.Count($"{path}.keys", "keys", caller.Keys, MaxKeys);
            Keys(path, SnapshotIndex.Items(caller.Keys), owners, problems);
            Features(path, caller.Features, index, problems);
        }
    }

    private static void Keys(string path, ImmutableArray<CallerKeyConfig?> keys, Dictionary<string, string> owners, ProblemList problems)
    {
        if (keys.IsEmpty) problems.Warn($"{path}.keys", "caller_without_key", $"The caller has no key, so it cannot call. Create one.");
        for (var i = 0; i < Math.Min(keys.Length, MaxKeys); i++)
        {
            var at = $"{path}.keys[{i}]";
            if (keys[i] is not { } key)
            {
                problems.Add(at, "item_missing", $"Entry {i} is null. Remove it.");
                continue;
            }
            if (problems.Present($"{at}.prefix", "The prefix", key.Prefix) && key.Prefix is var prefix && (prefix.Length > 16 || prefix.AsSpan().ContainsAnyExceptInRange('!', '~')))
            {
                problems.Add($"{at}.prefix", "prefix_shape", $"The prefix has {prefix.Length:N0} characters or one that is not allowed. Use at most 16 of printable ASCII; never the whole key.");
            }
            if (!Ids.IsSha256(key.Sha256))
            {
                problems.Add($"{at}.sha256", "sha256_shape", $"This is not a SHA-256: it has {key.Sha256?.Length ?? 0:N0} characters or one that is not allowed. Write 64 lower-case hexadecimal digits.");
            }
            else if (!owners.TryAdd(key.Sha256, path))
            {
                problems.Add($"{at}.sha256", "key_repeated", $"The same key is already at {owners[key.Sha256]}. A key names one caller: create another one.");
            }
        }
    }

    private static void Features(string path, ImmutableArray<string> features, SnapshotIndex index, ProblemList problems)
    {
        problems.Count($"{path}.features", "features", features, SnapshotValidator.MaxFeatures);
        if (features.IsDefaultOrEmpty)
        {
            problems.Warn($"{path}.features", "caller_without_feature", $"The caller may name no feature, so every call is refused. List features, or '*' for all.");
            return;
        }
        for (var i = 0; i < Math.Min(features.Length, SnapshotValidator.MaxFeatures); i++)
        {
            var name = features[i] ?? "";
            if (name != "*" && !index.FeaturesByName.ContainsKey(name))
            {
                problems.Add($"{path}.features[{i}]", "reference_dangling", $"Feature '{ProblemList.Shown(name)}' does not exist. Name one of the features, or '*' for all.");
            }
        }
    }
}
