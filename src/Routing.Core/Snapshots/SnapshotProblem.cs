using System.Text.Json.Serialization;
using Routing.Core.Llm;

namespace Routing.Core.Snapshots;

[JsonConverter(typeof(SnakeCaseEnumConverter<ProblemSeverity>))]
public enum ProblemSeverity : byte
{
    /// <summary>Cannot be published or applied.</summary>
    Error,

    /// <summary>Works, and is probably not what was meant.</summary>
    Warning,
}

/// <summary>One thing wrong with a snapshot.</summary>
/// <param name="Path">Where, for example <c>features[thread-summary].candidates[0].weight</c>.</param>
/// <param name="Code">Stable, for tests and tooling, for example <c>weight_sum</c>.</param>
/// <param name="Message">A sentence with the value, its limit and the fix.</param>
public sealed record SnapshotProblem(string Path, string Code, string Message, ProblemSeverity Severity = ProblemSeverity.Error);
