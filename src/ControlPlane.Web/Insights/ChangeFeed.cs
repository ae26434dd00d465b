using System.Collections.Immutable;
using ControlPlane.Web.Data;
using ControlPlane.Web.Edges;
using ControlPlane.Web.Ui;
using ControlPlane.Web.Usage;
using Microsoft.EntityFrameworkCore;
using Routing.Core.Health;

namespace ControlPlane.Web.Insights;

/// <summary>What changed: revisions, breaker moves, trips of a whole provider and what happened to edges, newest first.</summary>
internal sealed class ChangeFeed(IDbContextFactory<ControlPlaneDb> contexts)
{
    // Of a day in which everything trips all the time, the newest are enough.
    private const int MostTrips = 1_000;

    /// <summary>Longest pause between moves that are told together.</summary>
    private static readonly TimeSpan InARow = TimeSpan.FromMinutes(10);

    private static readonly List<TransitionCause> Trips =
        [TransitionCause.FailureRatio, TransitionCause.ConsecutiveFailures, TransitionCause.FirstTokenLatency, TransitionCause.Duration];

    public async Task<ImmutableArray<Change>> LatestAsync(DateTimeOffset from, int most, CancellationToken cancellationToken)
    {
        await using ControlPlaneDb db = await contexts.CreateDbContextAsync(cancellationToken);
        var revisions = await db.Revisions.AsNoTracking().Where(r => r.PublishedAt >= from).OrderByDescending(r => r.PublishedAt).Take(most)
            .Select(r => new { r.Number, r.PublishedAt, r.PublishedBy, r.Note, r.RollbackOf }).ToListAsync(cancellationToken);
        List<TransitionRow> moves = await db.Transitions.AsNoTracking().Where(t => t.At >= from).OrderByDescending(t => t.At).Take(MostTrips).ToListAsync(cancellationToken);
        List<EdgeOccurrence> edges = await db.EdgeOccurrences.AsNoTracking()
            .Where(o => o.At >= from && o.Kind != EdgeOccurrenceKind.Applied).OrderByDescending(o => o.At).Take(most).ToListAsync(cancellationToken);
        return
        [
            .. revisions.Select(r => new Change(r.PublishedAt, "revision", $"r{r.Number}", Published(r.PublishedBy, r.Note, r.RollbackOf)))
                .Concat(Moves(moves))
                .Concat(edges.Select(Edge))
                .Concat(ProviderWideTrips.Of(await TripsAsync(db, from, cancellationToken), await MembersAsync(db, cancellationToken)))
                .OrderByDescending(c => c.At).Take(most),
        ];
    }

    /// <summary>An endpoint that stays down moves every half minute: its moves in a row are one line, or whatever began it would drop off the list.</summary>
    private static IEnumerable<Change> Moves(List<TransitionRow> newestFirst)
    {
        foreach (IGrouping<string, TransitionRow> moves in newestFirst.GroupBy(t => t.ModelEndpoint, StringComparer.Ordinal))
        {
            (TransitionRow last, TransitionRow first, int count) = (moves.First(), moves.First(), 0);
            foreach (TransitionRow move in moves)
            {
                if (first.At - move.At > InARow)
                {
                    yield return Run(last, first, count);
                    (last, count) = (move, 0);
                }
                (first, count) = (move, count + 1);
            }
            yield return Run(last, first, count);
        }
    }

    private static Change Run(TransitionRow last, TransitionRow first, int count) =>
        new(last.At, "breaker", last.ModelEndpoint, count == 1 ? last.Sentence : $"{last.Sentence} {count} moves since {Format.Clock(first.At)} UTC.");

    private static async Task<List<Trip>> TripsAsync(ControlPlaneDb db, DateTimeOffset from, CancellationToken cancellationToken) =>
        await db.Transitions.AsNoTracking().Where(t => t.At >= from && Trips.Contains(t.Cause)).OrderByDescending(t => t.At).Take(MostTrips)
            .Select(t => new Trip(t.At, t.ModelEndpoint)).ToListAsync(cancellationToken);

    private static async Task<List<ProviderMember>> MembersAsync(ControlPlaneDb db, CancellationToken cancellationToken) =>
        await db.ModelEndpoints.AsNoTracking().Join(db.ProviderAccounts, e => e.Account, a => a.Id, (e, a) =>
            new ProviderMember(e.Id, e.DisplayName.Length > 0 ? e.DisplayName : e.Model, a.Provider, a.Id, e.Region, e.Model)).ToListAsync(cancellationToken);

    private static string Published(string by, string note, long? rollbackOf) =>
        (rollbackOf is { } old ? $"brought back r{old}, by {by}" : $"published by {by}") + (note.Length > 0 ? $": {note}" : "");

    private static Change Edge(EdgeOccurrence o) => new(o.At, "edge", o.EdgeName, o.Kind switch
    {
        EdgeOccurrenceKind.Refused => $"refused r{o.Revision}: {o.Sentence}",
        EdgeOccurrenceKind.Enrolled => "enrolled",
        EdgeOccurrenceKind.Restarted => "restarted",
        EdgeOccurrenceKind.Removed => "was removed",
        _ => $"applied r{o.Revision}",
    });
}
