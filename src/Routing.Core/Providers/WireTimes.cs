using System.Globalization;

namespace Routing.Core.Providers;

/// <summary>The spellings in which providers write a time to come. A moment is measured against the provider's own clock, so that ours may be off.</summary>
internal static class WireTimes
{
    private const int LongestDuration = 32;

    /// <summary>A wait in any spelling: seconds, a Go or protobuf duration, an RFC 3339 moment or an HTTP date. Null when it is none, or is past.</summary>
    /// <param name="date">The answer's <c>date</c> header.</param>
    public static TimeSpan? Wait(string text, string? date) => Seconds(text) ?? Duration(text) ?? Until(text, date);

    public static TimeSpan? Seconds(string text) => Number(text) is { } seconds ? Positive(TimeSpan.FromSeconds(Math.Min(seconds, 1e7))) : null;

    public static TimeSpan? Milliseconds(string text) => Number(text) is { } milliseconds ? Positive(TimeSpan.FromMilliseconds(Math.Min(milliseconds, 1e10))) : null;

    /// <summary><c>3.5s</c>, <c>250ms</c>, <c>6m0s</c>, <c>1h2m3s</c>.</summary>
    public static TimeSpan? Duration(string? text)
    {
        if (string.IsNullOrEmpty(text) || text.Length > LongestDuration) return null;
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

        return Positive(TimeSpan.FromMilliseconds(Math.Min(milliseconds, 1e10)));
    }

    private static TimeSpan? Until(string text, string? date) => Moment(text) is { } until && Moment(date) is { } now ? Positive(until - now) : null;

    private static DateTimeOffset? Moment(string? text) =>
        DateTimeOffset.TryParseExact(text, ["r", "yyyy-MM-dd'T'HH:mm:ssK", "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFK"], CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var moment)
            ? moment : null;

    private static double? Number(string text) =>
        double.TryParse(text.Trim(), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var value) && double.IsFinite(value) ? value : null;

    private static double? Factor(string unit) => unit switch { "ns" => 1e-6, "us" => 1e-3, "ms" => 1, "s" => 1e3, "m" => 6e4, "h" => 3.6e6, _ => null };

    private static TimeSpan? Positive(TimeSpan wait) => wait > TimeSpan.Zero ? wait : null;
}
