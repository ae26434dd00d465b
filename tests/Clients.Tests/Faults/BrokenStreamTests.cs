using System.Net;
using Routing.Core.Snapshots;
using Routing.Core.Usage;
using Routing.Simulator.Faults;
using TestKit;

namespace Clients.Tests.Faults;

/// <summary>
/// Faults 8 to 11 and 14: a stream that is cut, stalls, has a malformed chunk or no <c>[DONE]</c>, and a stand-in that does not go on from a prefill.
/// Delivered at once, what breaks behind the first token is told and cut; held back, it is never seen; continued, another goes on from there.
/// </summary>
public sealed class BrokenStreamTests
{
    private const int Sent = 40;
    private static readonly FaultRule Cut = new() { Kind = FaultKind.Cut, AfterChunks = Sent };
    private static readonly FaultRule Malformed = new() { Kind = FaultKind.Malformed, AfterChunks = 10, GoesOn = true };
    private static readonly FaultRule Stall = new() { Kind = FaultKind.Stall, AfterChunks = 20 };

    // Says when the stand-in is asked; a call of these tests never ends with the model's own turn.
    private static readonly FaultRule NoPrefill = new() { Kind = FaultKind.PrefillRefused };

    public static TheoryData<string, string> Streamed() => FaultRows.Streamed();

    public static TheoryData<string, string> Continued() => FaultRows.Continued();

    [Theory]
    [MemberData(nameof(Streamed))]
    public async Task Cut_AtOnce_IsToldAndCutAndNobodyElseIsAsked(string primary, string backup) => await IsToldAndCutAsync(primary, backup, Cut);

    [Theory]
    [MemberData(nameof(Streamed))]
    public async Task Malformed_AtOnce_IsToldAndCutAndNobodyElseIsAsked(string primary, string backup) => await IsToldAndCutAsync(primary, backup, Malformed);

    [Theory]
    [MemberData(nameof(Streamed))]
    public async Task Stall_AtOnce_IsToldAndCutInTimeAndNobodyElseIsAsked(string primary, string backup) => await IsToldAndCutAsync(primary, backup, Stall);

    [Theory]
    [MemberData(nameof(Streamed))]
    public async Task Cut_HeldBack_IsServedByTheBackupAndNothingOfTheCutOneIsSeen(string primary, string backup) => await IsServedUnseenAsync(primary, backup, Cut, "cut");

    // A reset takes back what was on its way: delivered at once, there may or may not be a first token before it.
    [Theory]
    [MemberData(nameof(Streamed))]
    public async Task CutByReset_HeldBack_IsServedByTheBackup(string primary, string backup) => await IsServedUnseenAsync(primary, backup, Cut with { Abrupt = true }, "cut");

    [Theory]
    [MemberData(nameof(Streamed))]
    public async Task Malformed_HeldBack_IsServedByTheBackup(string primary, string backup) => await IsServedUnseenAsync(primary, backup, Malformed, "malformed");

    [Theory]
    [MemberData(nameof(Streamed))]
    public async Task Stall_HeldBack_IsServedByTheBackup(string primary, string backup) => await IsServedUnseenAsync(primary, backup, Stall, "stall");

    [Theory]
    [MemberData(nameof(Continued))]
    public async Task Cut_Continued_IsGoneOnFromWhatTheCallerHas(string primary, string backup) => await IsContinuedAsync(primary, backup, Cut);

    [Theory]
    [MemberData(nameof(Continued))]
    public async Task CutByReset_Continued_IsGoneOnFromWhatTheCallerHasIfAnything(string primary, string backup) => await IsContinuedAsync(primary, backup, Cut with { Abrupt = true });

    [Theory]
    [MemberData(nameof(Continued))]
    public async Task Malformed_Continued_IsGoneOnFromWhatTheCallerHas(string primary, string backup) => await IsContinuedAsync(primary, backup, Malformed);

    [Theory]
    [MemberData(nameof(Continued))]
    public async Task Stall_Continued_IsGoneOnFromWhatTheCallerHas(string primary, string backup) => await IsContinuedAsync(primary, backup, Stall);

    [Theory]
    [MemberData(nameof(Continued))]
    public async Task ErrorInBand_Continued_IsGoneOnFromWhatTheCallerHas(string primary, string backup) =>
        await IsContinuedAsync(primary, backup, new FaultRule { Kind = FaultKind.ErrorInBand, InBand = FaultKind.Overloaded, AfterChunks = Sent });

    [Theory]
    [MemberData(nameof(Continued))]
    public async Task StandInRefusesPrefill_Continued_TellsTheBreakAndCuts(string primary, string backup)
    {
        await using var lab = await FaultLab.StartAsync(FaultRows.Of(primary, backup) with { Delivery = DeliveryMode.Continued });
        lab.Break(lab.Binding.Primary, Cut);
        lab.Break(lab.Binding.Backup!, NoPrefill);

        var (bytes, endsWell) = await Caller.BytesAsync(lab);

        Assert.False(endsWell);
        Assert.Contains("\"kind\":\"stream_interrupted\"", bytes.TrimEnd().Split("data: ")[^1], StringComparison.Ordinal);
        Assert.DoesNotContain("x-route-continued", bytes, StringComparison.Ordinal);
        Assert.Equal(1, lab.Struck(lab.Binding.Backup!));
    }

