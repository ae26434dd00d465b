namespace ControlPlane.Web.Ui.Charts;

/// <summary>A chart in one sentence: what a reader who cannot see it needs first, and what stands under it for everybody.</summary>
public static class ChartSentence
{
    public static string Describe(ChartSeries? main, DateTimeOffset start, TimeSpan step, ChartUnit unit, ChartLimit? limit = null, string currency = "USD")
    {
        List<(int At, double Value)> known = [];
        for (int i = 0; i < (main?.Values.Count ?? 0); i++)
        {
            if (main!.Values[i] is { } value && double.IsFinite(value)) // the loop does not run without main
                known.Add((i, value));
        }
        if (main is null || known.Count == 0)
            return "No data in this range.";

        string Text(double value) => ChartText.Value(value, unit, currency);
        string Clock(int at) => TimeAxis.Label(start + step * at, step * main.Values.Count);
        (int At, double Value) highest = known.MaxBy(static point => point.Value);
        double last = known[^1].Value;
        double lowest = known.Min(static point => point.Value);
        string name = main.Name.Length == 0 ? "It" : main.Name;

        if (limit is not null && highest.Value > limit.Value)
        {
            List<(int At, double Value)> over = known.FindAll(point => point.Value > limit.Value);
            bool still = over[^1].At == known[^1].At;
            string when = over.Count == 1 ? $"at {Clock(over[0].At)}" : still ? $"since {Clock(over[0].At)}" : $"between {Clock(over[0].At)} and {Clock(over[^1].At)}";
            return $"{name} went over its {Text(limit.Value)} limit {when}; highest {Text(highest.Value)} at {Clock(highest.At)}, now {Text(last)}.";
        }
        if (limit is not null)
            return $"{name} stayed under its {Text(limit.Value)} limit; highest {Text(highest.Value)} at {Clock(highest.At)}, now {Text(last)}.";
        return Text(lowest) == Text(highest.Value)
            ? $"{name} stayed at {Text(last)}."
            : $"{name} ran from {Text(lowest)} to {Text(highest.Value)}, highest at {Clock(highest.At)}; now {Text(last)}.";
    }
}
