using System.Collections.Immutable;
using ControlPlane.Web.Data;
using ControlPlane.Web.Publishing;
using ControlPlane.Web.Usage;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Routing.Core.Llm;
using Routing.Core.Snapshots;
using Routing.Core.Usage;

namespace ControlPlane.Web.Requests;

/// <summary>Reads single requests, as long as they are kept. Every filter of the list has its index.</summary>
internal sealed class RequestStore(IDbContextFactory<ControlPlaneDb> contexts, RevisionStore revisions, IOptions<PlaneOptions> options, TimeProvider time)
{
    private const int MostRows = 200;

    /// <summary>How many days single requests are kept.</summary>
    public int KeptDays => options.Value.RawDays;

    /// <summary>Newest first.</summary>
    /// <param name="before">Id of the last row of the page before this one; null, or no longer kept: from the newest.</param>
    public async Task<ImmutableArray<RequestSummary>> ListAsync(RequestFilter filter, Guid? before, int take, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(filter);
        await using ControlPlaneDb db = await contexts.CreateDbContextAsync(cancellationToken);
        IQueryable<RequestRow> rows = Filtered(db, filter);
        if (before is { } last && await db.Requests.Where(r => r.Id == last).Select(r => (DateTimeOffset?)r.At).SingleOrDefaultAsync(cancellationToken) is { } at)
            rows = rows.Where(r => r.At <= at && (r.At < at || r.Id.CompareTo(last) < 0));
        List<RequestSummary> page = await Newest(rows).Take(Math.Clamp(take, 1, MostRows))
            .Select(r => new RequestSummary(r.Id, r.At, r.Caller, r.Feature, r.Outcome, r.Failure, r.ServedBy, r.AttemptCount, r.Streamed, r.FirstTokenMs, r.TotalMs))
            .ToListAsync(cancellationToken);
        if (filter.Id is { } prefix) page.RemoveAll(r => !prefix.Fits(r.Id));
        ILookup<Guid, Spent> spent = await SpentAsync(db, page, cancellationToken);
        return
        [
            .. page.Select(r => r with
            {
                Cost = RequestCost.Of([.. spent[r.Id].Select(a => (a.CostMicros, a.Currency, a.Source, a.Tokens))]), After = RequestView.Worst(spent[r.Id].Select(a => a.Cause)),
            }),
        ];
    }

    public async Task<RequestFacets> ListFacetsAsync(CancellationToken cancellationToken)
    {
        await using ControlPlaneDb db = await contexts.CreateDbContextAsync(cancellationToken);
        DateTimeOffset from = Rounding.Down(time.GetUtcNow().AddDays(-KeptDays), RollupStep.Day);
        IQueryable<RequestRollup> days = db.RequestRollups.Where(r => r.Step == RollupStep.Day && r.Start >= from);
        List<string> features = await days.Select(r => r.Feature).Distinct().ToListAsync(cancellationToken);
        List<string> endpoints = await days.Where(r => r.ServedBy != "").Select(r => r.ServedBy).Distinct().ToListAsync(cancellationToken);
        List<string> callers = await db.Callers.Select(c => c.Id).ToListAsync(cancellationToken);
        return new RequestFacets(Sorted(features), Sorted(endpoints), Sorted(callers));
    }

    /// <summary>Null: never heard of, or no longer kept.</summary>
    public async Task<RequestView?> FindAsync(Guid id, CancellationToken cancellationToken)
    {
        await using ControlPlaneDb db = await contexts.CreateDbContextAsync(cancellationToken);
        if (await db.Requests.AsNoTracking().SingleOrDefaultAsync(r => r.Id == id, cancellationToken) is not { } row) return null;
        List<AttemptRow> attempts = await db.Attempts.AsNoTracking().Where(a => a.RequestId == id).OrderBy(a => a.Number).ToListAsync(cancellationToken);
        RoutingSnapshot? document = await revisions.DocumentAsync(row.Revision, cancellationToken);
        FeatureConfig? feature = row.ShadowOf is not null ? null : document?.Features.FirstOrDefault(f => f.Name == row.Feature); // A copy has no candidates but its own.
        ImmutableArray<CandidateNote> notes = row.Candidates is { } kept ? JsonText.Read<ImmutableArray<CandidateNote>>(kept) : [];
        string[] asked = [.. notes.Select(n => n.ModelEndpoint).Concat(attempts.Select(a => a.ModelEndpoint)).Concat(feature?.Candidates.Select(c => c.ModelEndpoint) ?? []).Distinct(StringComparer.Ordinal)];
        List<TransitionRow> moves = await db.Transitions.AsNoTracking().Where(t => t.EdgeId == row.EdgeId && asked.Contains(t.ModelEndpoint) && t.At <= row.At)
            .GroupBy(t => t.ModelEndpoint).Select(g => g.OrderByDescending(t => t.At).First()).ToListAsync(cancellationToken);
        string? edge = await db.Edges.Where(e => e.Id == row.EdgeId).Select(e => e.Name).SingleOrDefaultAsync(cancellationToken);
        var names = new EndpointNames(document);
        return View(row, attempts, names) with
        {
            Edge = edge ?? row.EdgeId, Candidates = new Decision(notes, attempts, feature, names, moves).Candidates(), Copies = await CopiesAsync(db, id, names, cancellationToken),
        };
    }

