using System.Collections.Immutable;
using System.Globalization;

namespace Routing.Core.Snapshots;

/// <summary>Guards against a slip of the hand: a document that loses much of what the one before had. Valid, but worth a second look.</summary>
public static class SnapshotShrinkage
{
    /// <summary>Of its problems; an edge that refuses for this reason follows once the loss is confirmed.</summary>
    public const string Code = "shrinks";

    private const int MostPercent = 25;

    /// <returns>One warning per kind of object of which more than a quarter, or the last, is gone.</returns>
    public static ImmutableArray<SnapshotProblem> Between(RoutingSnapshot? old, RoutingSnapshot current)
    {
        ArgumentNullException.ThrowIfNull(current);
        if (old is null) return [];
        var problems = ImmutableArray.CreateBuilder<SnapshotProblem>();
        Check("features", old.Features, current.Features, f => f?.Name);
        Check("modelEndpoints", old.ModelEndpoints, current.ModelEndpoints, e => e?.Id);
        Check("accounts", old.Accounts, current.Accounts, a => a?.Id);
        Check("callers", old.Callers, current.Callers, c => c?.Id);
        return problems.ToImmutable();

        void Check<T>(string path, ImmutableArray<T> before, ImmutableArray<T> after, Func<T, string?> id)
        {
            if (before.IsDefaultOrEmpty) return;
            var kept = (after.IsDefault ? [] : after).Select(id).ToHashSet(StringComparer.Ordinal);
            var gone = before.Count(b => !kept.Contains(id(b)));
            if (gone == 0 || (gone < before.Length && gone * 100L <= (long)MostPercent * before.Length)) return;
            problems.Add(new SnapshotProblem(path, Code, string.Create(CultureInfo.InvariantCulture,
                $"{gone:N0} of {before.Length:N0} {Plural(path)} are gone. Confirm that this is meant."), ProblemSeverity.Warning));
        }
    }

    private static string Plural(string path) => path == "modelEndpoints" ? "model endpoints" : path;
}
