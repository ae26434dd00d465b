using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using Routing.Edge.Usage;

namespace Routing.Edge.Tests.Usage;

public sealed class UsageSpoolTests
{
    private const int Segment = 64 * 1024;

    private static UsageSpool Open(string folder, long max = 64 * Segment, int beat = 50) => new(folder, max, NullLogger<UsageSpool>.Instance, Segment, beat);

    private static byte[] Event(int n) => Encoding.UTF8.GetBytes($"{{\"n\":{n},\"pad\":\"{new string('x', n % 50)}\"}}");

    private static List<string> Drain(UsageSpool spool)
    {
        List<string> lines = [];
        while (spool.Take(100, int.MaxValue) is { Count: > 0 } batch)
        {
            lines.AddRange(Encoding.UTF8.GetString(batch.Lines.Span).Split('\n', StringSplitOptions.RemoveEmptyEntries));
            spool.Acknowledge(batch);
        }

        return lines;
    }

    [Fact]
    public void Append_ThenTake_KeepsOrderAndBytes()
    {
        using var folder = new TempFolder();
        using var spool = Open(folder.Path);
        for (var i = 0; i < 500; i++) Assert.True(spool.AppendBytes(Event(i)));
        Assert.Equal(500, spool.Pending);
        Assert.Equal(Enumerable.Range(0, 500).Select(i => Encoding.UTF8.GetString(Event(i))), Drain(spool), StringComparer.Ordinal);
        Assert.Equal((0L, 0L), (spool.Pending, spool.Dropped));
    }

    [Fact]
    public async Task Append_ManyThreadsOverManySegments_EveryAppendedEventComesOutOnce()
    {
        using var folder = new TempFolder();
        using var spool = Open(folder.Path);
        var appended = 0;
        var writers = Enumerable.Range(0, 4).Select(w => Task.Run(() =>
        {
            for (var i = 0; i < 5_000; i++)
            {
                if (spool.AppendBytes(Encoding.UTF8.GetBytes($"{{\"w\":{w},\"i\":{i}}}"))) Interlocked.Increment(ref appended);
            }
        })).ToArray();
        List<string> lines = [];
        while (!Task.WhenAll(writers).IsCompleted) lines.AddRange(Drain(spool));
        await Task.WhenAll(writers);
        lines.AddRange(Drain(spool));
        Assert.Equal(appended, lines.Count);
        Assert.Equal(lines.Count, lines.Distinct(StringComparer.Ordinal).Count());
        Assert.Equal(20_000, appended + spool.Dropped);
    }

    [Fact]
    public void Reopen_CopyOfTheLiveFiles_HasEveryAppendedEvent()
    {
        using var folder = new TempFolder();
        using var copy = new TempFolder();
        using (var spool = Open(folder.Path))
        {
            for (var i = 0; i < 700; i++) spool.AppendBytes(Event(i));

            // What kill -9 leaves: the mapped pages as they are, nothing closed, nothing flushed.
            foreach (var path in Directory.GetFiles(folder.Path)) CopyShared(path, copy.File(Path.GetFileName(path)));
        }

        using var recovered = Open(copy.Path);
        Assert.Equal(700, recovered.Pending);
        Assert.Equal(700, Drain(recovered).Count);
    }

    [Fact]
    public void Reopen_AfterAcknowledge_ShipsOnlyTheRest()
    {
        using var folder = new TempFolder();
        using (var spool = Open(folder.Path))
        {
            for (var i = 0; i < 10; i++) spool.AppendBytes(Event(i));
            spool.Acknowledge(spool.Take(4, int.MaxValue));
        }

        using var again = Open(folder.Path);
        Assert.Equal(Enumerable.Range(4, 6).Select(i => Encoding.UTF8.GetString(Event(i))), Drain(again), StringComparer.Ordinal);
    }

    [Fact]
    public void Append_AfterAcknowledge_UsesFilesAgainAndNothingOldComesBack()
    {
        using var folder = new TempFolder();
        using var copy = new TempFolder();
        var names = new HashSet<string>(StringComparer.Ordinal);
        List<string> lines = [];
        using (var spool = Open(folder.Path, beat: Timeout.Infinite))
        {
            for (var i = 0; i < 20_000; i++)
            {
                while (!spool.AppendBytes(Event(i))) spool.Beat();
                if (i % 500 == 0) lines.AddRange(Drain(spool));
                if (i % 100 == 0) names.UnionWith(Directory.GetFiles(folder.Path));
            }

            lines.AddRange(Drain(spool));
            Assert.Equal(Enumerable.Range(0, 20_000).Select(i => Encoding.UTF8.GetString(Event(i))), lines, StringComparer.Ordinal);
            for (var i = 0; i < 3; i++) while (!spool.AppendBytes(Event(i))) spool.Beat();
            foreach (var path in Directory.GetFiles(folder.Path)) CopyShared(path, copy.File(Path.GetFileName(path)));
        }

        Assert.InRange(names.Count, 1, 6); // 1.3 MB of records went through files of 64 KiB.
        using var recovered = Open(copy.Path);
        Assert.Equal(Enumerable.Range(0, 3).Select(i => Encoding.UTF8.GetString(Event(i))), Drain(recovered), StringComparer.Ordinal);
    }

