using Microsoft.AspNetCore.Components;

namespace ControlPlane.Web.Ui.Charts;

/// <summary>Spend of a period against its budget, with the forecast and its interval always drawn.</summary>
public sealed partial class BudgetBurn
{
    private BudgetBurnModel _model = null!; // built before the first render

    [Parameter] public string Title { get; set; } = "Budget";

    [Parameter] public string? Note { get; set; }

    /// <summary>Cumulative micro-units, one for each day so far.</summary>
    [Parameter, EditorRequired] public IReadOnlyList<long> Actual { get; set; } = [];

    /// <summary>Days of the whole period.</summary>
    [Parameter, EditorRequired] public int Days { get; set; }

    [Parameter, EditorRequired] public long Budget { get; set; }

    /// <summary>None while it is too early.</summary>
    [Parameter] public BudgetForecast? Forecast { get; set; }

    [Parameter] public string FirstDay { get; set; } = "";

    [Parameter] public string LastDay { get; set; } = "";

    [Parameter] public string Currency { get; set; } = "USD";

    [Parameter] public string? Sentence { get; set; }

    protected override void OnParametersSet() => _model = BudgetBurnModel.Build(Actual, Days, Budget, Forecast, Currency);
}
