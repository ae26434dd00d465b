using System.Globalization;

namespace ControlPlane.Web.Requests;

/// <summary>
/// The first digits of request ids, as callers see them in <c>x-route-request-id</c>. An id of version 7 begins with the millisecond it was made in,
/// so that its first digits are a range of time: no engine has to search in the text of ids.
/// </summary>
public sealed record RequestIdPrefix
{
    /// <summary>Eight digits are a range of 65 s; fewer would be hours and days.</summary>
    public const int FewestDigits = 8;

    private const int Digits = 32;
    private const int TimeDigits = 12;

    private RequestIdPrefix(string digits) => Text = digits;

    /// <summary>Lower-case hexadecimal digits without hyphens.</summary>
    public string Text { get; }

    /// <summary>The whole id; null when it is only its beginning.</summary>
    public Guid? Whole => Text.Length == Digits ? Guid.ParseExact(Text, "N") : null;

    public DateTimeOffset From => Moment('0');

    /// <summary>Not included.</summary>
    public DateTimeOffset To => Moment('f').AddMilliseconds(1);

    public static RequestIdPrefix? Parse(string? text)
    {
        string digits = (text ?? "").Trim().Replace("-", "", StringComparison.Ordinal).ToLowerInvariant();
        bool fits = digits.Length is >= FewestDigits and <= Digits && digits.All(char.IsAsciiHexDigit);
        return fits ? new RequestIdPrefix(digits) : null;
    }

    public bool Fits(Guid id) => id.ToString("N").StartsWith(Text, StringComparison.Ordinal);

    private DateTimeOffset Moment(char filler)
    {
        string time = Text.Length >= TimeDigits ? Text[..TimeDigits] : Text.PadRight(TimeDigits, filler);
        long milliseconds = long.Parse(time, NumberStyles.HexNumber, CultureInfo.InvariantCulture);
        return DateTimeOffset.FromUnixTimeMilliseconds(Math.Min(milliseconds, DateTimeOffset.MaxValue.ToUnixTimeMilliseconds() - 1));
    }
}
