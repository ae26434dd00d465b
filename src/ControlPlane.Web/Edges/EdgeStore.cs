using System.Collections.Immutable;
using ControlPlane.Web.Access;
using ControlPlane.Web.Audit;
using ControlPlane.Web.Data;
using ControlPlane.Web.Secrets;
using Microsoft.EntityFrameworkCore;
using Routing.Core.Snapshots;

namespace ControlPlane.Web.Edges;

/// <summary>Enrols, lists and removes edges.</summary>
internal sealed class EdgeStore(
    IDbContextFactory<ControlPlaneDb> contexts, WriteTransactions transactions, EnvelopeSigner signer, AuditLog audit, EdgeDirectory directory, TimeProvider time)
{
    private static readonly TimeSpan EnrolmentLife = TimeSpan.FromHours(24);
    private const int LongestName = 100;
    private const int LongestPublicKey = 200;

    public async Task<ImmutableArray<EdgeView>> ListAsync(CancellationToken cancellationToken)
    {
        await using ControlPlaneDb db = await contexts.CreateDbContextAsync(cancellationToken);
        List<EdgeNode> rows = await db.Edges.AsNoTracking().Where(e => e.RemovedAt == null).OrderBy(e => e.Name).ToListAsync(cancellationToken);
        return [.. rows.Select(EdgeView.Of)];
    }

    /// <summary>Permission for one edge to enrol within a day.</summary>
    public async Task<NewEnrolment> CreateEnrolmentAsync(Actor actor, string name, CancellationToken cancellationToken)
    {
        actor.Require(Role.Admin, "enrol edges");
        string token = EdgeTokens.Enrolment(signer.PublicKey);
        DateTimeOffset now = time.GetUtcNow();
        var row = new EnrolmentToken
        {
            TokenHash = EdgeTokens.Hash(token), Name = name.Length > LongestName ? name[..LongestName] : name, CreatedAt = now, CreatedBy = actor.Name, ExpiresAt = now + EnrolmentLife,
        };
        await transactions.RunAsync(async db =>
        {
            db.EnrolmentTokens.Add(row);
            await audit.AppendAsync(db, actor, "edge.permit", "edge", row.Name, null, new { row.Name, row.ExpiresAt }, "", cancellationToken);
        }, cancellationToken);
        return new NewEnrolment(token, row.ExpiresAt);
    }

    /// <summary>Trades a one-time token for an identity; null when the token is unknown, used or too old.</summary>
    public async Task<EnrolResponse?> EnrolAsync(EnrolRequest request, CancellationToken cancellationToken)
    {
        if (request.PublicKey is not { Length: > 0 and <= LongestPublicKey } || string.IsNullOrEmpty(request.Token)) return null;
        DateTimeOffset now = time.GetUtcNow();
        string credential = EdgeTokens.New("edge_");
        string hash = EdgeTokens.Hash(request.Token);
        // A guess costs others nothing: only who has a good token makes writers wait.
        await using (ControlPlaneDb db = await contexts.CreateDbContextAsync(cancellationToken))
        {
            if (await FindAsync(db, hash, now, cancellationToken) is null) return null;
        }
        string? id = await transactions.RunAsync(async db =>
        {
            // Before the token is read again: two that present it at once must not each see it unused.
            await db.SerialiseAuditAsync(cancellationToken);
            if (await FindAsync(db, hash, now, cancellationToken) is not { } token) return null;
            string name = token.Name.Length > 0 ? token.Name : string.IsNullOrWhiteSpace(request.Name) ? "edge" : request.Name.Trim();
            var node = new EdgeNode
            {
                Id = "edge-" + Guid.CreateVersion7(now).ToString("N")[^12..],
                Name = name.Length > LongestName ? name[..LongestName] : name,
                PublicKey = request.PublicKey,
                CredentialHash = EdgeTokens.Hash(credential),
                EnrolledAt = now,
            };
            token.UsedAt = now;
            token.EdgeId = node.Id;
            db.Edges.Add(node);
            db.EdgeOccurrences.Add(new EdgeOccurrence { Id = Guid.CreateVersion7(now), EdgeId = node.Id, EdgeName = node.Name, At = now, Kind = EdgeOccurrenceKind.Enrolled });
            await audit.AppendAsync(db, Actor.Process("edge enrolment"), "edge.enrol", "edge", node.Id, null, new { node.Name }, "", cancellationToken);
            return node.Id;
        }, cancellationToken);
        return id is null ? null : new EnrolResponse(id, credential, signer.PublicKey);
    }

    /// <summary>Its credential is refused from now on; what it has on its disk it keeps serving until it is stopped.</summary>
    public async Task<bool> RemoveAsync(Actor actor, string id, string reason, CancellationToken cancellationToken)
    {
        actor.Require(Role.Admin, "remove edges");
        DateTimeOffset now = time.GetUtcNow();
        bool removed = await transactions.RunAsync(async db =>
        {
            EdgeNode? node = await db.Edges.SingleOrDefaultAsync(e => e.Id == id && e.RemovedAt == null, cancellationToken);
            if (node is null) return false;
            node.RemovedAt = now;
            db.EdgeOccurrences.Add(new EdgeOccurrence { Id = Guid.CreateVersion7(now), EdgeId = id, EdgeName = node.Name, At = now, Kind = EdgeOccurrenceKind.Removed, Sentence = reason });
            await audit.AppendAsync(db, actor, "edge.remove", "edge", id, new { node.Name }, null, reason, cancellationToken);
            return true;
        }, cancellationToken);
        directory.Forget();
        return removed;
    }

    private static Task<EnrolmentToken?> FindAsync(ControlPlaneDb db, string hash, DateTimeOffset now, CancellationToken cancellationToken) =>
        db.EnrolmentTokens.SingleOrDefaultAsync(t => t.TokenHash == hash && t.UsedAt == null && t.ExpiresAt > now, cancellationToken);
}
