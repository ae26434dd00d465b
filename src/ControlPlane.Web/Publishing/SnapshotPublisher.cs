using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text.Json;
using ControlPlane.Web.Access;
using ControlPlane.Web.Audit;
using ControlPlane.Web.Data;
using ControlPlane.Web.Secrets;
using Microsoft.EntityFrameworkCore;
using Routing.Core.Snapshots;

namespace ControlPlane.Web.Publishing;

/// <summary>Turns the draft into an immutable revision: validator, number, document and audit row in one transaction; then a nudge to the edges.</summary>
internal sealed class SnapshotPublisher(
    IDbContextFactory<ControlPlaneDb> contexts, WriteTransactions transactions, DraftReader draft, DraftWriter writer, DraftProblems problems, SecretStore secrets,
    AuditLog audit, DraftSignal signal, TimeProvider time)
{
    private const int LongestNote = 500;

    /// <summary>What publishing would do now.</summary>
    public async Task<PublishState> StateAsync(CancellationToken cancellationToken)
    {
        await using ControlPlaneDb db = await contexts.CreateDbContextAsync(cancellationToken);
        (long number, RoutingSnapshot? live) = await RevisionStore.LiveAsync(db, cancellationToken);
        RoutingSnapshot document = await draft.ReadAsync(db, cancellationToken);
        return new PublishState(
            number, SnapshotDiff.Between(live, document), await problems.OfAsync(db, document, cancellationToken), SnapshotShrinkage.Between(live, document));
    }

    /// <param name="seen">Live revision the changes were reviewed against; when another was published since, nothing happens (conflict).</param>
    public Task<SaveResult<RevisionView>> PublishAsync(Actor actor, string note, long seen, CancellationToken cancellationToken) =>
        PublishAsync(actor, note, seen, confirmLosses: false, cancellationToken);

    /// <param name="confirmLosses">The administrator has seen that much of what is live would be gone, and means it.</param>
    public async Task<SaveResult<RevisionView>> PublishAsync(Actor actor, string note, long seen, bool confirmLosses, CancellationToken cancellationToken)
    {
        actor.Require(Role.Admin, "publish");
        if (note.Length > LongestNote) return SaveResult.Invalid<RevisionView>("note", "note_length", $"The note has {note.Length} characters; at most {LongestNote}.");
        SaveResult<RevisionView> result = await transactions.SaveAsync(async db =>
        {
            (long live, RoutingSnapshot? before) = await RevisionStore.LiveAsync(db, cancellationToken);
            if (live != seen) return SaveResult.Conflict<RevisionView>(null);
            RoutingSnapshot document = await draft.ReadAsync(db, cancellationToken);
            ImmutableArray<SnapshotProblem> errors = [.. (await problems.OfAsync(db, document, cancellationToken)).Where(p => p.Severity == ProblemSeverity.Error)];
            if (!errors.IsEmpty) return SaveResult.Invalid<RevisionView>(errors);
            ImmutableArray<SnapshotChange> changes = SnapshotDiff.Between(before, document);
            if (changes.IsEmpty) return SaveResult.Invalid<RevisionView>("", "no_changes", $"The draft is the same as r{live}; there is nothing to publish.");
            ImmutableArray<SnapshotProblem> losses = SnapshotShrinkage.Between(before, document);
            if (!losses.IsEmpty && !confirmLosses) return SaveResult.Invalid<RevisionView>(losses);
            if (!losses.IsEmpty) await Overlay.ConfirmShrinkAsync(db, live + 1, cancellationToken);
            return SaveResult.Saved(await AppendAsync(db, actor, before, document, live + 1, note.Trim(), null, changes, cancellationToken));
        }, cancellationToken);
        if (result.Ok) signal.Raise();
        return result;
    }

    /// <summary>
    /// Publishes an older revision's document again, under a new number, and makes the draft equal to it. The reason is the second word for whatever
    /// is lost by it: in an incident no edge may refuse the way back.
    /// </summary>
    public async Task<SaveResult<RevisionView>> RollBackAsync(Actor actor, long to, string reason, CancellationToken cancellationToken)
    {
        actor.Require(Role.Admin, "roll back");
        SaveResult<RevisionView> result = await transactions.SaveAsync(async db =>
        {
            (long live, RoutingSnapshot? before) = await RevisionStore.LiveAsync(db, cancellationToken);
            byte[]? bytes = await db.Revisions.Where(r => r.Number == to).Select(r => r.Document).SingleOrDefaultAsync(cancellationToken);
            if (bytes is null || DocumentJson.Read<RoutingSnapshot>(bytes) is not { } document) return SaveResult.NotFound<RevisionView>();
            ImmutableArray<SnapshotChange> changes = SnapshotDiff.Between(before, document);
            if (changes.IsEmpty) return SaveResult.Invalid<RevisionView>("", "no_changes", $"r{to} is the same as r{live}, which is live.");
            await writer.ReplaceAsync(db, actor, document, cancellationToken);
            await db.SaveChangesAsync(cancellationToken);
            ImmutableArray<SnapshotProblem> errors = await problems.ErrorsOfPublishedAsync(db, cancellationToken);
            if (!errors.IsEmpty) return SaveResult.Invalid<RevisionView>(errors);
            if (!SnapshotShrinkage.Between(before, document).IsEmpty) await Overlay.ConfirmShrinkAsync(db, live + 1, cancellationToken);
            return SaveResult.Saved(await AppendAsync(db, actor, before, document, live + 1, reason.Trim(), to, changes, cancellationToken));
        }, cancellationToken);
        if (result.Ok) signal.Raise();
        return result;
    }

    /// <summary>
    /// Lets edges follow the live revision although it loses much of what they run: an edge that was away saw none of the small steps in between,
    /// and refuses their sum.
    /// </summary>
    public async Task<bool> ConfirmLossesAsync(Actor actor, long revision, string reason, CancellationToken cancellationToken)
    {
        actor.Require(Role.Admin, "confirm a smaller configuration");
        bool confirmed = await transactions.RunAsync(async db =>
        {
            if (await db.Revisions.MaxAsync(r => (long?)r.Number, cancellationToken) != revision) return false;
            await Overlay.ConfirmShrinkAsync(db, revision, cancellationToken);
            await audit.AppendAsync(db, actor, "revision.confirm_losses", "revision", $"r{revision}", null, null, reason.Trim(), cancellationToken);
            return true;
        }, cancellationToken);
        if (confirmed) signal.Raise();
        return confirmed;
    }

    /// <summary>Makes the draft equal to a document and publishes nothing: a first set-up or an import.</summary>
    public async Task ImportAsync(Actor actor, RoutingSnapshot document, CancellationToken cancellationToken)
    {
        actor.Require(Role.Admin, "import a configuration");
        await transactions.RunAsync(async db =>
        {
            await writer.ReplaceAsync(db, actor, document, cancellationToken);
            await audit.AppendAsync(db, actor, "draft.import", "draft", "draft", null, new { Features = document.Features.Length, ModelEndpoints = document.ModelEndpoints.Length }, "", cancellationToken);
        }, cancellationToken);
        signal.Raise();
    }

    private async Task<RevisionView> AppendAsync(
        ControlPlaneDb db, Actor actor, RoutingSnapshot? before, RoutingSnapshot document, long number, string note, long? rollbackOf, ImmutableArray<SnapshotChange> changes, CancellationToken cancellationToken)
    {
        await secrets.VoidUnusedAsync(db, actor, before is null ? [document] : [document, before], cancellationToken);
        DateTimeOffset now = time.GetUtcNow();
        byte[] bytes = JsonSerializer.SerializeToUtf8Bytes(document with { Revision = number, PublishedAt = now, Note = note }, SnapshotJson.Default.RoutingSnapshot);
        string summary = changes[0].Sentence;
        var row = new Revision
        {
            Number = number, Document = bytes, Sha256 = Convert.ToHexStringLower(SHA256.HashData(bytes)), PublishedAt = now, PublishedBy = actor.Name, Note = note,
            RollbackOf = rollbackOf, Changes = changes.Length, Summary = summary.Length > 500 ? summary[..500] : summary,
        };
        db.Revisions.Add(row);
        await audit.AppendAsync(db, actor, rollbackOf is null ? "revision.publish" : "revision.roll_back", "revision", $"r{number}", null,
            new { row.Sha256, row.Changes, RollbackOf = rollbackOf, Sentences = changes.Take(50).Select(c => c.Sentence) }, note, cancellationToken);
        return new RevisionView(number, now, actor.Name, note, rollbackOf, changes.Length, row.Summary, row.Sha256);
    }
}