    private static async Task<ImmutableArray<RequestView>> CopiesAsync(ControlPlaneDb db, Guid id, EndpointNames names, CancellationToken cancellationToken)
    {
        List<RequestRow> copies = await db.Requests.AsNoTracking().Where(r => r.ShadowOf == id).OrderBy(r => r.Id).ToListAsync(cancellationToken);
        if (copies.Count == 0) return [];
        List<Guid> ids = [.. copies.Select(c => c.Id)];
        ILookup<Guid, AttemptRow> attempts = (await db.Attempts.AsNoTracking().Where(a => ids.Contains(a.RequestId)).ToListAsync(cancellationToken)).ToLookup(a => a.RequestId);
        return [.. copies.Select(c => View(c, [.. attempts[c.Id]], names))];
    }

    /// <summary>In the order of the indexes.</summary>
    internal static IQueryable<RequestRow> Newest(IQueryable<RequestRow> rows) => rows.OrderByDescending(r => r.At).ThenByDescending(r => r.Id);

    internal static IQueryable<RequestRow> Filtered(ControlPlaneDb db, RequestFilter filter)
    {
        (DateTimeOffset from, DateTimeOffset to) = filter.Id is { } id ? (id.From, id.To) : (filter.From, filter.To);
        IQueryable<RequestRow> rows = db.Requests.AsNoTracking().Where(r => r.At >= from && r.At < to);
        if (!filter.Probes) rows = rows.Where(r => !r.Probe);
        if (filter.Id is null) rows = rows.Where(r => r.ShadowOf == null); // Nobody asked for a copy: it is found by its id, and on its request's page.
        if (filter.Feature is { } feature) rows = rows.Where(r => r.Feature == feature);
        if (filter.Caller is { } caller) rows = rows.Where(r => r.Caller == caller);
        if (filter.ServedBy is { } server) rows = rows.Where(r => r.ServedBy == server);
        if (filter.FailedOn is { } endpoint)
            rows = rows.Where(r => db.Attempts.Where(a => a.ModelEndpoint == endpoint && a.Failure != null && a.StartedAt >= from).Select(a => a.RequestId).Contains(r.Id));
        if (filter.Failure is { } failure) rows = rows.Where(r => r.Failure == failure);
        if (filter.Outcome is not { } outcome) return rows;
        rows = rows.Where(r => r.Outcome == outcome);
        // In the words of the index, which leaves out what went well: a parameter alone would not tell that it fits.
        return outcome == RequestOutcome.Answered ? rows : rows.Where(r => r.Outcome != RequestOutcome.Answered);
    }

    private static async Task<ILookup<Guid, Spent>> SpentAsync(ControlPlaneDb db, List<RequestSummary> page, CancellationToken cancellationToken)
    {
        List<Guid> ids = [.. page.Select(r => r.Id)];
        List<Spent> attempts = await db.Attempts.Where(a => ids.Contains(a.RequestId))
            .Select(a => new Spent(a.RequestId, a.Cause, a.CostMicros, a.Currency, a.UsageSource, a.InputTokens + a.OutputTokens)).ToListAsync(cancellationToken);
        return attempts.ToLookup(a => a.RequestId);
    }

    private static ImmutableArray<string> Sorted(IEnumerable<string> names) => [.. names.Order(StringComparer.Ordinal)];

    private static RequestView View(RequestRow row, List<AttemptRow> attempts, EndpointNames names) => new()
    {
        Id = row.Id,
        At = row.At,
        Edge = row.EdgeId,
        Caller = row.Caller,
        Feature = row.Feature,
        Revision = row.Revision,
        Overlay = row.Overlay,
        Streamed = row.Streamed,
        Probe = row.Probe,
        ShadowOf = row.ShadowOf,
        Outcome = row.Outcome,
        Failure = row.Failure,
        ServedBy = row.ServedBy,
        FirstTokenMs = row.FirstTokenMs,
        TotalMs = row.TotalMs,
        Attempts = [.. attempts.Select(a => View(row, a, names))],
        Cost = RequestCost.Of([.. attempts.Select(a => (a.CostMicros, a.Currency, a.UsageSource, a.InputTokens + a.OutputTokens))]),
    };

    private static AttemptView View(RequestRow row, AttemptRow a, EndpointNames names) => new()
    {
        Number = a.Number,
        ModelEndpoint = a.ModelEndpoint,
        Name = names.Of(a.ModelEndpoint),
        Cause = a.Cause,
        Outcome = a.Outcome,
        IsOvertaken = a.Outcome == AttemptOutcome.Cancelled && row.Outcome != RequestOutcome.Cancelled,
        Failure = a.Failure,
        RawCode = a.RawCode,
        HttpStatus = a.HttpStatus,
        OffsetMs = (int)Math.Clamp((a.StartedAt - row.At).TotalMilliseconds, 0, int.MaxValue),
        FirstTokenMs = a.FirstTokenMs,
        DurationMs = a.DurationMs,
        InputTokens = a.InputTokens,
        CacheReadTokens = a.CacheReadTokens,
        OutputTokens = a.OutputTokens,
        ReasoningTokens = a.ReasoningTokens,
        Source = a.UsageSource,
        Stop = a.Stop,
        RawStop = a.RawStop,
        CostMicros = a.CostMicros,
        Currency = a.Currency,
        PriceFrom = a.PriceFrom,
        ProviderRequestId = a.ProviderRequestId,
    };

    private sealed record Spent(Guid RequestId, AttemptCause Cause, long? CostMicros, string? Currency, UsageSource Source, long Tokens);
}
