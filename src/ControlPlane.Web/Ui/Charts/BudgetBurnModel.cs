using System.Globalization;

namespace ControlPlane.Web.Ui.Charts;

/// <summary>Spend since the start of a period against its budget, with where it is heading. Sums are micro-units, cumulative, one a day.</summary>
public sealed record BudgetBurnModel(NiceScale Scale, string ActualPath, string? ForecastPath, string? IntervalPath, string PacePath, double NowX, double NowY, double EndY, double LimitY, string Sentence)
{
    /// <summary>Units of the drawing, which is stretched to its place; text stands outside it.</summary>
    public const double Width = 600;
    public const double Height = 150;

    public static BudgetBurnModel Build(IReadOnlyList<long> actual, int days, long budget, BudgetForecast? forecast, string currency)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(days, 2);
        long spent = actual.Count == 0 ? 0 : actual[^1];
        double highest = Math.Max(Math.Max(budget, spent), forecast?.High ?? 0);
        NiceScale scale = NiceScale.For(highest);
        double X(double day) => Width * day / days;
        double Y(double micros) => Height * (1 - micros / scale.Top);
        string Point(double day, double micros) => $"{N(X(day))},{N(Y(micros))}";

        string actualPath = "M" + Point(0, 0) + string.Concat(actual.Select((micros, at) => " " + Point(at + 1, micros)));
        double now = actual.Count;
        string? line = forecast is null ? null : $"M{Point(now, spent)} {Point(days, forecast.Middle)}";
        string? interval = forecast is null ? null : $"M{Point(now, spent)} {Point(days, forecast.High)} {Point(days, forecast.Low)}Z";
        return new BudgetBurnModel(scale, actualPath, line, interval, $"M{Point(0, 0)} {Point(days, budget)}",
            100 * now / days, 100 * Y(spent) / Height, 100 * Y(forecast?.Middle ?? spent) / Height, 100 * Y(budget) / Height, Describe(spent, budget, forecast, currency));
    }

    private static string Describe(long spent, long budget, BudgetForecast? forecast, string currency)
    {
        string text = $"{Format.Money(spent, currency)} of {Format.Money(budget, currency)} are spent";
        if (forecast is null)
            return text + "; too early to forecast.";
        string verdict = forecast.Middle > budget ? $", {Format.Money(forecast.Middle - budget, currency)} over" : "";
        return $"{text}; on course for {Format.Money(forecast.Middle, currency)}{verdict}, between {Format.Money(forecast.Low, currency)} and {Format.Money(forecast.High, currency)}.";
    }

    private static string N(double value) => Math.Round(value, 1).ToString("0.#", CultureInfo.InvariantCulture);
}

/// <summary>Where the period ends: the middle and the 80 % interval around it, in micro-units.</summary>
public sealed record BudgetForecast(long Low, long Middle, long High);
