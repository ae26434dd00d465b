using System.Collections.Immutable;
using Routing.Core.Snapshots;

namespace Routing.Edge.Snapshots;

/// <summary>What became of a configuration: in use, or refused with every problem while the old one goes on.</summary>
internal readonly record struct ApplyOutcome(bool Applied, ImmutableArray<SnapshotProblem> Problems)
{
    public static ApplyOutcome Refused(params ImmutableArray<SnapshotProblem> problems) => new(false, problems);

    public static ApplyOutcome Refused(string path, string code, string message) => new(false, [new SnapshotProblem(path, code, message)]);
}
