using System.Collections.Immutable;
using ControlPlane.Web.Data;
using Microsoft.EntityFrameworkCore;
using Routing.Core.Snapshots;

namespace ControlPlane.Web.Publishing;

/// <summary>Reads revisions. There is no method that changes one.</summary>
internal sealed class RevisionStore(IDbContextFactory<ControlPlaneDb> contexts)
{
    /// <summary>Newest first.</summary>
    public async Task<ImmutableArray<RevisionView>> ListAsync(int skip, int take, CancellationToken cancellationToken)
    {
        await using ControlPlaneDb db = await contexts.CreateDbContextAsync(cancellationToken);
        return [.. await db.Revisions.AsNoTracking().OrderByDescending(r => r.Number).Skip(skip).Take(Math.Clamp(take, 1, 200))
            .Select(r => new RevisionView(r.Number, r.PublishedAt, r.PublishedBy, r.Note, r.RollbackOf, r.Changes, r.Summary, r.Sha256)).ToListAsync(cancellationToken)];
    }

    public async Task<RevisionView?> FindAsync(long number, CancellationToken cancellationToken)
    {
        await using ControlPlaneDb db = await contexts.CreateDbContextAsync(cancellationToken);
        return await db.Revisions.AsNoTracking().Where(r => r.Number == number)
            .Select(r => new RevisionView(r.Number, r.PublishedAt, r.PublishedBy, r.Note, r.RollbackOf, r.Changes, r.Summary, r.Sha256)).SingleOrDefaultAsync(cancellationToken);
    }

    public async Task<RoutingSnapshot?> DocumentAsync(long number, CancellationToken cancellationToken)
    {
        await using ControlPlaneDb db = await contexts.CreateDbContextAsync(cancellationToken);
        return await DocumentAsync(db, number, cancellationToken);
    }

    /// <summary>What <paramref name="number"/> changed against <paramref name="baseNumber"/>; 0 = against nothing.</summary>
    public async Task<ImmutableArray<SnapshotChange>> DiffAsync(long baseNumber, long number, CancellationToken cancellationToken)
    {
        await using ControlPlaneDb db = await contexts.CreateDbContextAsync(cancellationToken);
        RoutingSnapshot? current = await DocumentAsync(db, number, cancellationToken);
        return current is null ? [] : SnapshotDiff.Between(await DocumentAsync(db, baseNumber, cancellationToken), current);
    }

    /// <summary>Of which kinds of object much would be gone if <paramref name="number"/> took the place of <paramref name="liveNumber"/>.</summary>
    public async Task<ImmutableArray<SnapshotProblem>> CompareLossesAsync(long liveNumber, long number, CancellationToken cancellationToken)
    {
        await using ControlPlaneDb db = await contexts.CreateDbContextAsync(cancellationToken);
        RoutingSnapshot? wanted = await DocumentAsync(db, number, cancellationToken);
        return wanted is null ? [] : SnapshotShrinkage.Between(await DocumentAsync(db, liveNumber, cancellationToken), wanted);
    }

    internal static async Task<(long Number, RoutingSnapshot? Document)> LiveAsync(ControlPlaneDb db, CancellationToken cancellationToken)
    {
        Revision? live = await db.Revisions.AsNoTracking().OrderByDescending(r => r.Number).FirstOrDefaultAsync(cancellationToken);
        return live is null ? (0, null) : (live.Number, Read(live.Document));
    }

    private static async Task<RoutingSnapshot?> DocumentAsync(ControlPlaneDb db, long number, CancellationToken cancellationToken)
    {
        byte[]? document = await db.Revisions.Where(r => r.Number == number).Select(r => r.Document).SingleOrDefaultAsync(cancellationToken);
        return document is null ? null : Read(document);
    }

    private static RoutingSnapshot? Read(byte[] document) => DocumentJson.Read<RoutingSnapshot>(document);
}
