using System.Collections.Concurrent;
using System.Collections.Immutable;
using ControlPlane.Web.Data;
using Microsoft.EntityFrameworkCore;
using Routing.Core.Health;

namespace ControlPlane.Web.Edges;

/// <summary>What one edge last said about its endpoints, and when a control-plane node heard it.</summary>
public sealed record EdgeHealth(string EdgeId, string EdgeName, DateTimeOffset HeardAt, ImmutableArray<EndpointHealthView> Endpoints, ImmutableArray<IdentityHealthView> Identities, ShedCalls? Shed);

/// <summary>
/// The newest health report of every edge, whichever node it reports to: this node's own from memory, the others' from the database, which has
/// them at most five seconds later. An edge that falls silent drops off after a while; it is then unknown, not healthy.
/// </summary>
internal sealed class EdgeBoard(IDbContextFactory<ControlPlaneDb> contexts, WriteTransactions transactions, TimeProvider time)
{
    private sealed record Count(int Edges, long At);

    public static readonly TimeSpan SilentAfter = TimeSpan.FromSeconds(15);

    // Edges report every two seconds; a write for each would keep SQLite's one writer and its disk busy for figures nobody looks at.
    private static readonly TimeSpan Shared = TimeSpan.FromSeconds(5);

    // Every edge asks with every report.
    private static readonly TimeSpan Counted = TimeSpan.FromSeconds(2);

    private readonly ConcurrentDictionary<string, EdgeHealth> _heard = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, EdgeHealth> _shared = new(StringComparer.Ordinal);

    private Count? _count;

    /// <summary>How many edges there are now, at least one; at most two seconds old.</summary>
    public async ValueTask<int> CountAsync(CancellationToken cancellationToken)
    {
        if (Volatile.Read(ref _count) is { } count && time.GetElapsedTime(count.At) < Counted) return count.Edges;
        DateTimeOffset since = time.GetUtcNow() - SilentAfter;
        await using ControlPlaneDb db = await contexts.CreateDbContextAsync(cancellationToken);
        int edges = await db.EdgeReports.Where(r => r.HeardAt >= since).Join(db.Edges.Where(e => e.RemovedAt == null), r => r.EdgeId, e => e.Id, (r, e) => e.Id).CountAsync(cancellationToken);
        Volatile.Write(ref _count, new Count(Math.Max(1, edges), time.GetTimestamp()));
        return Math.Max(1, edges);
    }

    /// <summary>Edges that are enrolled and were heard of within the last seconds, by name.</summary>
    public async Task<ImmutableArray<EdgeHealth>> LiveAsync(CancellationToken cancellationToken)
    {
        DateTimeOffset since = time.GetUtcNow() - SilentAfter;
        await using ControlPlaneDb db = await contexts.CreateDbContextAsync(cancellationToken);
        var rows = await db.EdgeReports.AsNoTracking().Where(r => r.HeardAt >= since)
            .Join(db.Edges.Where(e => e.RemovedAt == null), r => r.EdgeId, e => e.Id, (r, e) => new { e.Id, e.Name, r.HeardAt, r.Endpoints, r.Identities, r.ShedInteractive, r.ShedBatch, r.ShedCopies })
            .ToListAsync(cancellationToken);
        return
        [
            .. rows.Select(r => _heard.TryGetValue(r.Id, out EdgeHealth? own) && own.HeardAt >= r.HeardAt
                    ? own
                    : new EdgeHealth(r.Id, r.Name, r.HeardAt, JsonText.Read<ImmutableArray<EndpointHealthView>>(r.Endpoints), Identities(r.Identities), r is { ShedInteractive: { } interactive, ShedBatch: { } batch } ? new ShedCalls(interactive, batch, r.ShedCopies ?? 0) : null))
                .OrderBy(e => e.EdgeName, StringComparer.Ordinal),
        ];
    }

    /// <summary>Keeps a report, and shares it with the other nodes when an endpoint's state changed or the last share is five seconds old.</summary>
    public async Task HearAsync(EdgeIdentity edge, HealthReport report, CancellationToken cancellationToken)
    {
        var heard = new EdgeHealth(edge.Id, edge.Name, time.GetUtcNow(), report.Endpoints.IsDefault ? [] : report.Endpoints, report.Identities.IsDefault ? [] : report.Identities, report.Shed);
        _heard[edge.Id] = heard;
        if (_shared.TryGetValue(edge.Id, out EdgeHealth? last) && heard.HeardAt - last.HeardAt < Shared && SaysTheSame(last, heard)) return;
        await transactions.RunAsync(db => StoreAsync(db, heard, cancellationToken), cancellationToken);
        _shared[edge.Id] = heard;
    }

    private static async Task StoreAsync(ControlPlaneDb db, EdgeHealth heard, CancellationToken cancellationToken)
    {
        await EdgeHearing.HeardAsync(db, heard.HeardAt, cancellationToken);
        (string endpoints, string identities) = (JsonText.Of(heard.Endpoints), JsonText.Of(heard.Identities));
        (long? interactive, long? batch, long? copies) = (heard.Shed?.Interactive, heard.Shed?.Batch, heard.Shed?.Copies);
        int known = await db.EdgeReports.Where(r => r.EdgeId == heard.EdgeId)
            .ExecuteUpdateAsync(set => set.SetProperty(r => r.HeardAt, heard.HeardAt).SetProperty(r => r.Endpoints, endpoints).SetProperty(r => r.Identities, identities)
                .SetProperty(r => r.ShedInteractive, interactive).SetProperty(r => r.ShedBatch, batch).SetProperty(r => r.ShedCopies, copies), cancellationToken);
        if (known == 0) db.EdgeReports.Add(new EdgeReport { EdgeId = heard.EdgeId, HeardAt = heard.HeardAt, Endpoints = endpoints, Identities = identities, ShedInteractive = interactive, ShedBatch = batch, ShedCopies = copies });
        await db.Edges.Where(e => e.Id == heard.EdgeId).ExecuteUpdateAsync(set => set.SetProperty(e => e.LastReportAt, heard.HeardAt), cancellationToken);
    }

    /// <summary>As far as states go; counts and latencies change with every call and can wait.</summary>
    private static bool SaysTheSame(EdgeHealth one, EdgeHealth other) =>
        one.Endpoints.Select(Said).SequenceEqual(other.Endpoints.Select(Said))
        && one.Identities.Select(i => (i.Account, i.State)).SequenceEqual(other.Identities.Select(i => (i.Account, i.State)));

    // A row of a version that knew none.
    private static ImmutableArray<IdentityHealthView> Identities(string stored) => stored.Length == 0 ? [] : JsonText.Read<ImmutableArray<IdentityHealthView>>(stored);

    private static (string, BreakerState, int, DateTimeOffset?, bool) Said(EndpointHealthView view) =>
        (view.ModelEndpoint, view.State, view.SharePercent, view.Until, view.QuotaUntil is null);
}
