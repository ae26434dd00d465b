using System.Globalization;

namespace ControlPlane.Web.Ui;

/// <summary>
/// How every number of the product is written. The space before a unit does not break, minus is a true minus, and a value that is not zero
/// is never shown as zero. Separators are invariant, because the process runs without culture data.
/// </summary>
public static class Format
{
    public const char Nbsp = '\u00A0';
    public const char Minus = '\u2212';
    public const string Nothing = "–";

    private static readonly CultureInfo Culture = CultureInfo.InvariantCulture;

    /// <summary>890 ms, 1.62 s, 8.4 s.</summary>
    public static string Latency(double? milliseconds) => milliseconds switch
    {
        null => Nothing,
        double value when !double.IsFinite(value) => Nothing,
        > 0 and < 0.95 and double value => Number(value, 1) + Nbsp + "ms",
        double value when Math.Round(value) < 1000 => Number(value, 0) + Nbsp + "ms",
        < 5_000 and double value => Number(value / 1000, 2) + Nbsp + "s",
        < 600_000 and double value => Number(value / 1000, 1) + Nbsp + "s",
        double value => Duration(TimeSpan.FromMilliseconds(value)),
    };

    public static string Latency(TimeSpan? latency) => Latency(latency?.TotalMilliseconds);

    /// <summary>2,310: the figure of a matrix cell, whose unit stands once behind both percentiles.</summary>
    public static string Milliseconds(double? milliseconds) => milliseconds is { } value && double.IsFinite(value) ? Number(value, 0) : Nothing;

    /// <summary>3 min 36 s: two units at most.</summary>
    public static string Duration(TimeSpan duration)
    {
        TimeSpan value = duration < TimeSpan.Zero ? TimeSpan.Zero : duration;
        if (value < TimeSpan.FromSeconds(1))
            return Number(value.TotalMilliseconds, 0) + Nbsp + "ms";
        if (value < TimeSpan.FromMinutes(1))
            return Number(Math.Floor(value.TotalSeconds * 10) / 10, value.Milliseconds >= 100 && value.TotalSeconds < 10 ? 1 : 0) + Nbsp + "s";
        return value switch
        {
            { TotalHours: < 1 } => Two(value.Minutes, "min", value.Seconds, "s"),
            { TotalDays: < 1 } => Two(value.Hours, "h", value.Minutes, "min"),
            _ => Two((int)value.TotalDays, "d", value.Hours, "h"),
        };
    }

    /// <summary>2 s ago, 4 min 5 s ago, 3 h ago. A moment ahead of our clock counts as now.</summary>
    public static string Age(TimeSpan age, bool ago = true)
    {
        long seconds = Math.Max(0, (long)age.TotalSeconds);
        string text = seconds switch
        {
            < 60 => $"{seconds}{Nbsp}s",
            < 600 => Two((int)(seconds / 60), "min", (int)(seconds % 60), "s"),
            < 3600 => $"{seconds / 60}{Nbsp}min",
            < 48 * 3600 => $"{seconds / 3600}{Nbsp}h",
            _ => $"{seconds / 86400}{Nbsp}d",
        };
        return ago ? text + " ago" : text;
    }

    /// <summary>91 %, 0.2 %, 99.98 %: the kind decides the decimals. Neither "0" for something nor "100" for less than all.</summary>
    public static string Percent(double? ratio, PercentKind kind = PercentKind.Share)
    {
        if (ratio is not { } value || !double.IsFinite(value))
            return Nothing;
        int decimals = kind switch { PercentKind.Error => 1, PercentKind.Availability => 2, _ => 0 };
        double step = Math.Pow(10, -decimals);
        double percent = value * 100;
        if (percent > 0 && percent < step / 2)
            return "<" + Nbsp + Number(step, decimals) + Nbsp + "%";
        if (percent < 100 && Math.Round(percent, decimals, MidpointRounding.AwayFromZero) >= 100)
            return ">" + Nbsp + Number(100 - step, decimals) + Nbsp + "%";
        return Number(percent, decimals) + Nbsp + "%";
    }

    /// <summary>46.2 /s.</summary>
    public static string Rate(double? perSecond) => RateFigure(perSecond) is var figure && figure == Nothing ? Nothing : figure + Nbsp + "/s";

    /// <summary>46.2, for a place that writes its own unit.</summary>
    public static string RateFigure(double? perSecond) => perSecond switch
    {
        null => Nothing,
        double value when !double.IsFinite(value) => Nothing,
        > 0 and < 0.05 => "<" + Nbsp + "0.1",
        >= 10_000 and double value => Number(value, 0),
        double value => Number(value, 1),
    };

