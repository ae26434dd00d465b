using System.Collections.Immutable;
using ControlPlane.Web.Access;
using ControlPlane.Web.Data;
using ControlPlane.Web.Edges;
using ControlPlane.Web.Insights;
using ControlPlane.Web.Publishing;
using ControlPlane.Web.Requests;
using ControlPlane.Web.Usage;
using Microsoft.EntityFrameworkCore;
using Routing.Core.Budgets;
using Routing.Core.Credentials;
using Routing.Core.Dispatch;
using Routing.Core.Health;
using Routing.Core.Llm;
using Routing.Core.Snapshots;
using Routing.Core.Tables;
using Routing.Core.Usage;

namespace ControlPlane.Web.Explain;

/// <summary>
/// Asks the edges' own code where a call would go: the live revision's feature, compiled as an edge compiles it, with the health that each edge has
/// reported. Sends nothing, and asks no breaker for a permit.
/// </summary>
internal sealed class CallsNowQueries(IDbContextFactory<ControlPlaneDb> contexts, EdgeBoard board, EdgeStore edges, TimeProvider time)
{
    /// <param name="feature">Null: the first by name.</param>
    public async Task<CallsNow> ReadAsync(Actor actor, string? feature, CallShape shape, CancellationToken cancellationToken)
    {
        actor.Require(Role.Viewer, "see where calls go");
        DateTimeOffset now = time.GetUtcNow();
        await using ControlPlaneDb db = await contexts.CreateDbContextAsync(cancellationToken);
        (long revision, RoutingSnapshot? document) = await RevisionStore.LiveAsync(db, cancellationToken);
        ImmutableArray<FeatureConfig> live = document?.Features ?? [];
        ImmutableArray<string> features = [.. live.Select(f => f.Name).Order(StringComparer.Ordinal)];
        string name = feature ?? features.FirstOrDefault() ?? "";
        ImmutableArray<EdgeHealth> heard = await board.LiveAsync(cancellationToken);
        ImmutableArray<EdgeView> enrolled = await edges.ListAsync(cancellationToken);
        ImmutableArray<EdgeView> silent = [.. enrolled.ExceptBy(heard.Select(e => e.EdgeId), e => e.Id)];
        if (document is null || live.FirstOrDefault(f => f.Name == name) is not { } config) return new CallsNow(revision, features, null, "", new EndpointNames(document), [], silent);

        FeatureRoute route = Compile(document, config, time);
        route.Memory.Answered(await MeanAnswerAsync(db, name, now, cancellationToken));
        if (route.MonthlyBudget is { } budget) budget.Spend.Hear(BudgetMonth.Of(now), await SpentAsync(db, name, budget.Currency, BudgetMonth.Of(now), cancellationToken), budget.Micros);
        ChatCall call = shape.ToCall(name);
        Dictionary<string, long> revisions = enrolled.ToDictionary(e => e.Id, e => e.Revision, StringComparer.Ordinal);
        return new CallsNow(
            revision, features, config, route.Candidates.Select(c => c.Endpoint.Prices.At(now)?.Currency).FirstOrDefault(c => c is not null) ?? "", new EndpointNames(document),
            [.. heard.Select(e => Explain(route, call, now, e, revisions.GetValueOrDefault(e.EdgeId)))], silent);
    }

    private static EdgeExplanation Explain(FeatureRoute route, ChatCall call, DateTimeOffset now, EdgeHealth edge, long revision)
    {
        Dictionary<string, EndpointHealthView> reported = edge.Endpoints.DistinctBy(v => v.ModelEndpoint, StringComparer.Ordinal).ToDictionary(v => v.ModelEndpoint, StringComparer.Ordinal);
        RoutingExplanation told = RoutingExplainer.Explain(route, call, now, endpoint => reported.GetValueOrDefault(endpoint.Id) ?? endpoint.Health.View());
        return new EdgeExplanation(edge.EdgeName, edge.HeardAt, revision, [.. reported.Keys], told);
    }

    // Of the whole document only what the feature is bound to: a page is read every few seconds.
    private static FeatureRoute Compile(RoutingSnapshot document, FeatureConfig feature, TimeProvider time)
    {
        HashSet<string> bound = [.. feature.Candidates.Select(c => c.ModelEndpoint)];
        RoutingSnapshot part = document with
        {
            Features = [feature], Callers = [], ModelEndpoints = [.. document.ModelEndpoints.Where(e => bound.Contains(e.Id))], Prices = [.. document.Prices.Where(p => bound.Contains(p.ModelEndpoint))],
        };
        return new RoutingTableCompiler(new EndpointHealthRegistry(time, seed: 0), _ => new NoCredential(), seed: 0).Compile(part, new EdgeOverlay(), "").Features[feature.Name];
    }

    /// <summary>As an edge has learned it from its answers; here from the last hour of all edges.</summary>
    private static async Task<TokenUsage> MeanAnswerAsync(ControlPlaneDb db, string feature, DateTimeOffset now, CancellationToken cancellationToken)
    {
        List<AttemptRollup> hour = await RollupReader.Attempts(db, now.AddHours(-1), now).Where(r => r.Feature == feature && r.Cause != AttemptCause.Probe && r.Cause != AttemptCause.Shadow).ToListAsync(cancellationToken);
        long answers = hour.Sum(r => r.Answered);
        return answers == 0 ? default : new TokenUsage { OutputTotal = hour.Sum(r => r.OutputTokens) / answers, Source = UsageSource.Reported };
    }

    // Of all edges together: one that has used up its part while others have some left is given more with its next report.
    private static Task<long> SpentAsync(ControlPlaneDb db, string feature, string currency, int month, CancellationToken cancellationToken) =>
        db.EdgeSpends.Where(s => s.Month == month && s.Feature == feature && s.Currency == currency).SumAsync(s => s.Micros, cancellationToken);

    /// <summary>Nothing is sent, so nobody asks.</summary>
    private sealed class NoCredential : ICloudTokenSource
    {
        public ValueTask<CloudCredential> GetAsync(CancellationToken cancellationToken) => throw new InvalidOperationException("The control plane sends no calls.");

        public void Invalidate() { }
    }
}
