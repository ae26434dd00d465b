using System.Collections.Immutable;
using ControlPlane.Web.Budgets;
using ControlPlane.Web.Data;
using ControlPlane.Web.Edges;
using ControlPlane.Web.Insights;
using ControlPlane.Web.Publishing;
using ControlPlane.Web.Usage;
using Microsoft.EntityFrameworkCore;
using Routing.Core.Llm;
using Routing.Core.Pricing;
using Routing.Core.Snapshots;
using Routing.Core.Usage;

namespace ControlPlane.Web.Bindings;

/// <summary>What a feature did and what its candidates are like now. Roll-ups and live reports only; the day is read by whole hours.</summary>
internal sealed class BindingOutlookQueries(IDbContextFactory<ControlPlaneDb> contexts, EdgeBoard board, BudgetQueries budgets, TimeProvider time)
{
    /// <param name="endpoints">Model endpoints the reader may bind it to; those that are live are added.</param>
    public async Task<BindingOutlook> ReadAsync(string feature, IReadOnlyCollection<string> endpoints, CancellationToken cancellationToken)
    {
        DateTimeOffset now = time.GetUtcNow();
        await using ControlPlaneDb db = await contexts.CreateDbContextAsync(cancellationToken);
        (long revision, RoutingSnapshot? document) = await RevisionStore.LiveAsync(db, cancellationToken);
        FeatureConfig? live = document?.Features.FirstOrDefault(f => f.Name == feature);
        List<string> ids = [.. endpoints.Concat(live?.Candidates.Select(c => c.ModelEndpoint) ?? []).Where(e => e.Length > 0).Distinct(StringComparer.Ordinal)];

        List<AttemptRollup> hour = await RollupReader.Attempts(db, now.AddHours(-1), now).Where(r => r.Feature == feature && r.Cause != AttemptCause.Probe && r.Cause != AttemptCause.Shadow).ToListAsync(cancellationToken);
        List<AttemptRollup> day = await DayAsync(db, now, feature, ids, cancellationToken);
        List<AttemptRollup> own = [.. day.Where(r => r.Feature == feature)];
        AttemptTotals spent = AttemptTotals.Of(own.Where(r => r.Cause != AttemptCause.Shadow));
        return new BindingOutlook(
            revision, live,
            await RollupReader.Requests(db, now.AddHours(-1), now).Where(r => r.Feature == feature).SumAsync(r => r.Requests, cancellationToken),
            await RequestsOfDayAsync(db, now, feature, cancellationToken),
            spent.Spend, spent.Unpriced,
            await CallersAsync(db, feature, cancellationToken),
            await db.Edges.CountAsync(e => e.RemovedAt == null, cancellationToken),
            Endpoints(ids, hour, day, own, await PricesAsync(db, ids, now, cancellationToken), await board.LiveAsync(cancellationToken)))
        {
            Month = await budgets.OfAsync(feature, cancellationToken),
        };
    }

    private static ImmutableDictionary<string, EndpointOutlook> Endpoints(
        List<string> ids, List<AttemptRollup> hour, List<AttemptRollup> day, List<AttemptRollup> own, Dictionary<string, PriceConfig> prices, ImmutableArray<EdgeHealth> edges)
    {
        long answersOfHour = hour.Sum(r => r.Answered);
        List<AttemptRollup> asked = [.. own.Where(r => r.Cause != AttemptCause.Shadow)];
        TokenUsage? mix = new TokenMix(asked.Sum(r => r.Answered), asked.Sum(r => r.InputTokens), asked.Sum(r => r.CacheReadTokens), asked.Sum(r => r.CacheWriteTokens), asked.Sum(r => r.OutputTokens)).OfThousand;
        return ids.ToImmutableDictionary(id => id, id =>
        {
            PriceConfig? price = prices.GetValueOrDefault(id);
            return new EndpointOutlook(
                id, HealthModel.WorstState(edges, id), Hour([.. hour.Where(r => r.ModelEndpoint == id)], answersOfHour),
                price is not null && mix is { } tokens ? Cost.Of(tokens, price) : null, price?.Currency ?? "", price is not null, mix is not null,
                Day([.. day.Where(r => r.ModelEndpoint == id)], [.. own.Where(r => r.ModelEndpoint == id)]))
            {
                Answers = Answers([.. asked.Where(r => r.ModelEndpoint == id)]),
                Copies = Answers([.. own.Where(r => r.ModelEndpoint == id && r.Cause == AttemptCause.Shadow)]),
            };
        }, StringComparer.Ordinal);
    }

