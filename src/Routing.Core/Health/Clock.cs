namespace Routing.Core.Health;

internal static class Clock
{
    /// <summary>A span in the unit of <see cref="TimeProvider.GetTimestamp"/>.</summary>
    public static long Ticks(TimeProvider time, TimeSpan span) => (long)(span.TotalSeconds * time.TimestampFrequency);
}
