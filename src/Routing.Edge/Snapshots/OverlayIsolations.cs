using System.Collections.Immutable;
using Routing.Core.Health;
using Routing.Core.Snapshots;

namespace Routing.Edge.Snapshots;

/// <summary>
/// Brings the breakers into line with the overlay's isolations and forced shares. Only what an overlay has isolated or forced is released
/// when it is gone from the overlay: an isolation by a configuration fault stays.
/// </summary>
internal sealed class OverlayIsolations(EndpointHealthRegistry health, TimeProvider time)
{
    private Dictionary<string, Isolation> _isolated = new(StringComparer.Ordinal);
    private Dictionary<string, ForcedShare> _forced = new(StringComparer.Ordinal);

    public void Apply(EdgeOverlay overlay)
    {
        // Shares last: one that takes the place of an isolation is entered after the isolation's end.
        Isolate(overlay.Isolations);
        Force(overlay.ForcedShares);
    }

    private void Isolate(ImmutableArray<Isolation> isolations)
    {
        var now = time.GetUtcNow();
        var next = new Dictionary<string, Isolation>(StringComparer.Ordinal);
        foreach (var isolation in isolations.IsDefault ? [] : isolations)
        {
            if (isolation.Until <= now || health.Find(isolation.ModelEndpoint) is not { } endpoint) continue;
            next[isolation.ModelEndpoint] = isolation;
            endpoint.Isolate(isolation.Until, isolation.Reason, isolation.By);
        }

        foreach (var (id, old) in _isolated)
        {
            if (!next.ContainsKey(id) && old.Until > now) health.Find(id)?.Release("control plane");
        }

        _isolated = next;
    }

    private void Force(ImmutableArray<ForcedShare> shares)
    {
        var now = time.GetUtcNow();
        var next = new Dictionary<string, ForcedShare>(StringComparer.Ordinal);
        foreach (var share in shares.IsDefault ? [] : shares)
        {
            if (share.Until <= now || health.Find(share.ModelEndpoint) is not { } endpoint) continue;
            next[share.ModelEndpoint] = share;
            endpoint.Force(share.SharePercent, share.Until, share.Reason, share.By);
        }

        foreach (var id in _forced.Keys)
        {
            if (!next.ContainsKey(id)) health.Find(id)?.EndForce("control plane");
        }

        _forced = next;
    }
}
