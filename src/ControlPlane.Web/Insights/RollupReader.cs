using ControlPlane.Web.Data;
using ControlPlane.Web.Usage;
using Microsoft.EntityFrameworkCore;

namespace ControlPlane.Web.Insights;

/// <summary>Reads roll-ups of a range at the finest level that keeps the number of rows sensible.</summary>
internal static class RollupReader
{
    private static readonly TimeSpan MinutesUpTo = TimeSpan.FromHours(24);
    private static readonly TimeSpan HoursUpTo = TimeSpan.FromDays(31);

    public static RollupStep StepFor(TimeSpan length) => length <= MinutesUpTo ? RollupStep.Minute : length <= HoursUpTo ? RollupStep.Hour : RollupStep.Day;

    /// <summary>Whole periods that begin in the range, its first one included.</summary>
    public static IQueryable<AttemptRollup> Attempts(ControlPlaneDb db, DateTimeOffset from, DateTimeOffset to)
    {
        RollupStep step = StepFor(to - from);
        DateTimeOffset start = Rounding.Down(from, step);
        return db.AttemptRollups.AsNoTracking().Where(r => r.Step == step && r.Start >= start && r.Start < to);
    }

    public static IQueryable<RequestRollup> Requests(ControlPlaneDb db, DateTimeOffset from, DateTimeOffset to)
    {
        RollupStep step = StepFor(to - from);
        DateTimeOffset start = Rounding.Down(from, step);
        return db.RequestRollups.AsNoTracking().Where(r => r.Step == step && r.Start >= start && r.Start < to);
    }
}
