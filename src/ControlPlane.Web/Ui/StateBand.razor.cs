using System.Globalization;
using Microsoft.AspNetCore.Components;

namespace ControlPlane.Web.Ui;

/// <summary>A breaker's states over time, on the same x axis as the charts. A partial stretch is as high as its ramp step.</summary>
public sealed partial class StateBand
{
    [Parameter, EditorRequired] public IReadOnlyList<StateSpan> Spans { get; set; } = [];

    [Parameter, EditorRequired] public DateTimeOffset From { get; set; }

    [Parameter, EditorRequired] public DateTimeOffset To { get; set; }

    /// <summary>The policy's ramp; without it 1, 2, 5, 10, 25, 50, 100 %.</summary>
    [Parameter] public IReadOnlyList<double>? Ramp { get; set; }

    /// <summary>One sentence under the band: why it tripped, what happened since.</summary>
    [Parameter] public RenderFragment? ChildContent { get; set; }

    private StateBandModel Model { get; set; } = null!; // set before the first render

    protected override void OnParametersSet() => Model = StateBandModel.Build(Spans, From, To, Ramp);

    private static string Percent(double value) => value.ToString("0.###", CultureInfo.InvariantCulture) + "%";

    private static double LabelY(StateBar bar) => bar.State.Kind switch
    {
        BreakerKind.Partial when Above(bar) => bar.BarTop - 4,
        BreakerKind.Partial => bar.BarTop + 14,
        BreakerKind.Closed => 30,
        _ => 26,
    };

    /// <summary>There is room over the bar: amber on amber ground. Else the text stands on the bar.</summary>
    private static bool Above(StateBar bar) => bar.BarTop - 4 >= StateBandModel.Top + 9;

    private static string LabelClass(StateBar bar)
    {
        string tone = bar.State.Kind switch
        {
            BreakerKind.Partial => Above(bar) ? "partial" : "inside",
            BreakerKind.Open => "open",
            _ => "on",
        };
        return bar.Tight ? tone + " tight" : tone;
    }
}
