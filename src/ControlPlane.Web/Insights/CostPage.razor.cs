using System.Collections.Immutable;
using ControlPlane.Web.Budgets;
using ControlPlane.Web.Ui;
using ControlPlane.Web.Ui.Charts;
using Microsoft.AspNetCore.Components;

namespace ControlPlane.Web.Insights;

/// <summary>What each feature, model and provider costs, over time.</summary>
public sealed partial class CostPage
{
    private const int SeriesShown = 7;
    private const int BarsShown = 30;
    private static readonly IReadOnlyList<(CostGroup Value, string Name)> Groups =
        [(CostGroup.Feature, "Feature"), (CostGroup.Model, "Model"), (CostGroup.Provider, "Provider"), (CostGroup.ModelEndpoint, "Endpoint"), (CostGroup.Cause, "Cause")];

    private CostTable? _table;
    private long _answered;
    private long _probeMicros;
    private IReadOnlyList<ChartSeries> _series = [];
    private IReadOnlyList<string> _labels = [];
    private CostGroup _group;
    private ImmutableArray<BudgetState> _budgets = [];
    private ImmutableArray<long> _burn = [];

    /// <summary>Only this feature; null = all.</summary>
    [Parameter] public string? Feature { get; set; }

    [SupplyParameterFromQuery(Name = TimeRange.QueryName)]
    private string? From { get; set; }

    [Inject] private CostQueries Cost { get; set; } = null!; // injected

    [Inject] private UsageQueries Usage { get; set; } = null!; // injected

    [Inject] private BudgetQueries Budgets { get; set; } = null!; // injected

    private TimeRange Range => TimeRange.Parse(From);

    private TimeSpan BarStep => Range.Length / BarsShown is var step && step < TimeSpan.FromMinutes(1) ? TimeSpan.FromMinutes(1)
        : step < TimeSpan.FromHours(1) ? TimeSpan.FromMinutes(Math.Ceiling(step.TotalMinutes)) : TimeSpan.FromHours(Math.Ceiling(step.TotalHours));

    private string StepWord => Format.Duration(BarStep);

    private string GroupWord => _group == CostGroup.ModelEndpoint ? "model endpoint" : _group.ToString().ToLowerInvariant();

    // A feature's own page cannot be split by feature.
    private IReadOnlyList<(CostGroup Value, string Name)> Offered => Feature is null ? Groups : [.. Groups.Where(g => g.Value != CostGroup.Feature)];

    // Of calls alone: neither copies nor probes are answers to anybody.
    private string PerThousand => _answered == 0 || _table is null ? Format.Nothing : Format.Money((_table.Rows.Sum(r => r.Micros) - ShadowMicros - _probeMicros) * 1000 / _answered);

    private long ShadowMicros => _table?.Rows.Sum(r => r.ShadowMicros) ?? 0;

    private string CsvLink => $"{InsightsSetup.CostCsvPath}?group={_group}&{TimeRange.QueryName}={Range.Key}" + (Feature is null ? "" : $"&feature={Uri.EscapeDataString(Feature)}");

    protected override async Task OnParametersSetAsync()
    {
        if (_table is not null) await RefreshNowAsync();
    }

    protected override async Task RefreshAsync(CancellationToken cancellation)
    {
        if (Feature is not null && _group == CostGroup.Feature) _group = CostGroup.Model;
        (DateTimeOffset from, DateTimeOffset to) = Range.At(Time.GetUtcNow());
        _table = await Cost.ReadAsync(_group, from, to, BarStep, Feature, cancellation);
        await CountAsync(from, to, cancellation);
        _labels = [.. _table.Steps.Select(s => Range.Length > TimeSpan.FromHours(24) ? Format.DayAndClock(s) : Format.Clock(s))];
        _series = Series(_table);
        _budgets = await Budgets.ReadAsync(cancellation);
        _burn = _budgets.FirstOrDefault(b => b.Feature == Feature) is { } budget ? await Budgets.BurnAsync(budget, cancellation) : [];
    }

    private async Task CountAsync(DateTimeOffset from, DateTimeOffset to, CancellationToken cancellation)
    {
        if (Feature is not null)
        {
            (_answered, _probeMicros) = ((await Usage.FeaturesAsync(from, to, cancellation)).FirstOrDefault(f => f.Feature == Feature)?.Answered ?? 0, 0);
            return;
        }
        PlaneTraffic totals = await Usage.TotalsAsync(from, to, cancellation);
        (_answered, _probeMicros) = (totals.Answered, totals.ProbeMicros);
    }

    private static string BudgetNote(BudgetState budget) => string.Join("; ", new[]
    {
        budget.IsStopped ? "calls are refused until it is raised and published" : $"beyond it {BudgetWords.Then(budget.Budget.Action)}",
        budget.Pace is null ? $"no forecast before {BudgetPace.FewestDays} whole days" : "forecast of the last week's days, with 80 % interval",
        BudgetWords.NotCounted(budget),
    }.Where(s => s.Length > 0));

    // Eight colours at most: what is left over is "Other".
    private static List<ChartSeries> Series(CostTable table)
    {
        List<ChartSeries> series = [.. table.Rows.Take(SeriesShown).Select((row, i) => new ChartSeries(row.Group, i + 1, row.Series))];
        ImmutableArray<CostRow> rest = [.. table.Rows.Skip(SeriesShown)];
        if (!rest.IsEmpty) series.Add(new ChartSeries("Other", 8, [.. table.Steps.Select((_, i) => rest.Sum(r => r.Series[i]))]));
        return series;
    }

    private static string MoneyOf(CostTable table) => table.Rows.IsEmpty ? Format.Nothing
        : string.Join(" + ", table.Rows.GroupBy(r => r.Currency, StringComparer.Ordinal).Select(g => Format.Money(g.Sum(r => r.Micros), g.Key)));

    private string Share(CostRow row) => _table!.Total(row.Currency) is > 0 and var total ? Format.Percent((double)row.Micros / total) : Format.Nothing; // shown only with a table
}
