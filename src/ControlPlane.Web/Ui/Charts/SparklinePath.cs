using System.Text;

namespace ControlPlane.Web.Ui.Charts;

/// <summary>Values to an SVG path. A missing value is a gap; a value alone between gaps is a dot.</summary>
public static class SparklinePath
{
    private const int MostPoints = 120;

    /// <param name="values">Evenly spaced in time, oldest first.</param>
    /// <param name="width">Of the drawing.</param>
    /// <param name="height">Of the drawing; one unit is kept free above and below, so that the stroke is not cut.</param>
    /// <param name="ceiling">The value drawn at the top; without it the largest one, so that several lines of one page can share a scale.</param>
    public static string Build(IReadOnlyList<double?> values, double width, double height, double? ceiling = null)
    {
        IReadOnlyList<double?> points = Thin(values);
        List<double> known = [.. points.Where(static value => value is { } number && double.IsFinite(number)).Select(static value => value!.Value /* filtered */)];
        if (known.Count == 0)
            return "";
        double top = Math.Max(ceiling ?? known.Max(), known.Max());
        double floor = Math.Min(0, known.Min());
        double scale = top > floor ? (height - 2) / (top - floor) : 0;
        double step = points.Count > 1 ? width / (points.Count - 1) : 0;
        StringBuilder path = new();
        bool drawing = false;
        for (int i = 0; i < points.Count; i++)
        {
            if (points[i] is not { } value || !double.IsFinite(value))
            {
                drawing = false;
                continue;
            }
            double y = top > floor ? height - 1 - (value - floor) * scale : height / 2;
            path.Append(drawing ? ' ' : 'M').Append(SvgNumber.Of(i * step)).Append(',').Append(SvgNumber.Of(y));
            bool alone = !drawing && (i + 1 == points.Count || points[i + 1] is not { } next || !double.IsFinite(next));
            if (alone)
                path.Append("h.1");
            drawing = true;
        }
        return path.ToString();
    }

    /// <summary>Keeps the largest of each bucket: what matters on a latency line is its peaks.</summary>
    private static IReadOnlyList<double?> Thin(IReadOnlyList<double?> values)
    {
        if (values.Count <= MostPoints)
            return values;
        double?[] thin = new double?[MostPoints];
        for (int i = 0; i < values.Count; i++)
        {
            int bucket = (int)((long)i * MostPoints / values.Count);
            thin[bucket] = thin[bucket] is { } have && values[i] is { } value ? Math.Max(have, value) : values[i] ?? thin[bucket];
        }
        return thin;
    }
}
