using System.Globalization;

namespace ControlPlane.Web.Ui.Charts;

/// <summary>The x axis that every drawing on a page shares.</summary>
internal static class TimeAxis
{
    private const int Parts = 4;

    /// <summary>0 to 100 across the range; outside is cut.</summary>
    public static double Percent(DateTimeOffset at, DateTimeOffset from, DateTimeOffset to) =>
        Math.Clamp((at - from) / (to - from), 0, 1) * 100;

    /// <summary>Five marks: hours up to two days, days beyond.</summary>
    public static IReadOnlyList<TimeMark> Marks(DateTimeOffset from, DateTimeOffset to)
    {
        TimeMark[] marks = new TimeMark[Parts + 1];
        for (int i = 0; i <= Parts; i++)
            marks[i] = new TimeMark(100.0 * i / Parts, Label(from + (to - from) * ((double)i / Parts), to - from), i == 0 ? "start" : i == Parts ? "end" : "middle");
        return marks;
    }

    public static string Label(DateTimeOffset at, TimeSpan range) => range.TotalMinutes <= 5
        ? Format.ClockSeconds(at)
        : range.TotalDays <= 2 ? Format.Clock(at) : range.TotalDays <= 8 ? at.UtcDateTime.ToString("d MMM HH:mm", CultureInfo.InvariantCulture) : Format.Day(at);
}
