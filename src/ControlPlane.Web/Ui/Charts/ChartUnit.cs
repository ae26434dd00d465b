using System.Globalization;

namespace ControlPlane.Web.Ui.Charts;

/// <summary>What a chart's numbers are: milliseconds, a ratio of 0 to 1, per second, micro-units of money, or plain counts.</summary>
public enum ChartUnit { Milliseconds, Ratio, PerSecond, Money, Count }

internal static class ChartText
{
    private const int MostDecimals = 6;

    /// <summary>A value in prose and tables.</summary>
    public static string Value(double? value, ChartUnit unit, string currency = "USD") => unit switch
    {
        ChartUnit.Milliseconds => Format.Latency(value),
        ChartUnit.Ratio => Format.Percent(value, PercentKind.Error),
        ChartUnit.PerSecond => Format.Rate(value),
        ChartUnit.Money => Format.Money(value is { } micros ? (long)micros : null, currency),
        _ => Format.Count(value is { } count ? (long)Math.Round(count) : null),
    };

    /// <summary>A mark of the y axis; all marks of one axis have the same unit and decimals.</summary>
    public static string Mark(double value, ChartUnit unit, NiceScale scale, string currency = "USD") => unit switch
    {
        ChartUnit.Milliseconds when scale.Top >= 2000 => Format.Number(value / 1000, Decimals(scale.Step / 1000)) + Format.Nbsp + "s",
        ChartUnit.Milliseconds => Format.Number(value, 0) + Format.Nbsp + "ms",
        ChartUnit.Ratio => Format.Number(value * 100, Decimals(scale.Step * 100)) + Format.Nbsp + "%",
        ChartUnit.PerSecond => Format.Number(value, Decimals(scale.Step)) + (value == 0 ? "" : Format.Nbsp + "/s"),
        ChartUnit.Money => MoneyMark(value / 1e6, scale.Step / 1e6, scale.Top / 1e6, currency),
        _ => scale.Top >= 1e6 ? Format.Number(value / 1e6, Decimals(scale.Step / 1e6)) + Format.Nbsp + "M"
            : scale.Top >= 1e4 ? Format.Number(value / 1e3, Decimals(scale.Step / 1e3)) + Format.Nbsp + "k" : Format.Number(value, Decimals(scale.Step)),
    };

    private static string MoneyMark(double value, double step, double top, string currency)
    {
        string sign = Format.Money(0, currency)[..^4];
        return top >= 10_000
            ? sign + Format.Number(value / 1000, Decimals(step / 1000)) + Format.Nbsp + "k"
            : sign + value.ToString("N" + (Decimals(step) is > 0 and var decimals ? Math.Max(2, decimals) : 0), CultureInfo.InvariantCulture);
    }

    // As many as the step has itself: marks of 0.025 that are cut to two would not be even.
    private static int Decimals(double step)
    {
        int decimals = 0;
        while (decimals < MostDecimals && Math.Abs(step - Math.Round(step)) > step * 1e-6)
        {
            step *= 10;
            decimals++;
        }
        return decimals;
    }
}
