using System.Collections.Immutable;
using Routing.Core.Snapshots;

namespace ControlPlane.Web.Publishing;

/// <summary>A published revision in lists.</summary>
/// <param name="RollbackOf">The older revision it brought back; null for an ordinary one.</param>
public sealed record RevisionView(long Number, DateTimeOffset PublishedAt, string PublishedBy, string Note, long? RollbackOf, int Changes, string Summary, string Sha256)
{
    /// <summary>The first change by its sentence, and how many more there are.</summary>
    public string WhatChanged => Changes > 1 ? $"{Summary}; {Changes - 1} more" : Summary;
}

/// <summary>The draft against what is live.</summary>
/// <param name="Live">Number of the live revision; 0 before the first publish.</param>
/// <param name="Problems">Errors stop a publish, warnings do not.</param>
/// <param name="Losses">Of which kinds of object much would be gone; publishing then takes a second word.</param>
public sealed record PublishState(
    long Live, ImmutableArray<SnapshotChange> Changes, ImmutableArray<SnapshotProblem> Problems, ImmutableArray<SnapshotProblem> Losses)
{
    public bool HasErrors => Problems.Any(p => p.Severity == ProblemSeverity.Error);

    public bool CanPublish => !HasErrors && !Changes.IsEmpty;
}