    private static HourOfCandidate? Hour(IReadOnlyCollection<AttemptRollup> rows, long answersOfFeature)
    {
        AttemptTotals totals = AttemptTotals.Of(rows);
        return totals.Attempts == 0 ? null : new HourOfCandidate(
            totals.Attempts, answersOfFeature == 0 ? null : (double)totals.Answered / answersOfFeature, totals.FirstToken.P50, totals.FirstToken.P90, (double)totals.Failed / totals.Attempts);
    }

    private static DayOfEndpoint? Day(IReadOnlyCollection<AttemptRollup> all, IReadOnlyCollection<AttemptRollup> own)
    {
        AttemptTotals totals = AttemptTotals.Of(own.Count > 0 ? own : all);
        return totals.Attempts == 0 ? null : new DayOfEndpoint(own.Count > 0, totals.Attempts, (double)totals.Failed / totals.Attempts, totals.FirstToken);
    }

    private static AnswersOfDay? Answers(IReadOnlyCollection<AttemptRollup> rows)
    {
        AttemptTotals totals = AttemptTotals.Of(rows);
        if (totals.Attempts == 0) return null;
        long? OfEach(long sum) => totals.Answered == 0 ? null : sum / totals.Answered;
        Spend? spent = totals is { Unpriced: 0, Spend: [var only] } ? only : null;
        return new AnswersOfDay(
            totals.Attempts - rows.Sum(r => r.Cancelled), totals.Answered, totals.FirstToken.P50, totals.FirstToken.P90, totals.Duration.P50, totals.Duration.P90,
            OfEach(rows.Sum(r => r.InputTokens)), OfEach(rows.Sum(r => r.OutputTokens)), spent is null ? null : OfEach(spent.Micros * 1000), spent?.Currency ?? "");
    }

    private static Task<List<AttemptRollup>> DayAsync(ControlPlaneDb db, DateTimeOffset now, string feature, List<string> ids, CancellationToken cancellationToken)
    {
        DateTimeOffset from = Rounding.Down(now.AddHours(-24), RollupStep.Hour);
        return db.AttemptRollups.AsNoTracking()
            .Where(r => r.Step == RollupStep.Hour && r.Start >= from && r.Cause != AttemptCause.Probe && (r.Feature == feature || ids.Contains(r.ModelEndpoint)))
            .ToListAsync(cancellationToken);
    }

    private static Task<long> RequestsOfDayAsync(ControlPlaneDb db, DateTimeOffset now, string feature, CancellationToken cancellationToken)
    {
        DateTimeOffset from = Rounding.Down(now.AddHours(-24), RollupStep.Hour);
        return db.RequestRollups.Where(r => r.Step == RollupStep.Hour && r.Start >= from && r.Feature == feature).SumAsync(r => r.Requests, cancellationToken);
    }

    private static async Task<ImmutableArray<string>> CallersAsync(ControlPlaneDb db, string feature, CancellationToken cancellationToken)
    {
        var callers = await db.Callers.AsNoTracking().OrderBy(c => c.Name).Select(c => new { c.Id, c.Name, c.Features }).ToListAsync(cancellationToken);
        return [.. callers.Where(c => JsonText.Strings(c.Features) is var may && (may.Contains("*") || may.Contains(feature))).Select(c => c.Name.Length > 0 ? c.Name : c.Id)];
    }

    private static async Task<Dictionary<string, PriceConfig>> PricesAsync(ControlPlaneDb db, List<string> ids, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var rows = await db.Prices.AsNoTracking().Where(p => p.From <= now && ids.Contains(p.ModelEndpoint)).OrderBy(p => p.From).ToListAsync(cancellationToken);
        return rows.GroupBy(p => p.ModelEndpoint, StringComparer.Ordinal).ToDictionary(
            g => g.Key,
            g => g.Select(p => new PriceConfig { ModelEndpoint = p.ModelEndpoint, From = p.From, Currency = p.Currency, Input = p.Input, CacheRead = p.CacheRead, CacheWrite = p.CacheWrite, Output = p.Output }).Last(),
            StringComparer.Ordinal);
    }
}
