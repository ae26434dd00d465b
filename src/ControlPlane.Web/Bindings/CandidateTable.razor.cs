using System.Collections.Immutable;
using System.Globalization;
using ControlPlane.Web.ModelEndpoints;
using ControlPlane.Web.Ui;
using Microsoft.AspNetCore.Components;
using Routing.Core.Snapshots;

namespace ControlPlane.Web.Bindings;

/// <summary>
/// The ordered candidates. Inside a tier a candidate moves with its weight; across tiers two candidates change places, so that both tiers
/// still add up.
/// </summary>
public sealed partial class CandidateTable
{
    private static readonly (CandidateRole Role, string Name)[] Roles =
    [
        (CandidateRole.Primary, "Primary"), (CandidateRole.Backup, "Backup"), (CandidateRole.Experiment, "Experiment"), (CandidateRole.LastResort, "Last resort"), (CandidateRole.Shadow, "Shadow"),
    ];

    private readonly Dictionary<CandidateForm, ElementReference> _up = [];
    private CandidateForm? _focus;

    [Parameter, EditorRequired] public List<CandidateForm> Rows { get; set; } = [];

    [Parameter] public ImmutableArray<CandidateConfig> Stored { get; set; } = [];

    [Parameter, EditorRequired] public ImmutableArray<ModelEndpointView> Endpoints { get; set; } = [];

    /// <summary>What each candidate is like now; null before it is known, and for a new feature.</summary>
    [Parameter] public BindingOutlook? Outlook { get; set; }

    [Parameter] public bool ReadOnly { get; set; }

    [Parameter] public EventCallback Changed { get; set; }

    [Parameter, EditorRequired] public Func<string, string?> ProblemOf { get; set; } = null!; // required

    [Inject] private Announcer Announcer { get; set; } = null!; // injected

    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        // The browser drops focus from a row that moves.
        if (_focus is { } row && _up.TryGetValue(row, out ElementReference button))
        {
            _focus = null;
            await button.FocusAsync();
        }
    }

    private static string SumText(int sum) => sum switch
    {
        100 => "adds up to 100 %",
        < 100 => $"{100 - sum} % missing",
        _ => $"{sum - 100} % too much",
    };

    private static string TitleOf(ModelEndpointView endpoint) => endpoint.Region.Length > 0 ? $"{endpoint.Title} · {endpoint.Region}" : endpoint.Title;

    private string TitleOf(CandidateForm row) => Endpoints.FirstOrDefault(e => e.Id == row.ModelEndpoint) is { } endpoint ? TitleOf(endpoint) : "the new candidate";

    private string? PlaceOf(CandidateForm row) => Endpoints.FirstOrDefault(e => e.Id == row.ModelEndpoint) is { } endpoint
        ? $"{endpoint.Account} · {endpoint.CapacityClass switch { CapacityClass.OnDemand => "on-demand", CapacityClass.Reserved => "reserved", CapacityClass.Priority => "priority", _ => "flex" }}"
        : null;

    private EndpointOutlook? OutlookOf(CandidateForm row) => Outlook?.Endpoints.GetValueOrDefault(row.ModelEndpoint);

    private static string PerThousand(EndpointOutlook endpoint) => endpoint switch
    {
        { IsPriced: false } => "unpriced",
        { HasMix: false } => "no history",
        _ => Format.Money(endpoint.PerThousand, endpoint.Currency, MoneyKind.PerThousand),
    };

    private CandidateConfig? StoredOf(CandidateForm row) => Stored.FirstOrDefault(s => s.ModelEndpoint == row.ModelEndpoint);

    /// <summary>Where a candidate stands: in its tier, or below all of them.</summary>
    private static int PlaceIn(CandidateForm row) => row.IsShadow ? int.MaxValue : row.Tier;

    private bool IsChanged(int at) => Stored.Length > 0 && (at >= Stored.Length
        || (Rows[at].ModelEndpoint, Rows[at].Tier, Rows[at].Weight, Rows[at].Role) != (Stored[at].ModelEndpoint, Stored[at].Tier, Stored[at].Weight, Stored[at].Role));

    private RenderFragment Message(string field, string? hint) => builder =>
    {
        string? problem = ProblemOf(field);
        if (problem is null && hint is null) return;
        builder.OpenElement(0, "span");
        builder.AddAttribute(1, "class", problem is null ? "hint" : "validation-message");
        builder.AddContent(2, problem ?? hint);
        builder.CloseElement();
    };

    private Task MoveAsync(int at, int by)
    {
        (CandidateForm row, CandidateForm other) = (Rows[at], Rows[at + by]);
        if (PlaceIn(row) != PlaceIn(other))
            (row.Tier, row.Weight, row.Role, other.Tier, other.Weight, other.Role) = (other.Tier, other.Weight, other.Role, row.Tier, row.Weight, row.Role);
        (Rows[at], Rows[at + by]) = (other, row);
        _focus = at + by == 0 ? null : row;
        Announcer.Say($"{TitleOf(row)} is now number {at + by + 1}, {(row.IsShadow ? "a shadow" : $"tier {row.Tier}, weight {row.Weight} per cent")}.", now: true);
        return Changed.InvokeAsync();
    }

    private Task TierAsync(CandidateForm row, ChangeEventArgs change)
    {
        if (!int.TryParse(change.Value as string, NumberStyles.Integer, CultureInfo.InvariantCulture, out int tier)) return Task.CompletedTask;
        row.Tier = Math.Clamp(tier, 1, 9);
        return SortAsync();
    }

    private Task SortAsync()
    {
        List<CandidateForm> sorted = [.. Rows.OrderBy(PlaceIn)];
        Rows.Clear();
        Rows.AddRange(sorted);
        return Changed.InvokeAsync();
    }

    private Task WeightAsync(CandidateForm row, int weight)
    {
        row.Weight = weight;
        return Changed.InvokeAsync();
    }

    private Task AddAsync()
    {
        int last = Rows.Where(r => !r.IsShadow).Select(r => r.Tier).DefaultIfEmpty(0).Max();
        Rows.Add(new CandidateForm { Tier = Math.Min(9, last + 1), Role = last == 0 ? CandidateRole.Primary : CandidateRole.Backup });
        return SortAsync();
    }

    private Task RaiseAsync() => Changed.InvokeAsync();

    private Task RemoveAsync(CandidateForm row)
    {
        Rows.Remove(row);
        _up.Remove(row);
        return Changed.InvokeAsync();
    }
}
