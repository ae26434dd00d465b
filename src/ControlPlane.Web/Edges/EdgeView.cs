using System.Collections.Immutable;
using ControlPlane.Web.Data;
using Routing.Core.Snapshots;

namespace ControlPlane.Web.Edges;

/// <summary>An edge as pages show it.</summary>
/// <param name="AppliedAt">Since when it runs its revision.</param>
/// <param name="Problems">Of its last refusal; empty when it refused nothing.</param>
public sealed record EdgeView(
    string Id, string Name, DateTimeOffset EnrolledAt, DateTimeOffset? LastReportAt, long Revision, long Overlay, DateTimeOffset? AppliedAt,
    long? RefusedRevision, DateTimeOffset? RefusedAt, ImmutableArray<SnapshotProblem> Problems, long SpoolPending, string EdgeVersion, DateTimeOffset? StartedAt)
{
    internal static EdgeView Of(EdgeNode row) => new(
        row.Id, row.Name, row.EnrolledAt, row.LastReportAt, row.Revision, row.Overlay, row.AppliedAt, row.RefusedRevision, row.RefusedAt,
        row.Problems.Length == 0 ? [] : JsonText.Read<ImmutableArray<SnapshotProblem>>(row.Problems), row.SpoolPending, row.EdgeVersion, row.StartedAt);
}

/// <summary>A fresh permission to enrol; the token is shown once.</summary>
public sealed record NewEnrolment(string Token, DateTimeOffset ExpiresAt);
