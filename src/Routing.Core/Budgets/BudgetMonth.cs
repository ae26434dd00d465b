using System.Globalization;

namespace Routing.Core.Budgets;

/// <summary>A calendar month in UTC, as the number yyyymm: what spending is kept by. An account is never emptied; another month has another one.</summary>
public static class BudgetMonth
{
    public static int Of(DateTimeOffset at)
    {
        var utc = at.UtcDateTime;
        return (utc.Year * 100) + utc.Month;
    }

    public static DateTimeOffset Start(int month) => new(month / 100, month % 100, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>Where the next one begins.</summary>
    public static DateTimeOffset End(int month) => Start(month).AddMonths(1);

    /// <summary>"November 2026".</summary>
    public static string Name(int month) => Start(month).ToString("MMMM yyyy", CultureInfo.InvariantCulture);

    /// <summary>Whether a number that came from outside is a month.</summary>
    public static bool IsValid(int month) => month is >= 2000_01 and <= 9998_12 && month % 100 is >= 1 and <= 12;
}
