using System.Collections.Immutable;
using Routing.Core.Health;
using Routing.Core.Snapshots;

namespace Routing.Edge.Snapshots;

/// <summary>
/// Brings the breakers into line with the overlay's isolations. Only what an overlay has isolated is released when it is gone from the
/// overlay: an isolation by a configuration fault stays.
/// </summary>
internal sealed class OverlayIsolations(EndpointHealthRegistry health, TimeProvider time)
{
    private Dictionary<string, Isolation> _applied = new(StringComparer.Ordinal);

    public void Apply(ImmutableArray<Isolation> isolations)
    {
        var now = time.GetUtcNow();
        var next = new Dictionary<string, Isolation>(StringComparer.Ordinal);
        foreach (var isolation in isolations.IsDefault ? [] : isolations)
        {
            if (isolation.Until <= now || health.Find(isolation.ModelEndpoint) is not { } endpoint) continue;
            next[isolation.ModelEndpoint] = isolation;
            endpoint.Isolate(isolation.Until, isolation.Reason, isolation.By);
        }

        foreach (var (id, old) in _applied)
        {
            if (!next.ContainsKey(id) && old.Until > now) health.Find(id)?.Release("control plane");
        }

        _applied = next;
    }
}
