using System.Collections.Immutable;
using Routing.Core.Providers;
using Routing.Core.Snapshots;

namespace ControlPlane.Web.Publishing;

/// <summary>What the edges' own validator says of one object while it is edited, so that a form never praises what a save would refuse.</summary>
internal static class ObjectCheck
{
    /// <summary>Stands for the object: a form may have no valid id yet.</summary>
    public const string StandIn = "edited";

    /// <param name="found">What the form's annotations found already; a field that they speak of is not told twice.</param>
    /// <param name="alone">The object under <see cref="StandIn"/>, and what it refers to; problems of the rest are not the form's.</param>
    /// <param name="array">Where the object stands, for example <c>accounts</c>.</param>
    /// <param name="path">The form's path.</param>
    public static ImmutableArray<SnapshotProblem> Add(ImmutableArray<SnapshotProblem> found, RoutingSnapshot alone, AddressRules rules, string array, string path)
    {
        string fields = $"{array}[{StandIn}].";
        return
        [
            .. found,
            .. SnapshotValidator.Validate(alone, rules)
                .Where(p => p.Path.StartsWith(fields, StringComparison.Ordinal))
                .Select(p => p with { Path = $"{path}.{p.Path[fields.Length..]}" })
                .Where(p => !found.Any(f => f.Path == p.Path)),
        ];
    }
}
