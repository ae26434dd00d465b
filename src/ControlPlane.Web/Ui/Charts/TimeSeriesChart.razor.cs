using System.Text.Json;
using Microsoft.AspNetCore.Components;
using Microsoft.JSInterop;

namespace ControlPlane.Web.Ui.Charts;

/// <summary>
/// Lines over time with crosshair, limit and annotations; at most four on a page, small multiples elsewhere. The only part that knows the
/// chart library, which its script module loads after the first paint. New values are sent only when they differ from those drawn.
/// </summary>
public sealed partial class TimeSeriesChart : IAsyncDisposable
{
    public const int MostAnnotations = 20;

    private ElementReference _plot;
    private IJSObjectReference? _module;
    private IJSObjectReference? _chart;
    private NiceScale _scale = NiceScale.For(1);
    private string _sentence = "";
    private string _model = "";
    private string _drawn = "";
    private bool _empty;
    private bool _busy;
    private bool _gone;

    [Parameter, EditorRequired] public string Title { get; set; } = "";

    /// <summary>The current value: "p90 1.62 s".</summary>
    [Parameter] public string? Note { get; set; }

    /// <summary>Time of the first value.</summary>
    [Parameter, EditorRequired] public DateTimeOffset Start { get; set; }

    /// <summary>Between two values.</summary>
    [Parameter, EditorRequired] public TimeSpan Step { get; set; }

    [Parameter, EditorRequired] public IReadOnlyList<ChartSeries> Series { get; set; } = [];

    [Parameter, EditorRequired] public ChartUnit Unit { get; set; }

    [Parameter] public string Currency { get; set; } = "USD";

    [Parameter] public ChartLimit? Limit { get; set; }

    /// <summary>At most <see cref="MostAnnotations"/>: the newest are kept.</summary>
    [Parameter] public IReadOnlyList<ChartAnnotation> Annotations { get; set; } = [];

    /// <summary>Instead of the generated sentence, where the page knows the cause.</summary>
    [Parameter] public string? Sentence { get; set; }

    [Parameter] public int Height { get; set; } = 190;

    [Inject] private IJSRuntime Js { get; set; } = null!; // injected

    /// <summary>The series the sentence is about: p90 if there is one, else the first.</summary>
    private ChartSeries? Main => Series.FirstOrDefault(static one => one.Stroke == SeriesStroke.P90) ?? (Series.Count > 0 ? Series[0] : null);

    private List<string> RowNames
    {
        get
        {
            int count = Series.Count == 0 ? 0 : Series.Max(static one => one.Values.Count);
            return [.. Enumerable.Range(0, count).Select(at => TimeAxis.Label(Start + Step * at, Step * count))];
        }
    }

    public async ValueTask DisposeAsync()
    {
        _gone = true;
        try
        {
            if (_chart is not null)
            {
                await _chart.InvokeVoidAsync("dispose");
                await _chart.DisposeAsync();
            }
            if (_module is not null)
                await _module.DisposeAsync();
        }
        catch (JSDisconnectedException)
        {
            // The browser is gone, and the chart with it.
        }
    }

    protected override void OnParametersSet()
    {
        double largest = Series.SelectMany(static one => one.Values).Max() ?? 0;
        _scale = NiceScale.For(Math.Max(largest, (Limit?.Value ?? 0) * 1.05), Unit);
        _sentence = Sentence ?? ChartSentence.Describe(Main, Start, Step, Unit, Limit, Currency);
        _empty = Series.All(static one => one.Values.All(static value => value is null));
        _model = JsonSerializer.Serialize(Describe(), JsonSerializerOptions.Web);
    }

    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        // One call at a time: the library draws a stale picture when an update overtakes another.
        if (_busy || _empty || _gone || _drawn == _model)
            return;
        _busy = true;
        try
        {
            while (_drawn != _model && !_gone)
            {
                string model = _model;
                if (_chart is null)
                {
                    _module ??= await Js.InvokeAsync<IJSObjectReference>("import", "/Ui/Charts/TimeSeriesChart.razor.js");
                    _chart = await _module.InvokeAsync<IJSObjectReference>("create", _plot, model);
                }
                else
                {
                    await _chart.InvokeVoidAsync("update", model);
                }
                _drawn = model;
            }
        }
        catch (JSDisconnectedException)
        {
            // Left while drawing.
        }
        finally
        {
            _busy = false;
        }
    }

    private object Describe()
    {
        int count = Series.Count == 0 ? 0 : Series.Max(static one => one.Values.Count);
        int points = Math.Min(count, Downsample.MostPoints);
        return new
        {
            start = Start.ToUnixTimeMilliseconds(),
            step = points == 0 ? Step.TotalMilliseconds : Step.TotalMilliseconds * count / points,
            height = Height,
            top = _scale.Top,
            steps = _scale.Steps,
            marks = Enumerable.Range(0, _scale.Steps + 1).Select(at => ChartText.Mark(at * _scale.Step, Unit, _scale, Currency)),
            unit = Unit.ToString(),
            currency = Currency,
            range = (Step * count).TotalMinutes,
            series = Series.Select(static one => new { one.Name, one.Hue, stroke = one.Stroke.ToString(), one.Area, values = Downsample.Thin(one.Values).Select(Round) }),
            limit = Limit,
            annotations = Annotations.OrderByDescending(static one => one.At).Take(MostAnnotations).Select(static one => new { at = one.At.ToUnixTimeMilliseconds(), one.Text }),
        };
    }

    private static double? Round(double? value) => value is { } number && double.IsFinite(number) ? double.Parse(number.ToString("G5", System.Globalization.CultureInfo.InvariantCulture), System.Globalization.CultureInfo.InvariantCulture) : null;
}
