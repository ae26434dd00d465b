using System.Text.Json.Serialization;
using Routing.Core.Llm;

namespace Routing.Core.Snapshots;

[JsonConverter(typeof(SnakeCaseEnumConverter<ChangeKind>))]
public enum ChangeKind : byte { Added, Removed, Changed }

/// <summary>One difference between two documents, as a person would say it.</summary>
/// <param name="Group">Kind of object: feature, model_endpoint, breaker, account, caller, price.</param>
/// <param name="Object">Its id.</param>
/// <param name="Path">Where, as in <see cref="SnapshotProblem.Path"/>.</param>
/// <param name="Sentence">Names the object, the new value and the old one.</param>
/// <param name="Old">Value before, for people; null when there was none.</param>
/// <param name="New">Value now; null when there is none.</param>
public sealed record SnapshotChange(ChangeKind Kind, string Group, string Object, string Path, string Sentence, string? Old, string? New);
