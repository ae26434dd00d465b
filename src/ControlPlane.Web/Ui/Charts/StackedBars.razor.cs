using Microsoft.AspNetCore.Components;

namespace ControlPlane.Web.Ui.Charts;

/// <summary>Parts of a whole over time or over names, in plain SVG. The first series stands at the bottom: give the largest, most stable one first.</summary>
public sealed partial class StackedBars
{
    private IReadOnlyList<StackedBar> _bars = [];
    private NiceScale _scale = NiceScale.For(1);
    private string _sentence = "";
    private int _gutter = 48;

    [Parameter, EditorRequired] public string Title { get; set; } = "";

    [Parameter] public string? Note { get; set; }

    /// <summary>One for each bar: "14:02", "19 Nov, so far".</summary>
    [Parameter, EditorRequired] public IReadOnlyList<string> Labels { get; set; } = [];

    [Parameter, EditorRequired] public IReadOnlyList<ChartSeries> Series { get; set; } = [];

    [Parameter, EditorRequired] public ChartUnit Unit { get; set; }

    [Parameter] public string Currency { get; set; } = "USD";

    [Parameter] public ChartLimit? Limit { get; set; }

    /// <summary>The last bar is not over yet: drawn pale, and its label should say so.</summary>
    [Parameter] public bool LastIsPartial { get; set; }

    [Parameter] public string? Sentence { get; set; }

    /// <summary>Head of the table's first column.</summary>
    [Parameter] public string FirstHead { get; set; } = "Time, UTC";

    [Parameter] public int Height { get; set; } = 140;

    protected override void OnParametersSet()
    {
        double largest = StackedBarsModel.Totals(Labels.Count, Series).DefaultIfEmpty().Max();
        _scale = NiceScale.For(Math.Max(largest, Limit?.Value ?? 0), Unit);
        _bars = StackedBarsModel.Build(Labels, Series, _scale, Height, LastIsPartial, value => ChartText.Value(value, Unit, Currency));
        _sentence = Sentence ?? StackedBarsModel.Describe(Labels, Series, value => ChartText.Value(value, Unit, Currency));
        int longest = Enumerable.Range(0, _scale.Steps + 1).Max(at => ChartText.Mark(at * _scale.Step, Unit, _scale, Currency).Length);
        _gutter = 8 + longest * 7;
    }
}
