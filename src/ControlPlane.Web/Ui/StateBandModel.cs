using ControlPlane.Web.Ui.Charts;

namespace ControlPlane.Web.Ui;

/// <summary>One stretch of time in one state.</summary>
public readonly record struct StateSpan(DateTimeOffset From, DateTimeOffset To, BreakerView State);

/// <summary>A stretch in per cent of the band's width; bar height and label as drawn.</summary>
public sealed record StateBar(double X, double Width, double BarTop, double BarHeight, BreakerView State, string? Label, bool Tight);

/// <summary>A mark of the time axis.</summary>
public readonly record struct TimeMark(double X, string Text, string Anchor);

/// <summary>Where everything of a state band goes. Pure: spans and a time range in, places and a sentence out.</summary>
public sealed record StateBandModel(IReadOnlyList<StateBar> Bars, IReadOnlyList<TimeMark> Marks, string Sentence)
{
    public const double Top = 4;
    public const double Height = 40;

    /// <summary>Share of normal traffic at each step of the ramp.</summary>
    public static readonly IReadOnlyList<double> DefaultRamp = [.01, .02, .05, .10, .25, .50, 1];

    public static StateBandModel Build(IReadOnlyList<StateSpan> spans, DateTimeOffset from, DateTimeOffset to, IReadOnlyList<double>? ramp = null)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(from, to);
        IReadOnlyList<double> steps = ramp is { Count: > 0 } ? ramp : DefaultRamp;
        List<StateBar> bars = [];
        foreach (StateSpan span in spans.OrderBy(static span => span.From))
        {
            double left = TimeAxis.Percent(span.From, from, to);
            double right = TimeAxis.Percent(span.To, from, to);
            if (right - left < .05)
                continue;
            bars.Add(Place(span.State, left, right - left, steps));
        }
        return new StateBandModel(bars, TimeAxis.Marks(from, to), Describe(spans, from, to));
    }

    private static StateBar Place(BreakerView state, double x, double width, IReadOnlyList<double> steps)
    {
        double height = state.Kind switch
        {
            BreakerKind.Closed or BreakerKind.Open or BreakerKind.Isolated or BreakerKind.Quota => 5,
            BreakerKind.Partial => Height / steps.Count * (StepOf(state.Share, steps) + 1),
            _ => 0,
        };
        // Closed hangs from the top (all traffic passes); what stops traffic lies on the floor.
        double top = state.Kind == BreakerKind.Closed ? Top : Top + Height - height;
        string word = state.Kind switch
        {
            BreakerKind.Closed => "Closed · all traffic",
            BreakerKind.Partial => Format.Percent(state.Share),
            _ => state.Word,
        };
        bool fits = width >= (state.Kind is BreakerKind.Partial ? 3 : word.Length * .9);
        bool tight = width < word.Length * 1.6 + 2;
        return new StateBar(Math.Round(x, 3), Math.Round(width, 3), top, height, state, fits ? word : null, tight);
    }

    private static int StepOf(double share, IReadOnlyList<double> steps)
    {
        int step = 0;
        while (step + 1 < steps.Count && steps[step + 1] <= share + 1e-9)
            step++;
        return step;
    }

    private static string Describe(IReadOnlyList<StateSpan> spans, DateTimeOffset from, DateTimeOffset to)
    {
        List<StateSpan> shown = [.. spans.Where(span => span.To > from && span.From < to).OrderBy(static span => span.From)];
        if (shown.Count == 0)
            return "No state is known for this time.";
        IEnumerable<string> parts = shown.Select((span, at) => at == shown.Count - 1
            ? shown.Count == 1 ? $"{span.State.Spoken} all the time" : $"since {Format.Clock(span.From)} {span.State.Spoken}"
            : $"{span.State.Spoken} until {Format.Clock(span.To)}");
        string sentence = string.Join(", ", parts) + ".";
        return char.ToUpperInvariant(sentence[0]) + sentence[1..];
    }
}
