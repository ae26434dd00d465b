using System.Globalization;

namespace ControlPlane.Web.Ui.Charts;

/// <summary>A coloured piece of a bar, in pixels from the top.</summary>
public readonly record struct StackedPiece(int Hue, double Y, double Height);

/// <summary>A bar in per cent of the width, with what its tooltip says.</summary>
public sealed record StackedBar(string Label, double X, double Width, bool Partial, IReadOnlyList<StackedPiece> Pieces, string Title);

/// <summary>Values to places. Pure; pieces are a pixel apart so that neighbours can be told without their colour.</summary>
public static class StackedBarsModel
{
    public const double Top = 8;

    public static IReadOnlyList<StackedBar> Build(IReadOnlyList<string> labels, IReadOnlyList<ChartSeries> series, NiceScale scale, double height, bool lastIsPartial, Func<double, string> say)
    {
        List<StackedBar> bars = new(labels.Count);
        double slot = 100.0 / Math.Max(1, labels.Count);
        for (int at = 0; at < labels.Count; at++)
        {
            List<StackedPiece> pieces = [];
            List<string> words = [];
            double floor = Top + height;
            foreach (ChartSeries one in series)
            {
                double value = ValueAt(one, at);
                double tall = value / scale.Top * height;
                if (value <= 0)
                    continue;
                pieces.Add(new StackedPiece(one.Hue, floor - tall, Math.Max(tall - 1, .5)));
                words.Add($"{one.Name} {say(value)}");
                floor -= tall;
            }
            words.Reverse();
            string title = $"{labels[at]}: {(words.Count == 0 ? "nothing" : string.Join(", ", words))}";
            bars.Add(new StackedBar(labels[at], slot * (at + .08), slot * .84, lastIsPartial && at == labels.Count - 1, pieces, title));
        }
        return bars;
    }

    public static IEnumerable<double> Totals(int count, IReadOnlyList<ChartSeries> series) =>
        Enumerable.Range(0, count).Select(at => series.Sum(one => ValueAt(one, at)));

    public static string Describe(IReadOnlyList<string> labels, IReadOnlyList<ChartSeries> series, Func<double, string> say)
    {
        double[] totals = [.. Totals(labels.Count, series)];
        if (totals.Length == 0 || totals.All(static total => total == 0))
            return "Nothing in this range.";
        int highest = Array.IndexOf(totals, totals.Max());
        ChartSeries largest = series.MaxBy(static one => one.Values.Sum(static value => value ?? 0))!; // a total above zero needs a series
        double share = largest.Values.Sum(static value => value ?? 0) / totals.Sum();
        string parts = series.Count > 1 ? $" {largest.Name} is the largest part, {Format.Percent(share)} of all." : "";
        return $"{labels[highest]} is highest with {say(totals[highest])}; the last has {say(totals[^1])}.{parts}";
    }

    /// <summary>At most five labels, first and last always.</summary>
    public static IEnumerable<int> LabelPlaces(int count) => count switch
    {
        0 => [],
        <= 5 => Enumerable.Range(0, count),
        _ => new[] { 0, (count - 1) / 2, count - 1 },
    };

    public static string Percent(double value) => value.ToString("0.###", CultureInfo.InvariantCulture) + "%";

    private static double ValueAt(ChartSeries series, int at) => at < series.Values.Count && series.Values[at] is { } value && double.IsFinite(value) ? Math.Max(0, value) : 0;
}
