namespace ControlPlane.Web.Ui.Charts;

/// <summary>A y axis from zero to a round number just above the largest value, in three to five equal steps.</summary>
public readonly record struct NiceScale(double Top, double Step)
{
    public int Steps => (int)Math.Round(Top / Step);

    /// <summary>As <see cref="For(double)"/>, but a ratio's axis ends at the whole: there is no 125 %.</summary>
    public static NiceScale For(double largest, ChartUnit unit) =>
        unit == ChartUnit.Ratio && largest <= 1 && For(largest) is { Top: > 1 } ? new NiceScale(1, .25) : For(largest);

    public static NiceScale For(double largest)
    {
        if (!(largest > 0) || !double.IsFinite(largest))
            return new NiceScale(1, .5);
        double rough = largest / 4;
        double power = Math.Pow(10, Math.Floor(Math.Log10(rough)));
        double step = power * (rough / power) switch { <= 1 => 1, <= 2 => 2, <= 2.5 => 2.5, <= 5 => 5, _ => 10 };
        // Headroom of a twentieth, so that the highest line is not glued to the frame.
        double top = Math.Ceiling(largest * 1.05 / step) * step;
        return new NiceScale(top, step);
    }
}
