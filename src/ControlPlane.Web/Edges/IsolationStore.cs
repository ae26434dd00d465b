using System.Collections.Immutable;
using ControlPlane.Web.Access;
using ControlPlane.Web.Audit;
using ControlPlane.Web.Data;
using ControlPlane.Web.Publishing;
using Microsoft.EntityFrameworkCore;

namespace ControlPlane.Web.Edges;

/// <param name="SharePercent">Forced share of normal traffic; null = isolated.</param>
public sealed record IsolationView(string ModelEndpoint, int? SharePercent, DateTimeOffset Until, string Reason, string By, DateTimeOffset At);

/// <summary>Takes model endpoints out of service or forces their share, on every edge at once, through the overlay, until a moment.</summary>
internal sealed class IsolationStore(IDbContextFactory<ControlPlaneDb> contexts, WriteTransactions transactions, AuditLog audit, DraftSignal signal, TimeProvider time)
{
    public const int ShortestReason = 10;
    public static readonly TimeSpan Longest = TimeSpan.FromDays(30);

    public async Task<ImmutableArray<IsolationView>> ListAsync(CancellationToken cancellationToken)
    {
        DateTimeOffset now = time.GetUtcNow();
        await using ControlPlaneDb db = await contexts.CreateDbContextAsync(cancellationToken);
        return [.. await db.Isolations.AsNoTracking().Where(i => i.Until > now).OrderBy(i => i.ModelEndpoint)
            .Select(i => new IsolationView(i.ModelEndpoint, i.SharePercent, i.Until, i.Reason, i.By, i.At)).ToListAsync(cancellationToken)];
    }

    public Task<SaveResult<IsolationView>> IsolateAsync(Actor actor, string modelEndpoint, TimeSpan duration, string reason, CancellationToken cancellationToken)
    {
        actor.Require(Role.Operator, "isolate model endpoints");
        return SetAsync(actor, modelEndpoint, null, duration, reason, cancellationToken);
    }

    /// <param name="sharePercent">0 opens the breaker, 100 closes it, between is the widest share until the end.</param>
    public async Task<SaveResult<IsolationView>> ForceAsync(
        Actor actor, string modelEndpoint, int sharePercent, TimeSpan duration, string reason, CancellationToken cancellationToken)
    {
        actor.Require(Role.Operator, "force the share of model endpoints");
        if (sharePercent is < 0 or > 100)
            return SaveResult.Invalid<IsolationView>("sharePercent", "share_range", $"The share is {sharePercent} %; 0 to 100 % are allowed.");
        return await SetAsync(actor, modelEndpoint, sharePercent, duration, reason, cancellationToken);
    }

    public async Task<bool> ReleaseAsync(Actor actor, string modelEndpoint, string reason, CancellationToken cancellationToken)
    {
        actor.Require(Role.Operator, "release model endpoints");
        bool released = await transactions.RunAsync(async db =>
        {
            ManualIsolation? row = await db.Isolations.SingleOrDefaultAsync(i => i.ModelEndpoint == modelEndpoint, cancellationToken);
            if (row is null) return false;
            db.Isolations.Remove(row);
            await Overlay.AdvanceAsync(db, cancellationToken);
            await audit.AppendAsync(db, actor, "endpoint.release", "model_endpoint", modelEndpoint, View(row), null, reason, cancellationToken);
            return true;
        }, cancellationToken);
        if (released) signal.Raise();
        return released;
    }

    private async Task<SaveResult<IsolationView>> SetAsync(
        Actor actor, string modelEndpoint, int? sharePercent, TimeSpan duration, string reason, CancellationToken cancellationToken)
    {
        if (reason.Trim().Length is < ShortestReason or > 300)
            return SaveResult.Invalid<IsolationView>("reason", "reason_length", $"The reason has {reason.Trim().Length} characters; 10 to 300 are allowed. It stands in the audit log.");
        if (duration <= TimeSpan.Zero || duration > Longest)
            return SaveResult.Invalid<IsolationView>("duration", "duration_range", $"It lasts up to {Longest.TotalDays:0} days.");

        DateTimeOffset now = time.GetUtcNow();
        SaveResult<IsolationView> result = await transactions.SaveAsync(async db =>
        {
            if (!await db.ModelEndpoints.AnyAsync(e => e.Id == modelEndpoint, cancellationToken)) return SaveResult.NotFound<IsolationView>();
            ManualIsolation? row = await db.Isolations.SingleOrDefaultAsync(i => i.ModelEndpoint == modelEndpoint, cancellationToken);
            IsolationView? before = row is null ? null : View(row);
            row ??= db.Isolations.Add(new ManualIsolation { ModelEndpoint = modelEndpoint, Until = now, Reason = "", By = "", At = now }).Entity;
            (row.SharePercent, row.Until, row.Reason, row.By, row.At) = (sharePercent, now + duration, reason.Trim(), actor.Name, now);
            await Overlay.AdvanceAsync(db, cancellationToken);
            await audit.AppendAsync(db, actor, sharePercent is null ? "endpoint.isolate" : "endpoint.force", "model_endpoint", modelEndpoint, before, View(row), reason.Trim(), cancellationToken);
            return SaveResult.Saved(View(row));
        }, cancellationToken);
        if (result.Ok) signal.Raise();
        return result;
    }

    private static IsolationView View(ManualIsolation row) => new(row.ModelEndpoint, row.SharePercent, row.Until, row.Reason, row.By, row.At);
}
