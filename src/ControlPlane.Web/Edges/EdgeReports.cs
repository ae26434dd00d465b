using ControlPlane.Web.Data;
using ControlPlane.Web.Usage;
using Microsoft.EntityFrameworkCore;
using Routing.Core.Health;
using Routing.Core.Snapshots;

namespace ControlPlane.Web.Edges;

/// <summary>Stores what edges say of themselves: what they run, what they refused, and the moves of their breakers.</summary>
internal sealed class EdgeReports(WriteTransactions transactions, EdgeBoard board, TimeProvider time)
{
    private const int MostMoves = 1000;
    private const int LongestSentence = 500;

    public Task AppliedAsync(EdgeIdentity edge, ApplyReport report, CancellationToken cancellationToken) => transactions.RunAsync(async db =>
    {
        DateTimeOffset now = time.GetUtcNow();
        EdgeNode node = await db.Edges.SingleAsync(e => e.Id == edge.Id, cancellationToken);
        bool restarted = node.StartedAt is { } before && report.StartedAt > before;
        bool moved = node.Revision != report.Revision || node.Epoch != report.Epoch;
        if (moved) node.AppliedAt = now;
        if (restarted) Happened(db, edge, now, EdgeOccurrenceKind.Restarted, report, "");
        if (report.RefusedRevision is { } refused)
        {
            if (node.RefusedRevision != refused) Happened(db, edge, now, EdgeOccurrenceKind.Refused, report with { Revision = refused }, report.Problems.IsDefaultOrEmpty ? "" : report.Problems[0].Message);
            (node.RefusedRevision, node.RefusedOverlay, node.RefusedAt) = (refused, report.RefusedOverlay, now);
            node.Problems = report.Problems.IsDefaultOrEmpty ? "" : JsonText.Of(report.Problems.Take(20));
        }
        else
        {
            (node.RefusedRevision, node.RefusedOverlay, node.RefusedAt, node.Problems) = (null, null, null, "");
            if (moved) Happened(db, edge, now, EdgeOccurrenceKind.Applied, report, "");
        }
        (node.Epoch, node.Revision, node.Overlay) = (Cut(report.Epoch, 40), report.Revision, report.Overlay);
        (node.LastReportAt, node.SpoolPending, node.EdgeVersion, node.StartedAt) = (now, report.SpoolPending, Cut(report.EdgeVersion, 60), report.StartedAt.ToUniversalTime());
    }, cancellationToken);

    /// <summary>Keeps the newest state and writes every move of a breaker once.</summary>
    public async Task HealthAsync(EdgeIdentity edge, HealthReport report, CancellationToken cancellationToken)
    {
        await board.HearAsync(edge, report, cancellationToken);
        if (!report.Transitions.IsDefaultOrEmpty) await transactions.RunAsync(db => StoreMovesAsync(db, edge, report, cancellationToken), cancellationToken);
    }

    private static async Task StoreMovesAsync(ControlPlaneDb db, EdgeIdentity edge, HealthReport report, CancellationToken cancellationToken)
    {
        List<BreakerTransition> moves = [.. report.Transitions.Where(t => t is { ModelEndpoint.Length: > 0 and <= 100 }).Take(MostMoves)];
        List<Guid> ids = [.. moves.Select(t => t.Id)];
        HashSet<Guid> known = await db.Transitions.Where(t => ids.Contains(t.Id)).Select(t => t.Id).ToHashSetAsync(cancellationToken);
        foreach (BreakerTransition t in moves)
        {
            if (!known.Add(t.Id)) continue;
            db.Transitions.Add(new TransitionRow
            {
                Id = t.Id, EdgeId = edge.Id, ModelEndpoint = t.ModelEndpoint, At = t.At.ToUniversalTime(), From = t.From, To = t.To, SharePercent = t.SharePercent, Cause = t.Cause,
                Failures = t.Failures, Samples = t.Samples, Observed = t.Observed, Limit = t.Limit, Until = t.Until?.ToUniversalTime(), Sentence = Cut(t.Sentence, LongestSentence),
            });
        }
    }

    private static void Happened(ControlPlaneDb db, EdgeIdentity edge, DateTimeOffset at, EdgeOccurrenceKind kind, ApplyReport report, string sentence) =>
        db.EdgeOccurrences.Add(new EdgeOccurrence
        {
            Id = Guid.CreateVersion7(at), EdgeId = edge.Id, EdgeName = edge.Name, At = at, Kind = kind, Revision = report.Revision, Overlay = report.Overlay, Sentence = Cut(sentence, 1000),
        });

    private static string Cut(string? text, int length) => text is null ? "" : text.Length > length ? text[..length] : text;
}
