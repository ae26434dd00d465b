using System.Collections.Immutable;
using Routing.Core.Snapshots;

namespace ControlPlane.Web.Data;

public enum SaveStatus
{
    Saved,

    /// <summary>Nothing was changed; <see cref="SaveResult{T}.Problems"/> says why, field by field.</summary>
    Invalid,

    /// <summary>Somebody else saved in between; nothing was changed; <see cref="SaveResult{T}.Current"/> is what is stored now (null: it was deleted).</summary>
    Conflict,
    NotFound,
}

/// <summary>What became of a change. An expected refusal is a value, not an exception.</summary>
public sealed record SaveResult<T> where T : class
{
    public required SaveStatus Status { get; init; }

    /// <summary>What is stored, when saved.</summary>
    public T? Value { get; init; }
    public T? Current { get; init; }
    public ImmutableArray<SnapshotProblem> Problems { get; init; } = [];

    public bool Ok => Status == SaveStatus.Saved;
}

public static class SaveResult
{
    public static SaveResult<T> Saved<T>(T value) where T : class => new() { Status = SaveStatus.Saved, Value = value };
    public static SaveResult<T> Conflict<T>(T? current) where T : class => new() { Status = SaveStatus.Conflict, Current = current };
    public static SaveResult<T> NotFound<T>() where T : class => new() { Status = SaveStatus.NotFound };
    public static SaveResult<T> Invalid<T>(IEnumerable<SnapshotProblem> problems) where T : class =>
        new() { Status = SaveStatus.Invalid, Problems = [.. problems] };

    public static SaveResult<T> Invalid<T>(string path, string code, string message) where T : class =>
        Invalid<T>([new SnapshotProblem(path, code, message)]);
}
