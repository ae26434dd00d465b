using System.Collections.Immutable;
using System.Text.Json;
using ControlPlane.Web.Budgets;
using ControlPlane.Web.Data;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Routing.Core.Snapshots;
using Routing.Core.Usage;

namespace ControlPlane.Web.Usage;

/// <summary>
/// Stores what edges report: every event id once, in the same transaction as the marks of the minutes it touches and the accounts of what features spent. Repeated, late and
/// reordered batches are normal. What cannot be counted goes to quarantine, never into a sum, and stays there for a quarter.
/// </summary>
internal sealed class UsageIngest(WriteTransactions transactions, IOptions<PlaneOptions> options, TimeProvider time)
{
    /// <summary>More in one batch would hold SQLite's one writer for too long.</summary>
    public const int MostEvents = 1000;

    private const int QuarantinedCharacters = 8000;

    /// <param name="edgeId">The authenticated edge; what the events say of it is ignored.</param>
    public Task<UsageReceipt> StoreAsync(string edgeId, UsageBatch batch, CancellationToken cancellationToken) =>
        transactions.RunAsync(db => StoreAsync(db, edgeId, batch.Events, cancellationToken), cancellationToken);

    private async Task<UsageReceipt> StoreAsync(ControlPlaneDb db, string edgeId, ImmutableArray<UsageEvent> events, CancellationToken cancellationToken)
    {
        DateTimeOffset now = time.GetUtcNow();
        HashSet<Guid> known = await KnownAsync(db, events, cancellationToken);
        HashSet<DateTimeOffset> minutes = [];
        List<UsageEvent> stored = [];
        (int duplicates, int quarantined) = (0, 0);
        foreach (UsageEvent e in events)
        {
            if (!known.Add(e.Id))
            {
                duplicates++;
            }
            else if (UsageChecks.Problem(e, now, options.Value.RawDays) is { } problem)
            {
                db.Quarantine.Add(Quarantined(e, edgeId, problem, now));
                quarantined++;
            }
            else
            {
                UsageRows.Add(db, e, edgeId, minutes);
                stored.Add(e);
            }
        }

        foreach (DateTimeOffset minute in minutes)
            db.DirtyMarks.Add(new DirtyMark { Id = Guid.CreateVersion7(now), Step = RollupStep.Minute, Start = minute });
        await SpendBook.AddAsync(db, edgeId, stored, cancellationToken);
        return new UsageReceipt(stored.Count, duplicates, quarantined);
    }

    private static async Task<HashSet<Guid>> KnownAsync(ControlPlaneDb db, ImmutableArray<UsageEvent> events, CancellationToken cancellationToken)
    {
        List<Guid> ids = [.. events.Select(e => e.Id)];
        HashSet<Guid> known = await db.Requests.Where(r => ids.Contains(r.Id)).Select(r => r.Id).ToHashSetAsync(cancellationToken);
        known.UnionWith(await db.Quarantine.Where(q => ids.Contains(q.Id)).Select(q => q.Id).ToListAsync(cancellationToken));
        return known;
    }

    private static QuarantinedEvent Quarantined(UsageEvent e, string edgeId, string problem, DateTimeOffset now)
    {
        // "attempts": null arrives as an array that is not there, which cannot be written.
        UsageEvent shown = e.Attempts.IsDefault ? e with { Attempts = [] } : e;
        string body = JsonSerializer.Serialize(shown, SnapshotJson.Default.UsageEvent);
        return new QuarantinedEvent
        {
            Id = e.Id, EdgeId = edgeId, ReceivedAt = now, Reason = problem,
            Body = body.Length > QuarantinedCharacters ? body[..QuarantinedCharacters] : body,
        };
    }
}