    [Theory]
    [MemberData(nameof(Streamed))]
    public async Task BrokenWhole_IsServedByTheBackup(string primary, string backup)
    {
        foreach (var fault in (FaultRule[])[Cut, Malformed])
        {
            await using var lab = await FaultLab.StartAsync(FaultRows.Of(primary, backup));
            var healthy = await lab.HealthyAsync(lab.Binding.Backup!, stream: false);
            lab.Break(lab.Binding.Primary, fault);

            Verdict.IsServedBy(lab.Binding.Backup!, healthy, await lab.AskAsync(stream: false), attempts: 2);
            Assert.Single(lab.Seen(lab.Binding.Primary));
        }
    }

    [Theory]
    [InlineData("openai", false)]
    [InlineData("openai", true)]
    [InlineData("azure", false)]
    [InlineData("azure", true)]
    public async Task MissingDone_IsAnAnswerAtOnceWithItsUsage(string primary, bool heldBack)
    {
        await using var lab = await FaultLab.StartAsync(FaultRows.Of(primary, "anthropic") with { Delivery = heldBack ? DeliveryMode.Protected : DeliveryMode.Immediate });
        var (healthy, began) = (await lab.HealthyAsync(lab.Binding.Primary, stream: true), lab.Time.GetTimestamp());
        lab.Break(lab.Binding.Primary, new FaultRule { Kind = FaultKind.MissingDone });

        Verdict.IsServedBy(lab.Binding.Primary, healthy, await lab.AskAsync(stream: true), attempts: 1);
        var (bytes, endsWell) = await Caller.BytesAsync(lab);
        Assert.True(endsWell);
        Assert.EndsWith("data: [DONE]\n\n", bytes, StringComparison.Ordinal); // What was missing is ours to say.
        Assert.Equal(began, lab.Time.GetTimestamp());
        Assert.Empty(lab.Seen(lab.Binding.Backup!));
    }

    [Theory]
    [InlineData("openai", "anthropic", true)]
    [InlineData("openai", "anthropic", false)]
    [InlineData("azure", "openai", true)]
    [InlineData("azure", "openai", false)]
    public async Task StandInRefusesPrefill_CallersOwn_TellsWhyTheFirstFailed(string primary, string backup, bool stream)
    {
        await using var lab = await FaultLab.StartAsync(FaultRows.Of(primary, backup));
        lab.Break(lab.Binding.Primary, new FaultRule { Kind = FaultKind.Overloaded });
        lab.Break(lab.Binding.Backup!, NoPrefill);

        var saw = await lab.AskAsync(stream, prefill: "The team decided");

        Verdict.IsRefused(saw, 503, "capacity_exhausted", "capacity_exhausted", attempts: 2);
        Assert.Equal("false", saw.Header("x-should-retry"));
    }

    private static async Task IsToldAndCutAsync(string primary, string backup, FaultRule fault)
    {
        await using var lab = await FaultLab.StartAsync(FaultRows.Of(primary, backup));
        var healthy = await lab.HealthyAsync(lab.Binding.Primary, stream: true);
        lab.Break(lab.Binding.Primary, fault);

        var began = new TaskCompletionSource();
        var asking = lab.AskAsync(stream: true, began: began);
        if (fault.Kind == FaultKind.Stall) await lab.PassSilenceAsync(asking, began.Task);
        var saw = await asking;
        Assert.NotNull(saw.Error);
        Assert.True(saw.Text.Length > 0 && saw.Text.Length < healthy.Text.Length);
        Assert.StartsWith(saw.Text, healthy.Text, StringComparison.Ordinal);
        Assert.Equal(("", primary, 1), (saw.Finish, saw.ServedBy, saw.Attempts));

        began = new TaskCompletionSource();
        var reading = Caller.BytesAsync(lab, began);
        if (fault.Kind == FaultKind.Stall) await lab.PassSilenceAsync(reading, began.Task);
        var (bytes, endsWell) = await reading;
        Assert.False(endsWell);
        Assert.DoesNotContain("[DONE]", bytes, StringComparison.Ordinal);
        Assert.Contains("\"kind\":\"stream_interrupted\"", bytes.TrimEnd().Split("data: ")[^1], StringComparison.Ordinal);
        Assert.Empty(lab.Seen(lab.Binding.Backup!));

        var row = await lab.LedgerAsync(saw);
        var attempt = Assert.Single(row.Attempts);
        Assert.Equal((RequestOutcome.Interrupted, AttemptOutcome.Interrupted), (row.Outcome, attempt.Outcome));
        Assert.True(attempt.Usage.OutputTotal > 0 && attempt.CostMicros > 0);

        lab.Mend(lab.Binding.Primary);
        Verdict.IsServedBy(lab.Binding.Primary, healthy, await lab.AskAsync(stream: true), attempts: 1);
    }