    /// <summary>99,999, then 532.44 k and 10.12 M: for tables, with <see cref="CountExact"/> in the title.</summary>
    public static string Count(long? count) => count switch
    {
        null => Nothing,
        long value when Math.Abs(value) < 100_000 => Number(value, 0),
        long value when Math.Abs(value) < 1_000_000 => Number(value / 1e3, 2) + Nbsp + "k",
        long value when Math.Abs(value) < 1_000_000_000 => Number(value / 1e6, 2) + Nbsp + "M",
        long value => Number(value / 1e9, 2) + Nbsp + "bn",
    };

    /// <summary>532,440: for prose and titles.</summary>
    public static string CountExact(long? count) => count is { } value ? Number(value, 0) : Nothing;

    /// <summary>$18,412 in totals, $212.40 in rates, $0.00412 per request.</summary>
    public static string Money(long? microUnits, string currency = "USD", MoneyKind kind = MoneyKind.Total)
    {
        if (microUnits is not { } micros)
            return Nothing;
        decimal amount = Math.Abs((decimal)micros) / 1_000_000m;
        int decimals = kind switch
        {
            MoneyKind.PerRequest => 5,
            MoneyKind.Whole => amount is > 0 and < 1 ? 2 : 0,
            MoneyKind.Rate or MoneyKind.PerThousand => amount is > 0 and < 0.01m ? 5 : 2,
            _ => amount >= 1000 ? 0 : amount is > 0 and < 0.01m ? 5 : 2,
        };
        string sign = micros < 0 ? Minus.ToString() : "";
        if (amount > 0 && amount < 0.000005m)
            return sign + "<" + Nbsp + Symbol(currency) + "0.00001";
        return sign + Symbol(currency) + Math.Round(amount, decimals, MidpointRounding.AwayFromZero).ToString("N" + decimals, Culture);
    }

    /// <summary>+$1,432: a difference of money, sign always.</summary>
    public static string MoneyChange(long microUnits, string currency = "USD", MoneyKind kind = MoneyKind.Total) =>
        microUnits > 0 ? "+" + Money(microUnits, currency, kind) : Money(microUnits, currency, kind);

    /// <summary>−3.7 %: sign always; the caller names the period it is against.</summary>
    public static string Change(double? ratio, int decimals = 1)
    {
        if (ratio is not { } value || !double.IsFinite(value))
            return Nothing;
        double percent = Math.Round(value * 100, decimals, MidpointRounding.AwayFromZero);
        return (percent > 0 ? "+" : "") + Number(percent, decimals) + Nbsp + "%";
    }

    /// <summary>7 of 50 samples: what is shown instead of a ratio when there is too little.</summary>
    public static string Samples(long have, long need) => $"{Number(have, 0)} of {Number(need, 0)} samples";

    /// <summary>14:02.</summary>
    public static string Clock(DateTimeOffset at) => at.UtcDateTime.ToString("HH:mm", Culture);

    /// <summary>14:02:11, for events.</summary>
    public static string ClockSeconds(DateTimeOffset at) => at.UtcDateTime.ToString("HH:mm:ss", Culture);

    /// <summary>19 Nov.</summary>
    public static string Day(DateTimeOffset at) => at.UtcDateTime.ToString("d MMM", Culture);

    /// <summary>19 Nov 2026, 14:02.</summary>
    public static string DayAndClock(DateTimeOffset at) => at.UtcDateTime.ToString("d MMM yyyy, HH:mm", Culture);

    /// <summary>Separators, fixed decimals, true minus; never "−0".</summary>
    public static string Number(double value, int decimals)
    {
        string text = Math.Round(value, decimals, MidpointRounding.AwayFromZero).ToString("N" + decimals.ToString(Culture), Culture);
        return text.StartsWith('-') ? text.AsSpan(1).ContainsAnyExcept("0.,") ? Minus + text[1..] : text[1..] : text;
    }

    private static string Two(int large, string largeUnit, int small, string smallUnit) =>
        small == 0 ? $"{large}{Nbsp}{largeUnit}" : $"{large}{Nbsp}{largeUnit} {small}{Nbsp}{smallUnit}";

    private static string Symbol(string currency) => currency switch
    {
        "USD" => "$",
        "EUR" => "€",
        "GBP" => "£",
        _ => currency + Nbsp,
    };
}

/// <summary>Shares have no decimals, errors one, availability two.</summary>
public enum PercentKind { Share, Error, Availability }

/// <summary>Totals drop cents from 1,000 on; rates and prices per thousand keep them; a request's price has five decimals; Whole is for sums drawn side by side.</summary>
public enum MoneyKind { Total, Rate, PerThousand, PerRequest, Whole }

/// <summary>Where a sum of money comes from.</summary>
public enum Confidence { Estimated, Reported, Reconciled, Unpriced }
