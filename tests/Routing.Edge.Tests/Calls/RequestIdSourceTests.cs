using Routing.Edge.Calls;
using Routing.Edge.Snapshots;

namespace Routing.Edge.Tests.Calls;

public sealed class RequestIdSourceTests
{
    private static readonly DateTimeOffset At = new(2026, 3, 1, 12, 0, 0, 123, TimeSpan.Zero);

    [Fact]
    public void Next_AnyTime_IsVersion7WithThatTime()
    {
        var id = new RequestIdSource(new EdgeSeed(42)).Next(At);
        Assert.Equal((7, 8), (id.Version, id.Variant & 0xC));
        Assert.StartsWith(At.ToUnixTimeMilliseconds().ToString("x12"), id.ToString("N"), StringComparison.Ordinal);
    }

    [Fact]
    public void Next_SameMillisecondFromSeveralEdgesAndThreads_AllDiffer()
    {
        var edges = Enumerable.Range(0, 4).Select(n => new RequestIdSource(new EdgeSeed((ulong)n * 7919))).ToArray();
        var ids = Enumerable.Range(0, 100_000).AsParallel().Select(n => edges[n % edges.Length].Next(At)).ToArray();
        Assert.Equal(ids.Length, ids.Distinct().Count());
    }

    [Fact]
    public void Next_SameSeed_ReplaysTheSameIds() =>
        Assert.Equal(new RequestIdSource(new EdgeSeed(7)).Next(At), new RequestIdSource(new EdgeSeed(7)).Next(At));
}
