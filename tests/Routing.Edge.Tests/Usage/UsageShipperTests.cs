using System.Text;
using Microsoft.Extensions.Logging;
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

    [Fact]
    public async Task Run_SinkTimesOut_GoesOnAndSaysWhyInOneLine()
    {
        using var folder = new TempFolder();
        using var spool = new UsageSpool(folder.File("spool"), 1 << 22, NullLogger<UsageSpool>.Instance, 64 * 1024);
        spool.AppendBytes("{}"u8);
        var log = new KeptLog();
        using var shipper = new UsageShipper(spool, new SilentSink(), new EdgeOptions { DataDirectory = folder.Path }, new EdgeSeed(1), TimeProvider.System, log);
        await shipper.StartAsync(CancellationToken.None);
        await log.Written.WaitAsync(TimeSpan.FromSeconds(10));

        Assert.False(shipper.ExecuteTask!.IsCompleted);
        Assert.Equal(("1 usage events could not be shipped (no answer in time)", null), (log.Line!.Split(';')[0], log.Exception));
        await shipper.StopAsync(CancellationToken.None);
    }

    /// <summary>As an HTTP client that waited long enough.</summary>
    private sealed class SilentSink : IUsageSink
    {
        public Task<Delivery> SendAsync(SpoolBatch batch, CancellationToken cancellationToken) => throw new OperationCanceledException("no answer in time");
    }

    private sealed class KeptLog : ILogger<UsageShipper>
    {
        private readonly TaskCompletionSource _written = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task Written => _written.Task;
        public string? Line { get; private set; }
        public Exception? Exception { get; private set; }

        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;
        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (_written.Task.IsCompleted) return;
            (Line, Exception) = (formatter(state, exception), exception);
            _written.SetResult();
        }
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
