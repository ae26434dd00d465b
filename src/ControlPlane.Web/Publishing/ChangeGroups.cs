using System.Collections.Immutable;
using ControlPlane.Web.Ui;
using Routing.Core.Snapshots;

namespace ControlPlane.Web.Publishing;

/// <summary>Differences as pages list them: grouped by object, in the order of the document.</summary>
internal static class ChangeGroups
{
    // A first publish of a large configuration is summed up beyond this; the page stays readable and light.
    private const int MostLines = 500;

    public static IReadOnlyList<DiffGroup> Of(ImmutableArray<SnapshotChange> changes) =>
    [
        .. changes.Take(MostLines).GroupBy(c => (c.Group, c.Object)).Select(g => new DiffGroup(g.Key.Object, g.Key.Group.Replace('_', ' '), [.. g.Select(Line)])),
        .. changes.Length > MostLines
            ? (IEnumerable<DiffGroup>)[new DiffGroup("", null, [new DiffLine(DiffSign.Follows, $"{Format.Number(changes.Length - MostLines, 0)} more changes are not listed.")])]
            : [],
    ];

    private static DiffLine Line(SnapshotChange change) => new(
        change.Kind switch { ChangeKind.Added => DiffSign.Add, ChangeKind.Removed => DiffSign.Remove, _ => DiffSign.Change }, Below(change));

    // The group's head names the object already.
    private static string Below(SnapshotChange change) =>
        change.Sentence.StartsWith(change.Object + ": ", StringComparison.Ordinal) ? change.Sentence[(change.Object.Length + 2)..] : change.Sentence;
}
