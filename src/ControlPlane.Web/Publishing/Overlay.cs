using ControlPlane.Web.Data;
using Microsoft.EntityFrameworkCore;

namespace ControlPlane.Web.Publishing;

/// <summary>What acts without a publish has a version of its own that only goes forward.</summary>
internal static class Overlay
{
    /// <summary>Call in the transaction of every change of a secret, a revoked key, an isolation or a forced share.</summary>
    public static Task AdvanceAsync(ControlPlaneDb db, CancellationToken cancellationToken) =>
        db.PlaneState.ExecuteUpdateAsync(set => set.SetProperty(s => s.OverlayVersion, s => s.OverlayVersion + 1), cancellationToken);

    /// <summary>Lets edges follow <paramref name="revision"/> although it loses much of what they run.</summary>
    public static Task ConfirmShrinkAsync(ControlPlaneDb db, long revision, CancellationToken cancellationToken) =>
        db.PlaneState.ExecuteUpdateAsync(
            set => set.SetProperty(s => s.ConfirmedShrink, revision).SetProperty(s => s.OverlayVersion, s => s.OverlayVersion + 1), cancellationToken);
}
