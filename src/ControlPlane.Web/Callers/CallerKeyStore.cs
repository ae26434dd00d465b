using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using ControlPlane.Web.Access;
using ControlPlane.Web.Audit;
using ControlPlane.Web.Data;
using ControlPlane.Web.Publishing;
using Microsoft.EntityFrameworkCore;

namespace ControlPlane.Web.Callers;

/// <summary>
/// Keys of callers. A new key works after the next publish; a revoked one stops within seconds, because edges get revocations in the overlay.
/// </summary>
internal sealed class CallerKeyStore(WriteTransactions transactions, AuditLog audit, DraftSignal signal, TimeProvider time)
{
    private const string Start = "cpk_";
    private const int RandomBytes = 32;
    private const int PrefixLength = 12;
    private static readonly TimeSpan LongestOverlap = TimeSpan.FromDays(90);

    /// <summary>A new key beside the ones there are.</summary>
    public Task<SaveResult<NewCallerKey>> CreateAsync(Actor actor, string caller, CancellationToken cancellationToken)
    {
        actor.Require(Role.Admin, "make keys");
        return ChangeAsync<NewCallerKey>(async db =>
        {
            if (!await db.Callers.AnyAsync(c => c.Id == caller, cancellationToken)) return SaveResult.NotFound<NewCallerKey>();
            NewCallerKey made = Make(db, actor, caller);
            await audit.AppendAsync(db, actor, "caller_key.create", "caller", caller, null, made.View, "", cancellationToken);
            return SaveResult.Saved(made);
        }, cancellationToken);
    }

    /// <summary>A new key, and an end for the old one after the overlap, so that the caller can change over without an outage.</summary>
    public Task<SaveResult<NewCallerKey>> RotateAsync(Actor actor, Guid key, TimeSpan overlap, CancellationToken cancellationToken)
    {
        actor.Require(Role.Admin, "rotate keys");
        if (overlap < TimeSpan.Zero || overlap > LongestOverlap)
        {
            return Task.FromResult(SaveResult.Invalid<NewCallerKey>("overlap", "overlap_range",
                $"The overlap is {overlap.TotalDays:0.#} days; it may be 0 to {LongestOverlap.TotalDays:0} days."));
        }
        return ChangeAsync<NewCallerKey>(async db =>
        {
            CallerKey? old = await db.CallerKeys.SingleOrDefaultAsync(k => k.Id == key && k.RevokedAt == null, cancellationToken);
            if (old is null) return SaveResult.NotFound<NewCallerKey>();
            DateTimeOffset end = time.GetUtcNow() + overlap;
            if (old.ExpiresAt is null || old.ExpiresAt > end) old.ExpiresAt = end;
            NewCallerKey made = Make(db, actor, old.Caller);
            await audit.AppendAsync(db, actor, "caller_key.rotate", "caller", old.Caller,
                new { old.Prefix }, new { made.View.Prefix, OldKeyEnds = old.ExpiresAt }, "", cancellationToken);
            return SaveResult.Saved(made);
        }, cancellationToken);
    }

    /// <summary>At once, on every edge, without a publish.</summary>
    public Task<SaveResult<CallerKeyView>> RevokeAsync(Actor actor, Guid key, string reason, CancellationToken cancellationToken)
    {
        actor.Require(Role.Admin, "revoke keys");
        return ChangeAsync<CallerKeyView>(async db =>
        {
            CallerKey? row = await db.CallerKeys.SingleOrDefaultAsync(k => k.Id == key, cancellationToken);
            if (row is null) return SaveResult.NotFound<CallerKeyView>();
            if (row.RevokedAt is null)
            {
                row.RevokedAt = time.GetUtcNow();
                row.RevokedBy = actor.Name;
                if (!await db.RevokedKeys.AnyAsync(r => r.Sha256 == row.Sha256, cancellationToken))
                    db.RevokedKeys.Add(new RevokedKey { Sha256 = row.Sha256, RevokedAt = time.GetUtcNow() });
                await Overlay.AdvanceAsync(db, cancellationToken);
                await audit.AppendAsync(db, actor, "caller_key.revoke", "caller", row.Caller, new { row.Prefix }, null, reason, cancellationToken);
            }
            return SaveResult.Saved(View(row));
        }, cancellationToken);
    }

    private async Task<SaveResult<T>> ChangeAsync<T>(Func<ControlPlaneDb, Task<SaveResult<T>>> change, CancellationToken cancellationToken) where T : class
    {
        SaveResult<T> result = await transactions.SaveAsync(change, cancellationToken);
        if (result.Ok) signal.Raise();
        return result;
    }

    private NewCallerKey Make(ControlPlaneDb db, Actor actor, string caller)
    {
        string key = Start + Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(RandomBytes));
        DateTimeOffset now = time.GetUtcNow();
        var row = new CallerKey
        {
            Id = Guid.CreateVersion7(now),
            Caller = caller,
            Prefix = key[..PrefixLength],
            Sha256 = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(key))),
            CreatedAt = now,
            CreatedBy = actor.Name,
        };
        db.CallerKeys.Add(row);
        return new NewCallerKey(key, View(row));
    }

    private static CallerKeyView View(CallerKey k) => new(k.Id, k.Prefix, k.CreatedAt, k.CreatedBy, k.ExpiresAt, k.RevokedAt, k.RevokedBy);
}
