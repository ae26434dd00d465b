using Routing.Simulator.Faults;

namespace Clients.Tests.Faults;

/// <summary>Faults 1 and 2: our quota is used up, with and without a word on how long.</summary>
public sealed class RateLimitTests
{
    private static readonly TimeSpan Hint = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Unsaid = TimeSpan.FromSeconds(5);
    private static readonly FaultRule Hinted = new() { Kind = FaultKind.RateLimited, RetryAfterMs = 2_000, Count = 1 };

    // OpenAI's own refusal tells by another header when the limit is whole again; this one tells nothing.
    private static readonly FaultRule Unhinted = new() { Kind = FaultKind.UnknownError, Status = 429, Word = "rate_limit_exceeded" };

    public static TheoryData<string, string, bool> Both() => FaultRows.Both();

    [Theory]
    [MemberData(nameof(Both))]
    public async Task Hint_WithABackup_IsServedAtOnceAndThePrimaryIsLeftAloneForThatLong(string primary, string backup, bool stream)
    {
        await using var lab = await FaultLab.StartAsync(FaultRows.Of(primary, backup));
        var (first, second) = (lab.Binding.Primary, lab.Binding.Backup!);
        var (healthy, began) = (await lab.HealthyAsync(second, stream), lab.Time.GetTimestamp());
        lab.Break(first, Hinted);

        var saw = await lab.AskAsync(stream);
        Verdict.IsServedBy(second, healthy, saw, attempts: 2);
        Assert.Equal(began, lab.Time.GetTimestamp()); // Nobody waited.

        lab.Time.Advance(1.9);
        Verdict.IsServedBy(second, healthy, await lab.AskAsync(stream), attempts: 1);
        Assert.Equal("rate_limited", FaultLab.Outcomes(lab.Seen(first)));

        lab.Time.Advance(0.1);
        Assert.Equal((first.Feature, 1), await WhoAsync(lab, stream));
        Assert.InRange(lab.Seen(first)[1].At - lab.Seen(first)[0].At, Hint, Hint);
    }

    [Theory]
    [InlineData("openai", true)]
    [InlineData("openai", false)]
    [InlineData("azure", true)]
    [InlineData("anthropic", true)]
    [InlineData("bedrock-claude", true)]
    [InlineData("vertex-gemini", false)]
    public async Task Hint_Alone_IsWaitedForAndThenServed(string primary, bool stream)
    {
        await using var lab = await FaultLab.StartAsync(FaultRows.Of(primary));
        var first = lab.Binding.Primary;
        var healthy = await lab.HealthyAsync(first, stream);
        lab.Break(first, Hinted);

        var asking = lab.AskAsync(stream);
        Assert.Equal(2, await lab.PassPauseAsync(asking, Hint, Hint * 1.1)); // The healthy one, and the refused.

        Verdict.IsServedBy(first, healthy, await asking, attempts: 2);
        Assert.Equal("completed, rate_limited, completed", FaultLab.Outcomes(lab.Seen(first)));
        Assert.InRange(lab.Seen(first)[2].At - lab.Seen(first)[1].At, Hint, Hint * 1.1);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Hint_BeyondTheDeadline_IsToldAtOnce(bool stream)
    {
        await using var lab = await FaultLab.StartAsync(FaultRows.Of("openai"));
        lab.Break(lab.Binding.Primary, Hinted with { RetryAfterMs = 45_000, Count = null });
        var began = lab.Time.GetTimestamp();

        var saw = await lab.AskAsync(stream);

        Verdict.IsRefused(saw, 429, "rate_limit_exceeded", "rate_limited", attempts: 1);
        Assert.Equal(("45", null), (saw.Header("Retry-After"), saw.Header("x-should-retry")));
        Assert.Equal(began, lab.Time.GetTimestamp());
        Assert.Single(lab.Seen(lab.Binding.Primary));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task NoHint_WithABackup_IsServedAtOnceAndThePrimaryIsNotHammered(bool stream)
    {
        await using var lab = await FaultLab.StartAsync(FaultRows.Of("openai", "anthropic"));
        var (first, second) = (lab.Binding.Primary, lab.Binding.Backup!);
        var healthy = await lab.HealthyAsync(second, stream);
        lab.Break(first, Unhinted);

        for (var i = 0; i < 40; i++) // Ten seconds of traffic.
        {
            Verdict.IsServedBy(second, healthy, await lab.AskAsync(stream), JustAsked(lab, first) ? 2 : 1);
            lab.Time.Advance(0.25);
        }

        Assert.InRange(lab.Seen(first).Count, 1, 2);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task NoHint_AloneForGood_IsTriedOnceMoreWithoutHammeringAndRefusedClearly(bool stream)
    {
        await using var lab = await FaultLab.StartAsync(FaultRows.Of("openai") with { FirstToken = TimeSpan.FromSeconds(8) });
        lab.Break(lab.Binding.Primary, Unhinted);

        var asking = lab.AskAsync(stream);
        Assert.Equal(1, await lab.PassPauseAsync(asking, Unsaid, Unsaid * 1.1));
        var saw = await asking;

        Verdict.IsRefused(saw, 429, "rate_limit_exceeded", "rate_limited", attempts: 2);
        Assert.NotNull(saw.Header("Retry-After"));
        Assert.Equal("false", saw.Header("x-should-retry"));
        var seen = lab.Seen(lab.Binding.Primary);
        Assert.Equal(2, seen.Count);
        Assert.True(seen[1].At - seen[0].At >= Unsaid);
    }

    [Fact]
    public async Task NoHint_EveryoneForGood_AsksEachOnceAndTellsTheClientNotToGoOn()
    {
        await using var lab = await FaultLab.StartAsync(FaultRows.Of("openai", "azure"));
        var (first, second) = (lab.Binding.Primary, lab.Binding.Backup!);
        lab.Break(first, Unhinted with { });
        lab.Break(second, Hinted with { Count = null, RetryAfterMs = 30_000 });

        var saw = await lab.AskAsync(stream: true);

        Verdict.IsRefused(saw, 429, "rate_limit_exceeded", "rate_limited", attempts: 2);
        Assert.Equal("false", saw.Header("x-should-retry"));
        Assert.Equal((1, 1), (lab.Seen(first).Count, lab.Seen(second).Count));
    }

    private static bool JustAsked(FaultLab lab, Provider provider) => lab.Seen(provider)[^1].At == lab.Time.GetUtcNow();

    private static async Task<(string? ServedBy, int Attempts)> WhoAsync(FaultLab lab, bool stream)
    {
        var saw = await lab.AskAsync(stream);
        return (saw.ServedBy, saw.Attempts);
    }
}
