using System.Collections.Immutable;
using Routing.Core.Snapshots.Diff;
using Routing.Core.Snapshots.Validation;

namespace Routing.Core.Snapshots;

/// <summary>What publishing a document changes, in sentences. Revision, moment and note are not differences. Pure, and safe for drafts with problems.</summary>
public static class SnapshotDiff
{
    /// <param name="old">Null: everything is added.</param>
    /// <param name="current">The document to publish.</param>
    /// <returns>Grouped by object: features first, then what they stand on.</returns>
    public static ImmutableArray<SnapshotChange> Between(RoutingSnapshot? old, RoutingSnapshot current)
    {
        ArgumentNullException.ThrowIfNull(current);
        var before = new SnapshotIndex(old ?? new RoutingSnapshot());
        var after = new SnapshotIndex(current);
        var changes = new ChangeList();
        FeatureChanges.Find(before, after, changes);
        ModelEndpointChanges.Find(before, after, changes);
        BreakerChanges.Find(before, after, changes);
        AccountChanges.Find(before, after, changes);
        CallerChanges.Find(before, after, changes);
        PriceChanges.Find(before, after, changes);
        return changes.ToImmutable();
    }
}
