using Routing.Simulator.Calls;

namespace Routing.Simulator.Tests.Calls;

public sealed class SimulatorIdsTests
{
    [Fact]
    public void NextRandom_Neighbours_ShareNothing()
    {
        var ids = new SimulatorIds(1);
        var (first, second) = (ids.NextRandom(), ids.NextRandom());
        ulong[] ofFirst = [.. Enumerable.Range(0, 64).Select(_ => first.Next())];

        Assert.DoesNotContain(Enumerable.Range(0, 64).Select(_ => second.Next()), ofFirst.Contains);
    }

    [Fact]
    public void NextRandom_SameSeed_SameIds()
    {
        var (one, other) = (new SimulatorIds(7).NextRandom(), new SimulatorIds(7).NextRandom());

        Assert.Equal(SimulatorIds.Uuid(ref one), SimulatorIds.Uuid(ref other));
    }
}
