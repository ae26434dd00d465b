using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using ControlPlane.Web.Access;
using ControlPlane.Web.Data;
using Microsoft.EntityFrameworkCore;

namespace ControlPlane.Web.Audit;

/// <summary>Appends to the audit inside the transaction of the change: a change that cannot be audited does not happen.</summary>
internal sealed class AuditLog(TimeProvider time)
{
    public const string Genesis = "0000000000000000000000000000000000000000000000000000000000000000";

    /// <param name="before">Shown as JSON; must hold no secret. Null: there was nothing.</param>
    /// <param name="after">Same; null: it is gone.</param>
    public async Task AppendAsync(
        ControlPlaneDb db, Actor actor, string action, string kind, string id, object? before, object? after, string reason, CancellationToken cancellationToken)
    {
        await db.SerialiseAuditAsync(cancellationToken);
        AuditEntry? last = db.Audit.Local.MaxBy(e => e.Sequence)
            ?? await db.Audit.AsNoTracking().OrderByDescending(e => e.Sequence).FirstOrDefaultAsync(cancellationToken);
        var draft = new AuditEntry
        {
            Sequence = (last?.Sequence ?? 0) + 1,
            At = time.GetUtcNow(),
            ActorId = actor.Id,
            ActorName = actor.Name,
            Action = action,
            ObjectKind = kind,
            ObjectId = id,
            Before = before is null ? "" : JsonText.Of(before),
            After = after is null ? "" : JsonText.Of(after),
            Reason = reason,
            PreviousHash = last?.Hash ?? Genesis,
            Hash = "",
        };
        db.Audit.Add(Sealed(draft));
    }

    /// <summary>SHA-256 over every column, each with its length before it, so that no two rows share an encoding.</summary>
    public static string HashOf(AuditEntry entry)
    {
        var text = new StringBuilder();
        foreach (string part in (ReadOnlySpan<string>)[
            entry.PreviousHash, entry.Sequence.ToString(CultureInfo.InvariantCulture), entry.At.UtcTicks.ToString(CultureInfo.InvariantCulture),
            entry.ActorId, entry.ActorName, entry.Action, entry.ObjectKind, entry.ObjectId, entry.Before, entry.After, entry.Reason])
        {
            text.Append(part.Length.ToString(CultureInfo.InvariantCulture)).Append(':').Append(part).Append('\n');
        }
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString())));
    }

    private static AuditEntry Sealed(AuditEntry e) => new()
    {
        Sequence = e.Sequence,
        At = e.At,
        ActorId = e.ActorId,
        ActorName = e.ActorName,
        Action = e.Action,
        ObjectKind = e.ObjectKind,
        ObjectId = e.ObjectId,
        Before = e.Before,
        After = e.After,
        Reason = e.Reason,
        PreviousHash = e.PreviousHash,
        Hash = HashOf(e),
    };
}
