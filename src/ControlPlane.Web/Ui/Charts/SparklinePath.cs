using System.Text;

namespace ControlPlane.Web.Ui.Charts;

/// <summary>Values to an SVG path. A missing value is a gap; a value alone between gaps is a dash as long as half the step it stands for.</summary>
public static class SparklinePath
{
    private const int MostPoints = 120;

    /// <param name="values">Evenly spaced in time, oldest first.</param>
    /// <param name="width">Of the drawing.</param>
    /// <param name="height">Of the drawing; one unit is kept free above and below, so that the stroke is not cut.</param>
    /// <param name="ceiling">The value drawn at the top; without it the largest one, so that several lines of one page can share a scale.</param>
    /// <param name="floorShare">Where the bottom is, as a share of the smallest value: 0 for charts; more lets a small line move.</param>
    public static string Build(IReadOnlyList<double?> values, double width, double height, double? ceiling = null, double floorShare = 0)
    {
        IReadOnlyList<double?> points = Downsample.Thin(values, MostPoints);
        List<double> known = [.. points.Where(static value => value is { } number && double.IsFinite(number)).Select(static value => value!.Value /* filtered */)];
        if (known.Count == 0)
            return "";
        double top = Math.Max(ceiling ?? known.Max(), known.Max());
        double floor = Math.Min(known.Min(), Math.Max(0, known.Min()) * floorShare);
        double scale = top > floor ? (height - 2) / (top - floor) : 0;
        double step = points.Count > 1 ? width / (points.Count - 1) : width;
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
            bool alone = !drawing && (i + 1 == points.Count || points[i + 1] is not { } next || !double.IsFinite(next));
            double dash = !alone ? 0 : points.Count > 1 ? step / 2 : width;
            double x = Math.Clamp(i * step - dash / 2, 0, width - dash);
            path.Append(drawing ? ' ' : 'M').Append(SvgNumber.Of(x)).Append(',').Append(SvgNumber.Of(y));
            if (alone)
                path.Append('h').Append(SvgNumber.Of(dash));
            drawing = true;
        }
        return path.ToString();
    }
}
