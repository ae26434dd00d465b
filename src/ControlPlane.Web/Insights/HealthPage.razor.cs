using System.Collections.Immutable;
using ControlPlane.Web.Budgets;
using ControlPlane.Web.Edges;
using ControlPlane.Web.ModelEndpoints;
using ControlPlane.Web.Publishing;
using ControlPlane.Web.Ui;
using Microsoft.AspNetCore.Components;

namespace ControlPlane.Web.Insights;

/// <summary>Answers in ten seconds: is anybody affected, by what, since when.</summary>
public sealed partial class HealthPage
{
    private const int ChangesShown = 12;
    private static readonly IReadOnlyList<(bool Value, string Text)> Groups = [(false, "Provider"), (true, "Model")];

    private HealthVerdict? _verdict;
    private PlaneTraffic? _totals;
    private ImmutableArray<EndpointNow> _endpoints = [];
    private ImmutableArray<FeatureTraffic> _features = [];
    private ImmutableArray<Change> _changes = [];
    private IReadOnlyList<MatrixRow> _rows = [];
    private IReadOnlyList<string> _columns = [];
    private Dictionary<string, string> _names = new(StringComparer.Ordinal);
    private bool _byModel;
    private long _live;
    private int _edgesOnLive;
    private int _enrolled;
    private int _heard;

    [SupplyParameterFromQuery(Name = TimeRange.QueryName)]
    private string? From { get; set; }

    [Inject] private UsageQueries Usage { get; set; } = null!; // injected

    [Inject] private ChangeFeed Changes { get; set; } = null!; // injected

    [Inject] private EdgeBoard Board { get; set; } = null!; // injected

    [Inject] private EdgeStore Edges { get; set; } = null!; // injected

    [Inject] private ModelEndpointStore Endpoints { get; set; } = null!; // injected

    [Inject] private RevisionStore Revisions { get; set; } = null!; // injected

    [Inject] private BudgetQueries Budgets { get; set; } = null!; // injected

    private TimeRange Range => TimeRange.Parse(From);

    /// <summary>Over what the figures go: less than the range while less of it is known.</summary>
    private string Over => _totals is { } totals && Range.Length - totals.Seen > TimeSpan.FromMinutes(1) ? $"the {Seen(totals.Seen)} seen" : Range.Short;

    private string SpendNote => _totals is null ? "" : _totals.Unpriced > 0
        ? $"{Format.Count(_totals.Unpriced)} attempts unpriced"
        : $"of it failover {Format.Money(_totals.ResilienceMicros)}";

    protected override async Task OnParametersSetAsync()
    {
        if (_totals is not null) await RefreshNowAsync();
    }

    protected override async Task RefreshAsync(CancellationToken cancellation)
    {
        (DateTimeOffset from, DateTimeOffset to) = Range.At(Time.GetUtcNow());
        ImmutableArray<ModelEndpointView> endpoints = await Endpoints.ListAsync(cancellation);
        ImmutableArray<EdgeHealth> heard = await Board.LiveAsync(cancellation);
        ImmutableArray<EdgeView> edges = await Edges.ListAsync(cancellation);
        _endpoints = HealthModel.Endpoints(endpoints, await Usage.EndpointsAsync(from, to, cancellation), heard);
        _features = await Usage.FeaturesAsync(from, to, cancellation);
        _changes = await Changes.LatestAsync(to - TimeSpan.FromHours(24), ChangesShown, cancellation);
        _live = (await Revisions.ListAsync(0, 1, cancellation)).FirstOrDefault()?.Number ?? 0;
        (_enrolled, _heard, _edgesOnLive) = (edges.Length, heard.Length, edges.Count(e => e.Revision == _live));
        _names = _endpoints.ToDictionary(e => e.Endpoint.Id, e => e.Name, StringComparer.Ordinal);
        _totals = await Usage.TotalsAsync(from, to, cancellation);
        _verdict = HealthVerdict.Of(_endpoints, await Usage.TotalsAsync(to - HealthVerdict.Now, to, cancellation), _totals, Over, heard, _enrolled)
            .With(BudgetWords.Stopped(await Budgets.ReadAsync(cancellation)));
        Arrange();
    }

    private void Arrange() => _rows = HealthModel.Matrix(_endpoints, _totals?.Seen ?? Range.Length, Range.Short, _byModel, out _columns);

    private static string Seen(TimeSpan seen) => Format.Duration(TimeSpan.FromMinutes(Math.Max(1, Math.Floor(seen.TotalMinutes))));

    private string Subject(Change change) => _names.GetValueOrDefault(change.Subject, change.Subject);

    private string ServedBy(FeatureTraffic feature)
    {
        long all = feature.ServedBy.Sum(s => s.Answers);
        return all == 0 ? "nobody" : string.Join(", ", feature.ServedBy.Take(3).Select(s => $"{_names.GetValueOrDefault(s.ModelEndpoint, s.ModelEndpoint)} {Format.Percent((double)s.Answers / all)}"));
    }

    private static string Money(ImmutableArray<Spend> spend) => spend.IsEmpty ? Format.Nothing : string.Join(" + ", spend.Select(s => Format.Money(s.Micros, s.Currency)));

    private static string NotAnswered(PlaneTraffic totals)
    {
        long missing = totals.Requests - totals.Cancelled - totals.Answered;
        return $"{Format.Count(missing)} not answered" + (totals.Refused == 0 ? "" : totals.Refused == missing ? ", all for their budget" : $", {Format.Count(totals.Refused)} for their budget");
    }

    private static string? PercentFigure(double? share, PercentKind kind) => share is null ? null : Format.Percent(share, kind).TrimEnd('%').TrimEnd(Format.Nbsp);
}
