using Microsoft.AspNetCore.Components;

namespace ControlPlane.Web.Ui.Charts;

/// <summary>Why a sum changed: from one total to another, cause by cause. What adds cost is ochre, what takes it back is green.</summary>
public sealed partial class Bridge
{
    private BridgeModel _model = new([], 0, "");

    /// <summary>"Why +$1,432".</summary>
    [Parameter, EditorRequired] public string Title { get; set; } = "";

    [Parameter] public string? Note { get; set; }

    /// <summary>Under the first column: "Oct 1-19".</summary>
    [Parameter, EditorRequired] public string FromName { get; set; } = "";

    [Parameter, EditorRequired] public long FromMicroUnits { get; set; }

    [Parameter, EditorRequired] public IReadOnlyList<BridgeStep> Steps { get; set; } = [];

    /// <summary>Under the last column, whose height is the sum of the others.</summary>
    [Parameter, EditorRequired] public string ToName { get; set; } = "";

    [Parameter] public string Currency { get; set; } = "USD";

    [Parameter] public string? Sentence { get; set; }

    [Parameter] public int Height { get; set; } = 130;

    protected override void OnParametersSet() => _model = BridgeModel.Build(FromName, FromMicroUnits, Steps, ToName, Height, Currency);
}
