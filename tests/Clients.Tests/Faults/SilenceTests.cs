using Routing.Simulator.Faults;
using TestKit;

namespace Clients.Tests.Faults;

/// <summary>Faults 6 and 7: a provider that never answers, and one whose first token takes twenty seconds.</summary>
public sealed class SilenceTests
{
    public static TheoryData<string, string, bool> Both() => FaultRows.Both();

    public static TheoryData<string, string> Streamed() => FaultRows.Streamed();

    [Theory]
    [MemberData(nameof(Both))]
    public async Task Silence_WithABackup_IsServedByItAfterOneWaitAndTheSilentOneIsNotAskedAgain(string primary, string backup, bool stream) =>
        await IsCutShortAsync(primary, backup, stream, new FaultRule { Kind = FaultKind.Silence }, "silence");

    [Theory]
    [MemberData(nameof(Streamed))]
    public async Task SlowFirstToken_WithABackup_IsCutShortAtTheLimitAndServedByIt(string primary, string backup) =>
        await IsCutShortAsync(primary, backup, stream: true, new FaultRule { Kind = FaultKind.SlowFirstToken, Ms = 20_000 }, "slow_first_token");

    [Theory]
    [InlineData(true, "deadline_first_token")]
    [InlineData(false, "deadline_total")]
    public async Task Silence_Alone_IsAskedOnceAndRefusedInTime(bool stream, string kind)
    {
        var binding = FaultRows.Of("openai");
        await using var lab = await FaultLab.StartAsync(binding);
        lab.Break(binding.Primary, new FaultRule { Kind = FaultKind.Silence });

        var asking = lab.AskAsync(stream);
        await Eventually.HoldsAsync(() => lab.Struck(binding.Primary) == 1);
        lab.Time.Advance(stream ? binding.FirstToken : binding.Total);
        var saw = await asking;

        Verdict.IsRefused(saw, 504, kind, kind, attempts: 1);
        Assert.Equal("false", saw.Header("x-should-retry"));
        Assert.Equal(1, lab.Struck(binding.Primary));
    }

    [Fact]
    public async Task SlowFirstToken_WithinTheLimit_IsWaitedFor()
    {
        var binding = FaultRows.Of("openai", "anthropic") with { FirstToken = TimeSpan.FromSeconds(30) };
        await using var lab = await FaultLab.StartAsync(binding);
        var healthy = await lab.HealthyAsync(binding.Primary, stream: true);
        lab.Break(binding.Primary, new FaultRule { Kind = FaultKind.SlowFirstToken, Ms = 20_000 });

        var asking = lab.AskAsync(stream: true);
        await lab.Time.TimerDueInAsync(TimeSpan.FromSeconds(20), TimeSpan.FromSeconds(20));
        lab.Time.Advance(20);

        Verdict.IsServedBy(binding.Primary, healthy, await asking, attempts: 1);
        Assert.Empty(lab.Seen(binding.Backup!));
    }

    private static async Task IsCutShortAsync(string primary, string backup, bool stream, FaultRule fault, string outcome)
    {
        await using var lab = await FaultLab.StartAsync(FaultRows.Of(primary, backup));
        var (first, second) = (lab.Binding.Primary, lab.Binding.Backup!);
        var healthy = await lab.HealthyAsync(second, stream);
        lab.Break(first, fault);

        var asking = lab.AskAsync(stream);
        await Eventually.HoldsAsync(() => lab.Struck(first) == 1);
        lab.Time.Advance((stream ? lab.Binding.FirstToken : lab.Binding.Total / 2) - TimeSpan.FromMilliseconds(1));
        Assert.Single(lab.Seen(second)); // The healthy one: nobody else is asked a millisecond too soon.
        lab.Time.Advance(TimeSpan.FromMilliseconds(1));

        Verdict.IsServedBy(second, healthy, await asking, attempts: 2);
        Assert.Equal(outcome, FaultLab.Outcomes(await lab.SeenAsync(first, 1)));
        Assert.Equal(1, lab.Struck(first));
    }
}
