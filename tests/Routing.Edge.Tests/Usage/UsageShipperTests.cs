using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using Routing.Edge.Snapshots;
using Routing.Edge.Usage;

namespace Routing.Edge.Tests.Usage;

public sealed class UsageShipperTests
{
    [Fact]
    public async Task ShipAll_OneUnreadableEvent_OnlyThatIsSetAside()
    {
        using var folder = new TempFolder();
        using var spool = new UsageSpool(folder.File("spool"), 1 << 22, NullLogger<UsageSpool>.Instance, 64 * 1024);
        for (var i = 0; i < 300; i++) spool.AppendBytes(Encoding.UTF8.GetBytes(i == 137 ? "{poison}" : $"{{\"n\":{i}}}"));
        var sink = new PickySink();
        using var shipper = new UsageShipper(spool, sink, new EdgeOptions { DataDirectory = folder.Path }, new EdgeSeed(1), TimeProvider.System, NullLogger<UsageShipper>.Instance);

        Assert.True(await shipper.ShipAllAsync(CancellationToken.None));
        Assert.Equal(299, sink.Lines.Count);
        Assert.Equal(299, sink.Lines.Distinct(StringComparer.Ordinal).Count());
        Assert.Equal("{poison}\n", await File.ReadAllTextAsync(folder.File("refused-usage.jsonl")));
        Assert.Equal(0, spool.Pending);
    }

    [Fact]
    public async Task ShipAll_NotNow_KeepsEverything()
    {
        using var folder = new TempFolder();
        using var spool = new UsageSpool(folder.File("spool"), 1 << 22, NullLogger<UsageSpool>.Instance, 64 * 1024);
        spool.AppendBytes("{}"u8);
        var sink = new PickySink { IsClosed = true };
        using var shipper = new UsageShipper(spool, sink, new EdgeOptions { DataDirectory = folder.Path }, new EdgeSeed(1), TimeProvider.System, NullLogger<UsageShipper>.Instance);
        Assert.False(await shipper.ShipAllAsync(CancellationToken.None));
        Assert.Equal(1, spool.Pending);
    }

    private sealed class PickySink : IUsageSink
    {
        public List<string> Lines { get; } = [];
        public bool IsClosed { get; init; }

        public Task<Delivery> SendAsync(SpoolBatch batch, CancellationToken cancellationToken)
        {
            if (IsClosed) return Task.FromResult(Delivery.NotNow);
            var lines = Encoding.UTF8.GetString(batch.Lines.Span).Split('\n', StringSplitOptions.RemoveEmptyEntries);
            if (lines.Contains("{poison}", StringComparer.Ordinal)) return Task.FromResult(Delivery.Refused);
            Lines.AddRange(lines);
            return Task.FromResult(Delivery.Taken);
        }
    }
}
