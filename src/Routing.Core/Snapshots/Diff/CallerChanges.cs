using System.Collections.Immutable;
using Routing.Core.Snapshots.Validation;

namespace Routing.Core.Snapshots.Diff;

internal static class CallerChanges
{
    public static void Find(SnapshotIndex before, SnapshotIndex after, ChangeList changes)
    {
        foreach (var (id, old, now) in Pairs.Of(before.Callers, after.Callers, c => c.Id))
        {
            var caller = new Subject("caller", "callers", id);
            if (old is null && now is not null) changes.Added(caller, "", $"new caller; it may name {Spoken.List(now.Features, "nothing").Replace("*", "every feature", StringComparison.Ordinal)}", now.Name);
            else if (now is null && old is not null) changes.Removed(caller, "", $"removed; its keys are refused", old.Name);
            else if (old is not null && now is not null)
            {
                changes.Value(caller, "name", "name", old.Name, now.Name);
                Features(caller, old.Features, now.Features, changes);
                Keys(caller, old, now, changes);
            }
        }
    }

    private static void Features(Subject caller, ImmutableArray<string> old, ImmutableArray<string> now, ChangeList changes)
    {
        var (before, after) = (Pairs.OrEmpty(old), Pairs.OrEmpty(now));
        foreach (var name in after.Except(before, StringComparer.Ordinal)) changes.Added(caller, "features", $"may now name {Feature(name)}", name);
        foreach (var name in before.Except(after, StringComparer.Ordinal)) changes.Removed(caller, "features", $"may no longer name {Feature(name)}", name);
    }

    private static void Keys(Subject caller, CallerConfig old, CallerConfig now, ChangeList changes)
    {
        foreach (var (_, before, after) in Pairs.Of<CallerKeyConfig>(SnapshotIndex.Items(old.Keys), SnapshotIndex.Items(now.Keys), k => k.Sha256))
        {
            var name = $"key {(after ?? before)?.Prefix}…";
            if (before is null) changes.Added(caller, "keys", $"{name} is added", after?.Prefix);
            else if (after is null) changes.Removed(caller, "keys", $"{name} is removed; calls with it are refused", before.Prefix);
            else
            {
                changes.Value(caller, "keys", $"end of {name}", Spoken.Moment(before.ExpiresAt), Spoken.Moment(after.ExpiresAt));
                changes.Value(caller, "keys", $"prefix of {name}", before.Prefix, after.Prefix);
            }
        }
    }

    private static string Feature(string? name) => name == "*" ? "every feature" : name ?? "";
}
