using Routing.Simulator.Faults;

namespace Clients.Tests.Faults;

/// <summary>Faults 3, 4 and 5: an internal error once, no capacity for good, a connection that is reset.</summary>
public sealed class ServerErrorTests
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(250);

    public static TheoryData<string, string, bool> Both() => FaultRows.Both();

    public static TheoryData<string, bool> Alone()
    {
        var rows = new TheoryData<string, bool>();
        foreach (var row in FaultRows.Streamed()) rows.Add((string)row[0], true);
        rows.Add("openai", false);
        return rows;
    }

    [Theory]
    [MemberData(nameof(Both))]
    public async Task ErrorOnce_WithABackup_IsServedByItAndEachIsAskedOnce(string primary, string backup, bool stream) =>
        await IsServedByBackupAsync(primary, backup, stream, new FaultRule { Kind = FaultKind.Internal, Count = 1 }, "internal");

    [Theory]
    [MemberData(nameof(Both))]
    public async Task NoCapacity_WithABackup_IsServedByItAndEachIsAskedOnce(string primary, string backup, bool stream) =>
        await IsServedByBackupAsync(primary, backup, stream, new FaultRule { Kind = FaultKind.Unavailable }, "unavailable");

    [Theory]
    [MemberData(nameof(Both))]
    public async Task Reset_WithABackup_IsServedByItAndEachIsAskedOnce(string primary, string backup, bool stream) =>
        await IsServedByBackupAsync(primary, backup, stream, new FaultRule { Kind = FaultKind.Reset }, "reset");

    [Theory]
    [MemberData(nameof(Alone))]
    public async Task ErrorOnce_Alone_IsServedByTheSecondTry(string primary, bool stream) =>
        await IsServedAgainAsync(primary, stream, new FaultRule { Kind = FaultKind.Internal, Count = 1 }, "internal", pauses: true);

    [Theory]
    [MemberData(nameof(Alone))]
    public async Task Reset_Alone_IsServedByTheSecondTry(string primary, bool stream) =>
        await IsServedAgainAsync(primary, stream, new FaultRule { Kind = FaultKind.Reset, Count = 1 }, "reset", pauses: false);

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task NoCapacity_Alone_IsTriedTwiceAndTheClientIsToldNotToGoOn(bool stream)
    {
        await using var lab = await FaultLab.StartAsync(FaultRows.Of("openai"));
        lab.Break(lab.Binding.Primary, new FaultRule { Kind = FaultKind.Unavailable });

        var asking = lab.AskAsync(stream);
        Assert.Equal(1, await lab.PassPauseAsync(asking, Pause, Pause * 3));
        var saw = await asking;

        Verdict.IsRefused(saw, 503, "capacity_exhausted", "capacity_exhausted", attempts: 2);
        Assert.Equal("false", saw.Header("x-should-retry"));
        Assert.Equal(2, lab.Seen(lab.Binding.Primary).Count);
    }

    [Fact]
    public async Task NoCapacity_Everywhere_IsTheOriginalErrorAndNobodyIsHammered()
    {
        await using var lab = await FaultLab.StartAsync(FaultRows.Of("openai", "azure"));
        lab.Break(lab.Binding.Primary, new FaultRule { Kind = FaultKind.Unavailable });
        lab.Break(lab.Binding.Backup!, new FaultRule { Kind = FaultKind.NotFound });

        var saw = await lab.AskAsync(stream: true);

        // That the backup's model is missing is for operators: the caller hears what may pass.
        Verdict.IsRefused(saw, 503, "capacity_exhausted", "capacity_exhausted", attempts: 2);
        Assert.Equal((1, 1), (lab.Seen(lab.Binding.Primary).Count, lab.Seen(lab.Binding.Backup!).Count));
    }

    private static async Task IsServedByBackupAsync(string primary, string backup, bool stream, FaultRule fault, string outcome)
    {
        await using var lab = await FaultLab.StartAsync(FaultRows.Of(primary, backup));
        var (first, second) = (lab.Binding.Primary, lab.Binding.Backup!);
        var (healthy, began) = (await lab.HealthyAsync(second, stream), lab.Time.GetTimestamp());
        lab.Break(first, fault);

        var saw = await lab.AskAsync(stream);

        Verdict.IsServedBy(second, healthy, saw, attempts: 2);
        Assert.Equal(began, lab.Time.GetTimestamp());
        Assert.Equal(outcome, FaultLab.Outcomes(lab.Seen(first)));
        Assert.Equal("completed, completed", FaultLab.Outcomes(lab.Seen(second)));
    }

    private static async Task IsServedAgainAsync(string primary, bool stream, FaultRule fault, string outcome, bool pauses)
    {
        await using var lab = await FaultLab.StartAsync(FaultRows.Of(primary));
        var first = lab.Binding.Primary;
        var healthy = await lab.HealthyAsync(first, stream);
        lab.Break(first, fault);

        var asking = lab.AskAsync(stream);
        if (pauses) Assert.Equal(2, await lab.PassPauseAsync(asking, Pause, Pause * 3)); // The healthy one, and the failed.

        Verdict.IsServedBy(first, healthy, await asking, attempts: 2);
        Assert.Equal($"completed, {outcome}, completed", FaultLab.Outcomes(lab.Seen(first)));
    }
}