    [Fact]
    public void Read_AnyByteFlipped_LosesAtMostItsOwnRecord()
    {
        using var folder = new TempFolder();
        using (var spool = Open(folder.Path))
        {
            for (var i = 0; i < 6; i++) spool.AppendBytes(Event(i));
        }

        var path = Directory.GetFiles(folder.Path).Order(StringComparer.Ordinal).First();
        var good = File.ReadAllBytes(path);
        for (var at = SpoolSegment.HeadBytes; at < SpoolSegment.HeadBytes + 6 * 48; at++)
        {
            using var damaged = new TempFolder();
            var bytes = good.ToArray();
            bytes[at] ^= 0x10;
            File.WriteAllBytes(damaged.File(SpoolSegment.FileName(1)), bytes);
            using var spool = Open(damaged.Path);
            Assert.InRange(Drain(spool).Count, 5, 6);
        }
    }

    [Fact]
    public void Reopen_Garbage_IsDeletedNotFatal()
    {
        using var folder = new TempFolder();
        File.WriteAllBytes(folder.File(SpoolSegment.FileName(3)), new byte[1000]);
        using var spool = Open(folder.Path);
        Assert.True(spool.AppendBytes(Event(1)));
        Assert.Single(Drain(spool));
    }

    [Fact]
    public async Task Cap_Reached_DropsOldestAndCountsExactly()
    {
        using var folder = new TempFolder();
        using var spool = Open(folder.Path, max: 3 * Segment);
        var appended = 0;
        for (var round = 0; round < 200; round++)
        {
            for (var i = 0; i < 200; i++) if (spool.AppendBytes(Event(i))) appended++;
            await Task.Yield();
            if (spool.Dropped > 2_000) break;
            await Task.Delay(10);
        }

        await WaitAsync(() => Directory.GetFiles(folder.Path).Length <= 3);
        var refused = 0L;
        var left = Drain(spool).Count;
        Assert.True(spool.Dropped > 0);
        refused = spool.Dropped - (appended - left);
        Assert.True(refused >= 0);
        Assert.True(left > 0);
    }

    [Fact]
    public async Task Disk_Full_ServesOnAndRecovers()
    {
        if (Environment.UserName != "root" || !OperatingSystem.IsLinux()) return; // Needs a mount of its own.
        using var folder = new TempFolder();
        if (await RunAsync("mount", "-t", "tmpfs", "-o", "size=256k", "tmpfs", folder.Path) != 0) return; // Not allowed in this container.
        try
        {
            using var spool = Open(folder.Path);
            var (kept, refused) = (0, 0);
            for (var i = 0; i < 20_000; i++)
            {
                if (spool.AppendBytes(Event(i))) kept++;
                else refused++;
                if (i % 500 == 0) await Task.Delay(5);
            }

            Assert.True(refused > 0);
            Assert.Equal(refused, spool.Dropped);
            Assert.Equal(kept, Drain(spool).Count);
            await WaitAsync(() => spool.AppendBytes(Event(1)));
            await WaitAsync(() => !spool.IsOutOfRoom);
        }
        finally
        {
            await RunAsync("umount", "-l", folder.Path);
        }
    }

    private static async Task WaitAsync(Func<bool> until)
    {
        for (var i = 0; i < 400 && !until(); i++) await Task.Delay(25);
        Assert.True(until());
    }

    private static async Task<int> RunAsync(string program, params string[] arguments)
    {
        using var process = System.Diagnostics.Process.Start(new System.Diagnostics.ProcessStartInfo(program, arguments) { RedirectStandardError = true, UseShellExecute = false })!;
        await process.WaitForExitAsync();
        return process.ExitCode;
    }

    private static void CopyShared(string from, string to)
    {
        using var source = new FileStream(from, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        using var target = File.Create(to);
        source.CopyTo(target);
    }
}
