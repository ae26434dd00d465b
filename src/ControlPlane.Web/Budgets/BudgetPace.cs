using ControlPlane.Web.Ui.Charts;

namespace ControlPlane.Web.Budgets;

/// <summary>Where spending is heading, from the whole days of the last week. Pure.</summary>
/// <param name="PerDay">Mean of a day, in micro-units.</param>
/// <param name="Deviation">Of single days from it.</param>
public sealed record BudgetPace(double PerDay, double Deviation)
{
    /// <summary>A day or two say nothing of a month.</summary>
    public const int FewestDays = 3;
    public const int Days = 7;

    // Eight of ten outcomes lie so many deviations around the middle.
    private const double Interval = 1.28;

    /// <param name="days">Spend of each whole day, those without any included.</param>
    /// <returns>Null: too early to tell.</returns>
    public static BudgetPace? Of(IReadOnlyCollection<long> days)
    {
        if (days.Count < FewestDays) return null;
        double mean = days.Average();
        return new BudgetPace(mean, Math.Sqrt(days.Sum(d => (d - mean) * (d - mean)) / (days.Count - 1)));
    }

    /// <summary>When the rest will be spent; null when it lasts beyond <paramref name="end"/>, or is spent already.</summary>
    public DateTimeOffset? ReachedAt(long left, DateTimeOffset now, DateTimeOffset end)
    {
        if (left <= 0 || PerDay <= 0) return null;
        double days = left / PerDay;
        return days < (end - now).TotalDays ? now.AddDays(days) : null;
    }

    public BudgetForecast Forecast(long spent, DateTimeOffset now, DateTimeOffset end)
    {
        double left = (end - now).TotalDays;
        (double middle, double half) = (spent + (PerDay * left), Interval * Deviation * Math.Sqrt(left));
        return new BudgetForecast((long)Math.Max(spent, middle - half), (long)middle, (long)(middle + half));
    }
}
