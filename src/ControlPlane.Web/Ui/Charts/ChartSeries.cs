namespace ControlPlane.Web.Ui.Charts;

/// <summary>Stroke says which percentile, hue says what.</summary>
public enum SeriesStroke { Plain, P50, P90, P99, Previous }

/// <summary>One line or one colour of a stack. Values are evenly spaced, oldest first; null = no data.</summary>
/// <param name="Hue">1 to 8, the same for the same thing on every page.</param>
/// <param name="Area">Fills to the axis; for a line whose surface means something, such as money per minute.</param>
public sealed record ChartSeries(string Name, int Hue, IReadOnlyList<double?> Values, SeriesStroke Stroke = SeriesStroke.Plain, bool Area = false);

/// <summary>A limit drawn as a dashed red line with its words: "limit 1.80 s".</summary>
public sealed record ChartLimit(double Value, string Text);

/// <summary>Something that happened: a revision, a trip, a step of the ramp.</summary>
public sealed record ChartAnnotation(DateTimeOffset At, string Text);
