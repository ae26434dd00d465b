using System.Collections.Immutable;
using ControlPlane.Web.Edges;
using ControlPlane.Web.Requests;
using Routing.Core.Dispatch;
using Routing.Core.Snapshots;

namespace ControlPlane.Web.Explain;

/// <summary>Where calls of a feature go by the live revision and by what edges have reported of late.</summary>
/// <param name="Revision">0 = nothing is published.</param>
/// <param name="Features">Of the live revision, by name.</param>
/// <param name="Feature">Null when the live revision has none of that name.</param>
/// <param name="Edges">Those that are heard, by name.</param>
/// <param name="Silent">Those that are enrolled and not heard: nothing is said of them.</param>
internal sealed record CallsNow(
    long Revision, ImmutableArray<string> Features, FeatureConfig? Feature, string Currency, EndpointNames Names, ImmutableArray<EdgeExplanation> Edges, ImmutableArray<EdgeView> Silent)
{
    /// <summary>Edges that would do the same, together.</summary>
    public ImmutableArray<EdgeGroup> Groups =>
        [.. Edges.GroupBy(e => e.Outcome, StringComparer.Ordinal).Select(g => new EdgeGroup([.. g], Revision))];
}

/// <summary>What one edge would do, by its own report.</summary>
/// <param name="Revision">That it runs, which may not be the live one.</param>
/// <param name="Reported">Model endpoints of which it told; the others are taken to be as at its start.</param>
public sealed record EdgeExplanation(string Edge, DateTimeOffset HeardAt, long Revision, ImmutableHashSet<string> Reported, RoutingExplanation Explanation)
{
    /// <summary>What two edges have in common that would do the same: counts and times may differ.</summary>
    public string Outcome { get; } = string.Join('\n', Explanation.Candidates.Select(c => $"{c.Verdict} {c.State} {c.SharePercent} {c.AskedFirst} {Reported.Contains(c.Endpoint)}"))
        + $"\n{Explanation.Choice}\n{Explanation.Failure?.Message}";
}

/// <summary>Edges that would do the same; the words are those of the one that was heard last.</summary>
public sealed record EdgeGroup(ImmutableArray<EdgeExplanation> Edges, long Live)
{
    public EdgeExplanation Newest { get; } = Edges.MaxBy(e => e.HeardAt)!; // a group has at least one

    public string Names => Edges.Length switch
    {
        1 => Edges[0].Edge,
        2 => $"{Edges[0].Edge} and {Edges[1].Edge}",
        _ => $"{Edges[0].Edge}, {Edges[1].Edge} and {Edges.Length - 2} more",
    };

    public ImmutableArray<string> First => [.. Newest.Explanation.Candidates.Where(c => c.AskedFirst).Select(c => c.Endpoint)];
}
