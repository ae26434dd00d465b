using System.Collections.Concurrent;
using System.Collections.Immutable;
using Routing.Core.Health;

namespace ControlPlane.Web.Edges;

/// <summary>What one edge last said about its endpoints, and when this process heard it.</summary>
public sealed record EdgeHealth(string EdgeId, string EdgeName, DateTimeOffset HeardAt, ImmutableArray<EndpointHealthView> Endpoints);

/// <summary>The newest health report of every edge, in memory. An edge that falls silent drops off after a while; it is then unknown, not healthy.</summary>
public sealed class EdgeBoard(TimeProvider time)
{
    public static readonly TimeSpan SilentAfter = TimeSpan.FromSeconds(15);

    private readonly ConcurrentDictionary<string, EdgeHealth> _edges = new(StringComparer.Ordinal);

    /// <summary>Edges heard of within the last seconds.</summary>
    public ImmutableArray<EdgeHealth> Live()
    {
        DateTimeOffset since = time.GetUtcNow() - SilentAfter;
        return [.. _edges.Values.Where(e => e.HeardAt >= since).OrderBy(e => e.EdgeName, StringComparer.Ordinal)];
    }

    internal void Hear(string edgeId, string edgeName, HealthReport report) =>
        _edges[edgeId] = new EdgeHealth(edgeId, edgeName, time.GetUtcNow(), report.Endpoints.IsDefault ? [] : report.Endpoints);
}
