using ControlPlane.Web.Data;
using ControlPlane.Web.Publishing;
using Microsoft.EntityFrameworkCore;
using Routing.Core.Budgets;

namespace ControlPlane.Web.Edges;

/// <summary>
/// Since when edges are heard, by whichever node: kept in the database, so that it holds for all nodes and over their restarts. Changes only when
/// somebody is heard after a gap.
/// </summary>
internal static class EdgeHearing
{
    /// <summary>Null: no edge was heard yet.</summary>
    public static async Task<Hearing?> ReadAsync(ControlPlaneDb db, CancellationToken cancellationToken)
    {
        var state = await db.PlaneState.Where(s => s.Id == PlaneState.Only).Select(s => new { s.HearingSince, s.GoneBefore }).SingleAsync(cancellationToken);
        return state is { HearingSince: { } since, GoneBefore: { } goneBefore } ? new Hearing(since, goneBefore) : null;
    }

    /// <summary>Before the report itself is stored, in its transaction: after it, the gap cannot be seen any more.</summary>
    public static async Task HeardAsync(ControlPlaneDb db, DateTimeOffset now, CancellationToken cancellationToken)
    {
        Hearing? known = await ReadAsync(db, cancellationToken);
        DateTimeOffset last = await db.EdgeReports.MaxAsync(r => (DateTimeOffset?)r.HeardAt, cancellationToken) ?? now;
        Hearing hearing = known?.At(now, last) ?? Hearing.First(last, now);
        if (hearing == known) return;

        // Two nodes may see one gap; the first to write is right.
        DateTimeOffset? since = known?.Since;
        await db.PlaneState.Where(s => s.Id == PlaneState.Only && s.HearingSince == since)
            .ExecuteUpdateAsync(set => set.SetProperty(s => s.HearingSince, hearing.Since).SetProperty(s => s.GoneBefore, hearing.GoneBefore), cancellationToken);
    }
}
