namespace Routing.Core.Tests.Simulation;

/// <summary>Time that one thread moves, without timers and locks: millions of calls read it.</summary>
internal sealed class VirtualClock : TimeProvider
{
    public static readonly DateTimeOffset Start = new(2026, 11, 24, 14, 0, 0, TimeSpan.Zero);

    private long _now;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override long GetTimestamp() => _now;

    public override DateTimeOffset GetUtcNow() => Start.AddTicks(_now);

    public void MoveTo(long moment) => _now = moment;
}
