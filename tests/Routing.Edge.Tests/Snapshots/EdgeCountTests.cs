using Microsoft.Extensions.Logging.Abstractions;
using Routing.Core.Health;
using Routing.Edge.Snapshots;
using TestKit;

namespace Routing.Edge.Tests.Snapshots;

public sealed class EdgeCountTests : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly ManualTime _time = new();

    [Fact]
    public void Hear_MoreEdges_CountAtOnceAndAfterARestart()
    {
        var health = Registry();
        Count(health).Hear(4);
        Assert.Equal(4, health.Edges);

        var again = Registry();
        Count(again);
        Assert.Equal(4, again.Edges);
    }

    [Fact]
    public void Hear_FewerEdges_CountOnceSaidForAMinute()
    {
        var health = Registry();
        var count = Count(health);
        count.Hear(4);
        foreach (var heard in (int[])[1, 2, 3, 2, 3, 2])
        {
            count.Hear(heard);
            Assert.Equal(4, health.Edges);
            _time.Advance(10);
        }

        count.Hear(2);
        Assert.Equal(3, health.Edges); // The most that was heard in that minute.
    }

    [Fact]
    public void Hear_EverybodyIsBackWithinTheMinute_ForgetsThatTheyWereFewer()
    {
        var health = Registry();
        var count = Count(health);
        count.Hear(4);
        count.Hear(1);
        _time.Advance(50);
        count.Hear(4);
        _time.Advance(20);
        count.Hear(1);
        Assert.Equal(4, health.Edges);
    }

    [Theory]
    [InlineData("")]
    [InlineData("0")]
    [InlineData("-3")]
    [InlineData("four")]
    [InlineData("99999999999")]
    public void Start_FileHoldsNoCount_GoesByTheSetting(string kept)
    {
        Directory.CreateDirectory(_folder.File("data"));
        File.WriteAllText(_folder.File("data/edges"), kept);
        var health = Registry(edges: 2);
        Count(health);
        Assert.Equal(2, health.Edges);
    }

    public void Dispose() => _folder.Dispose();

    private EndpointHealthRegistry Registry(int edges = 1) => new(_time, 1) { Edges = edges };

    private EdgeCount Count(EndpointHealthRegistry health)
    {
        var directory = Directory.CreateDirectory(_folder.File("data")).FullName;
        return new EdgeCount(health, new EdgeOptions { DataDirectory = directory }, _time, NullLogger<EdgeCount>.Instance);
    }
}
