using System.Collections.Immutable;
using ControlPlane.Web.Budgets;
using ControlPlane.Web.ModelEndpoints;
using ControlPlane.Web.Shell;
using ControlPlane.Web.Ui;
using Microsoft.AspNetCore.Components;
using Routing.Core.Snapshots;

namespace ControlPlane.Web.Bindings;

/// <summary>Every feature with its chain of models in one line.</summary>
public sealed partial class FeaturesPage
{
    private ImmutableArray<BindingView> _features = [];
    private Dictionary<string, string> _titles = [];
    private Dictionary<string, BudgetState> _budgets = [];

    [SupplyParameterFromQuery(Name = "q")] private string? Filter { get; set; }

    [Inject] private BindingStore Bindings { get; set; } = null!; // injected

    [Inject] private ModelEndpointStore Endpoints { get; set; } = null!; // injected

    [Inject] private BudgetQueries Budgets { get; set; } = null!; // injected

    private List<BindingView> Shown =>
    [
        .. _features.Where(f => string.IsNullOrWhiteSpace(Filter)
            || f.Name.Contains(Filter.Trim(), StringComparison.OrdinalIgnoreCase) || f.Owner.Contains(Filter.Trim(), StringComparison.OrdinalIgnoreCase)),
    ];

    protected override async Task LoadAsync(CancellationToken cancellationToken)
    {
        _titles = (await Endpoints.ListAsync(cancellationToken))
            .ToDictionary(e => e.Id, e => e.Region.Length > 0 ? $"{e.Title} {e.Region}" : e.Title, StringComparer.Ordinal);
        _features = await Bindings.ListAsync(cancellationToken);
        _budgets = (await Budgets.ReadAsync(cancellationToken)).ToDictionary(b => b.Feature, StringComparer.Ordinal);
    }

    private string Chain(BindingView feature, bool first)
    {
        CandidateConfig[] answering = [.. feature.Candidates.Where(c => c.Role != CandidateRole.Shadow)];
        if (answering.Length == 0) return first ? "nothing bound yet" : Format.Nothing;
        int lowest = answering.Min(c => c.Tier);
        CandidateConfig[] part = [.. answering.Where(c => (c.Tier == lowest) == first).OrderBy(c => c.Tier)];
        if (part.Length == 0) return "no backup";
        return string.Join(first ? ", " : " → ", part.Select(c =>
            _titles.GetValueOrDefault(c.ModelEndpoint, c.ModelEndpoint) + (c.Weight is 100 ? "" : $" {c.Weight}{Format.Nbsp}%")));
    }

    private void FilterBy(ChangeEventArgs change) => Show(change.Value as string);

    private void Clear() => Show(null);

    private void Show(string? filter) =>
        Navigation.NavigateTo(Urls.WithQuery(Urls.Features, "q", string.IsNullOrWhiteSpace(filter) ? null : filter), replace: true);
}
