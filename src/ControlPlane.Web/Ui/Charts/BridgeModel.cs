using System.Globalization;

namespace ControlPlane.Web.Ui.Charts;

/// <summary>A cause of a difference: micro-units it added, or took away.</summary>
public sealed record BridgeStep(string Name, long MicroUnits);

/// <summary>A column in per cent of the width; heights in pixels.</summary>
public sealed record BridgeColumn(string Name, string Figure, double X, double Width, double Y, double Height, string Css, double LinkY);

/// <summary>From one total to another by causes. When the causes are small against the totals the axis is cut, and the sentence says where it starts.</summary>
public sealed record BridgeModel(IReadOnlyList<BridgeColumn> Columns, long AxisStart, string Sentence)
{
    public const double Top = 16;

    public static BridgeModel Build(string fromName, long from, IReadOnlyList<BridgeStep> steps, string toName, double height, string currency)
    {
        List<long> levels = [from];
        foreach (BridgeStep step in steps)
            levels.Add(levels[^1] + step.MicroUnits);
        long to = levels[^1];
        long lowest = levels.Min();
        long highest = Math.Max(levels.Max(), 1);
        long start = AxisStartFor(lowest, highest);
        double scale = height / Math.Max(1, highest - start);
        // All figures of one drawing have the same decimals: none, unless it is about less than ten.
        MoneyKind kind = highest >= 10_000_000 ? MoneyKind.Whole : MoneyKind.Total;
        double slot = 100.0 / (steps.Count + 2);
        double YOf(long level) => Top + (highest - level) * scale;

        List<BridgeColumn> columns = [Total(fromName, from, 0)];
        for (int at = 0; at < steps.Count; at++)
        {
            long before = levels[at];
            long after = levels[at + 1];
            double top = YOf(Math.Max(before, after));
            columns.Add(new BridgeColumn(steps[at].Name, Format.MoneyChange(steps[at].MicroUnits, currency, kind), slot * (at + 1.12), slot * .76, top,
                Math.Max(1, YOf(Math.Min(before, after)) - top), after >= before ? "f2" : "f3", YOf(after)));
        }
        columns.Add(Total(toName, to, steps.Count + 1));
        return new BridgeModel(columns, start, Describe(from, to, steps, start, currency));

        BridgeColumn Total(string name, long level, int at) =>
            new(name, Format.Money(level, currency, kind), slot * (at + .12), slot * .76, YOf(level), Math.Max(1, Top + height - YOf(level)), "f-neutral", YOf(level));
    }

    public static string Percent(double value) => value.ToString("0.###", CultureInfo.InvariantCulture) + "%";

    /// <summary>Cut only when more than half of the drawing would be the part nobody asks about.</summary>
    private static long AxisStartFor(long lowest, long highest)
    {
        long spread = highest - lowest;
        if (lowest <= 0 || spread * 2 > highest)
            return Math.Min(0, lowest);
        long unit = (long)Math.Pow(10, Math.Floor(Math.Log10(Math.Max(1, spread))));
        return Math.Max(0, (lowest - spread) / unit * unit);
    }

    private static string Describe(long from, long to, IReadOnlyList<BridgeStep> steps, long start, string currency)
    {
        string change = $"{Format.Money(from, currency)} became {Format.Money(to, currency)}.";
        BridgeStep? most = steps.Where(static step => step.MicroUnits > 0).MaxBy(static step => step.MicroUnits);
        BridgeStep? least = steps.Where(static step => step.MicroUnits < 0).MinBy(static step => step.MicroUnits);
        if (most is not null)
            change += $" {most.Name} added most, {Format.Money(most.MicroUnits, currency)}.";
        if (least is not null)
            change += $" {least.Name} took back most, {Format.Money(-least.MicroUnits, currency)}.";
        return start > 0 ? $"{change} The axis starts at {Format.Money(start, currency)}." : change;
    }
}
