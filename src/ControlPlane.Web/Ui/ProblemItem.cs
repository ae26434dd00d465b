using Routing.Core.Snapshots;

namespace ControlPlane.Web.Ui;

public enum ProblemLevel { Error, Warning, Passed, Note }

/// <summary>A sentence about what is wrong (or was checked), where, and the one action that fixes it.</summary>
public sealed record ProblemItem(ProblemLevel Level, string Sentence, string? Path = null, string? Action = null, string? ActionHref = null)
{
    public static ProblemItem From(SnapshotProblem problem) =>
        new(problem.Severity == ProblemSeverity.Error ? ProblemLevel.Error : ProblemLevel.Warning, problem.Message, problem.Path);
}