    private static async Task IsServedUnseenAsync(string primary, string backup, FaultRule fault, string outcome)
    {
        await using var lab = await FaultLab.StartAsync(FaultRows.Of(primary, backup) with { Delivery = DeliveryMode.Protected, FirstToken = TimeSpan.FromSeconds(2) });
        var (first, second) = (lab.Binding.Primary, lab.Binding.Backup!);
        var healthy = await lab.HealthyAsync(second, stream: true);
        lab.Break(first, fault);
        lab.Break(second, NoPrefill);
        if (fault.Kind == FaultKind.Stall) lab.Clouds.Holds.Set(first.Key);

        var asking = lab.AskAsync(stream: true);
        if (fault.Kind == FaultKind.Stall) await lab.PassSilenceAsync(asking, LeastSentAsync(lab, first), () => lab.Struck(second) > 0);
        var saw = await asking;

        Verdict.IsServedBy(second, healthy, saw, attempts: 2);
        Assert.Equal(outcome, FaultLab.Outcomes(await lab.SeenAsync(first, 1)));
        Assert.Equal(1, lab.Struck(second)); // Once, and not asked to go on from what the first had said.
        var row = await lab.LedgerAsync(saw);
        Assert.Equal(AttemptOutcome.Answered, row.Attempts[1].Outcome);
        Assert.Contains(row.Attempts[0].Outcome, fault.Abrupt ? (AttemptOutcome[])[AttemptOutcome.Interrupted, AttemptOutcome.Failed] : [AttemptOutcome.Interrupted]);
        Assert.True(fault.Abrupt || row.Attempts[0].CostMicros > 0); // Of a reset perhaps nothing was seen, not even that there was an answer.
    }

    private static async Task IsContinuedAsync(string primary, string backup, FaultRule fault)
    {
        await using var lab = await FaultLab.StartAsync(FaultRows.Of(primary, backup) with { Delivery = DeliveryMode.Continued, FirstToken = TimeSpan.FromSeconds(2) });
        var (first, second) = (lab.Binding.Primary, lab.Binding.Backup!);
        var healthy = await lab.HealthyAsync(first, stream: true);
        lab.Break(first, fault);

        var began = new TaskCompletionSource();
        var asking = lab.AskAsync(stream: true, began: began);
        if (fault.Kind == FaultKind.Stall) await lab.PassSilenceAsync(asking, began.Task, () => lab.Seen(second).Count > 0);
        var saw = await asking;

        Assert.Null(saw.Error);
        Assert.Equal((healthy.Text, "Stop", HttpStatusCode.OK), (saw.Text, saw.Finish, saw.Status));
        var row = await lab.LedgerAsync(saw);
        Assert.Equal((RequestOutcome.Answered, second.Feature, 2), (row.Outcome, row.ServedBy, row.Attempts.Length));
        if (fault.Abrupt && row.Attempts[1].Cause == AttemptCause.Failover) return; // A reset took back even the first token.
        Assert.Equal((first.Feature, 1), (saw.ServedBy, saw.Attempts));
        Assert.Equal([(AttemptCause.Primary, AttemptOutcome.Interrupted), (AttemptCause.Continuation, AttemptOutcome.Answered)], row.Attempts.Select(a => (a.Cause, a.Outcome)));
        Assert.Equal((row.Attempts.Sum(a => a.Usage.InputTotal), row.Attempts.Sum(a => a.Usage.OutputTotal)), (saw.Input, saw.Output));
        Assert.All(row.Attempts, a => Assert.True(a.CostMicros > 0));

        began = new TaskCompletionSource();
        var before = lab.Seen(second).Count;
        var reading = Caller.BytesAsync(lab, began);
        if (fault.Kind == FaultKind.Stall) await lab.PassSilenceAsync(reading, began.Task, () => lab.Seen(second).Count > before);
        var (bytes, endsWell) = await reading;
        Assert.True(endsWell);
        Assert.EndsWith("data: [DONE]\n\n", bytes, StringComparison.Ordinal);
        if (!fault.Abrupt) Assert.Equal(2, bytes.Split($": x-route-continued: {second.Feature}\n\n").Length);
    }

    /// <summary>The cloud has sent all that it sends before it stalls, and each piece after the one before was on its way.</summary>
    private static async Task LeastSentAsync(FaultLab lab, Provider provider)
    {
        for (var piece = 1; piece <= Stall.AfterChunks; piece++)
        {
            lab.Clouds.Holds.Release(provider.Key, 1);
            await Eventually.HoldsAsync(() => lab.Clouds.Holds.All.Single().Passed == piece);
        }
    }
}
