using System.Collections.Immutable;
using ControlPlane.Web.Data;
using Microsoft.EntityFrameworkCore;

namespace ControlPlane.Web.Audit;

public sealed record AuditView(
    long Sequence, DateTimeOffset At, string ActorName, string Action, string ObjectKind, string ObjectId, string Before, string After, string Reason);

/// <param name="ObjectKind">Empty: all.</param>
/// <param name="ObjectId">Empty: all.</param>
/// <param name="Actor">Part of the name; empty: all.</param>
public sealed record AuditFilter(string ObjectKind = "", string ObjectId = "", string Actor = "");

public sealed record AuditPageRows(ImmutableArray<AuditView> Rows, int Total);

/// <summary>Result of walking the whole chain.</summary>
/// <param name="FirstBroken">Sequence of the first row that does not fit; null when the chain holds.</param>
public sealed record AuditVerdict(long Rows, long? FirstBroken, string HeadHash);

/// <summary>Reads the audit. There is no method that changes it.</summary>
internal sealed class AuditStore(IDbContextFactory<ControlPlaneDb> contexts)
{
    private const int MostRows = 200;

    /// <summary>Newest first.</summary>
    public async Task<AuditPageRows> PageAsync(AuditFilter filter, int skip, int take, CancellationToken cancellationToken)
    {
        await using ControlPlaneDb db = await contexts.CreateDbContextAsync(cancellationToken);
        IQueryable<AuditEntry> rows = db.Audit.AsNoTracking();
        if (filter.ObjectKind.Length > 0) rows = rows.Where(e => e.ObjectKind == filter.ObjectKind);
        if (filter.ObjectId.Length > 0) rows = rows.Where(e => e.ObjectId == filter.ObjectId);
        if (filter.Actor.Length > 0) rows = rows.Where(e => e.ActorName.Contains(filter.Actor));
        List<AuditView> page = await rows.OrderByDescending(e => e.Sequence)
            .Skip(skip).Take(Math.Clamp(take, 1, MostRows))
            .Select(e => new AuditView(e.Sequence, e.At, e.ActorName, e.Action, e.ObjectKind, e.ObjectId, e.Before, e.After, e.Reason))
            .ToListAsync(cancellationToken);
        return new AuditPageRows([.. page], await rows.CountAsync(cancellationToken));
    }

    /// <summary>Walks the chain from its first row: an edited, deleted, inserted or reordered row breaks it there.</summary>
    public async Task<AuditVerdict> VerifyAsync(CancellationToken cancellationToken)
    {
        await using ControlPlaneDb db = await contexts.CreateDbContextAsync(cancellationToken);
        (long rows, string hash) = (0, AuditLog.Genesis);
        await foreach (AuditEntry entry in db.Audit.AsNoTracking().OrderBy(e => e.Sequence).AsAsyncEnumerable().WithCancellation(cancellationToken))
        {
            rows++;
            if (entry.Sequence != rows || entry.PreviousHash != hash || AuditLog.HashOf(entry) != entry.Hash)
                return new AuditVerdict(rows, entry.Sequence, hash);
            hash = entry.Hash;
        }
        return new AuditVerdict(rows, null, hash);
    }
}
