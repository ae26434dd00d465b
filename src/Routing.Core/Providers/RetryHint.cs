using System.Globalization;

namespace Routing.Core.Providers;

/// <summary>Every spelling in which a provider says how long to stay away.</summary>
public static class RetryHint
{
    // A hint beyond this is a mistake or an outage notice; the breaker's own schedule is better evidence.
    private static readonly TimeSpan Longest = TimeSpan.FromHours(1);

    /// <summary>From headers: <c>retry-after-ms</c>, then <c>retry-after</c> in seconds or as an HTTP date. Null when there is none that makes sense.</summary>
    public static TimeSpan? From(IWireHeaders headers)
    {
        if (headers["retry-after-ms"] is { } ms && Number(ms) is { } milliseconds) return Sane(TimeSpan.FromMilliseconds(Math.Min(milliseconds, 1e9)));
        if (headers["retry-after"] is not { } text) return null;
        if (Number(text) is { } seconds) return Sane(TimeSpan.FromSeconds(Math.Min(seconds, 1e7)));
        return Date(text, headers["date"]);
    }

    /// <summary>A protobuf or Go duration: <c>3.5s</c>, <c>250ms</c>, <c>6m0s</c>, <c>1h2m3s</c>.</summary>
    public static TimeSpan? Duration(string? text)
    {
        if (string.IsNullOrEmpty(text) || text.Length > 32) return null;
        double milliseconds = 0;
        for (var at = 0; at < text.Length;)
        {
            var digits = at;
            while (digits < text.Length && (char.IsAsciiDigit(text[digits]) || text[digits] == '.')) digits++;
            var unit = digits;
            while (unit < text.Length && char.IsAsciiLetter(text[unit])) unit++;
            if (digits == at || Number(text[at..digits]) is not { } value || Factor(text[digits..unit]) is not { } factor) return null;
            milliseconds += value * factor;
            at = unit;
        }

        return Sane(TimeSpan.FromMilliseconds(Math.Min(milliseconds, 1e9)));
    }

    // Measured against the provider's own clock, so that ours may be off.
    private static TimeSpan? Date(string text, string? now) =>
        DateTimeOffset.TryParseExact(text, "r", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var until)
        && DateTimeOffset.TryParseExact(now, "r", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var from)
            ? Sane(until - from) : null;

    private static double? Number(string text) =>
        double.TryParse(text.Trim(), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var value) && double.IsFinite(value) ? value : null;

    private static double? Factor(string unit) => unit switch { "ns" => 1e-6, "us" => 1e-3, "ms" => 1, "s" => 1e3, "m" => 6e4, "h" => 3.6e6, _ => null };

    private static TimeSpan? Sane(TimeSpan wait) => wait <= TimeSpan.Zero ? null : wait > Longest ? Longest : wait;
}
