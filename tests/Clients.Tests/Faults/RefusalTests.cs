using Routing.Core.Llm;
using Routing.Simulator.Faults;

namespace Clients.Tests.Faults;

/// <summary>Faults 12 and 13: a prompt longer than the window, and one that a filter refuses.</summary>
public sealed class RefusalTests
{
    private static readonly FaultRule TooLong = new() { Kind = FaultKind.ContextTooLong };

    public static TheoryData<string, string, bool> Both() => FaultRows.Both();

    // Without Bedrock, whose guardrail answers in words of the account's own.
    public static TheoryData<string, string, bool> Filters() => new()
    {
        { "openai", "anthropic", true }, { "openai", "anthropic", false }, { "azure", "openai", true }, { "azure", "openai", false },
        { "anthropic", "vertex-gemini", true }, { "anthropic", "vertex-gemini", false }, { "vertex-gemini", "azure", true }, { "vertex-gemini", "azure", false },
    };

    [Theory]
    [MemberData(nameof(Both))]
    public async Task TooLong_WithALargerWindowBehind_IsServedByThatAndTheFirstIsAskedOnce(string primary, string backup, bool stream)
    {
        await using var lab = await FaultLab.StartAsync(FaultRows.Of(primary, backup) with { Windows = (8_192, 200_000) });
        var (first, second) = (lab.Binding.Primary, lab.Binding.Backup!);
        var healthy = await lab.HealthyAsync(second, stream);
        lab.Break(first, TooLong);

        Verdict.IsServedBy(second, healthy, await lab.AskAsync(stream), attempts: 2);
        Assert.Equal("context_too_long", FaultLab.Outcomes(lab.Seen(first)));
    }

    [Theory]
    [MemberData(nameof(Both))]
    public async Task TooLong_WithTheSameWindowBehind_IsRefusedAndNobodyElseIsAsked(string primary, string backup, bool stream)
    {
        await using var lab = await FaultLab.StartAsync(FaultRows.Of(primary, backup) with { Windows = (8_192, 8_192) });
        lab.Break(lab.Binding.Primary, TooLong);

        var saw = await lab.AskAsync(stream);

        Verdict.IsRefused(saw, 400, "context_length_exceeded", "context_too_long", attempts: 1);
        Assert.Equal((1, 0), (lab.Seen(lab.Binding.Primary).Count, lab.Seen(lab.Binding.Backup!).Count));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task TooLong_ForEveryone_IsRefusedAndEachIsAskedOnce(bool stream)
    {
        await using var lab = await FaultLab.StartAsync(FaultRows.Of("openai", "anthropic"));
        lab.Break(lab.Binding.Primary, TooLong);
        lab.Break(lab.Binding.Backup!, TooLong);

        Verdict.IsRefused(await lab.AskAsync(stream), 400, "context_length_exceeded", "context_too_long", attempts: 2);
        Assert.Equal((1, 1), (lab.Seen(lab.Binding.Primary).Count, lab.Seen(lab.Binding.Backup!).Count));
    }

    [Theory]
    [InlineData("openai", true)]
    [InlineData("openai", false)]
    [InlineData("azure", true)]
    [InlineData("azure", false)]
    [InlineData("vertex-gemini", true)] // A 200 that says so, of which nothing else is an answer.
    [InlineData("vertex-gemini", false)]
    public async Task FilteredPrompt_Refused_IsToldAndNotRoutedAround(string primary, bool stream)
    {
        await using var lab = await FaultLab.StartAsync(FaultRows.Of(primary, "anthropic"));
        lab.Break(lab.Binding.Primary, new FaultRule { Kind = FaultKind.ContentFilter, OnPrompt = true });

        Verdict.IsRefused(await lab.AskAsync(stream), 400, "content_filter", "content_blocked", attempts: 1);
        Assert.Equal((1, 0), (lab.Seen(lab.Binding.Primary).Count, lab.Seen(lab.Binding.Backup!).Count));
    }

    [Theory]
    [InlineData("anthropic", true)]
    [InlineData("anthropic", false)]
    [InlineData("bedrock-claude", true)]
    [InlineData("bedrock-claude", false)]
    public async Task FilteredPrompt_ToldInTheAnswer_IsPassedOnAsSuchAndNotRoutedAround(string primary, bool stream)
    {
        await using var lab = await FaultLab.StartAsync(FaultRows.Of(primary, "openai"));
        lab.Break(lab.Binding.Primary, new FaultRule { Kind = FaultKind.ContentFilter, OnPrompt = true });

        var saw = await lab.AskAsync(stream);

        Assert.Null(saw.Error);
        Assert.Equal(("ContentFilter", primary, 1), (saw.Finish, saw.ServedBy, saw.Attempts));
        Assert.Equal((1, 0), (lab.Seen(lab.Binding.Primary).Count, lab.Seen(lab.Binding.Backup!).Count));
    }

    [Theory]
    [MemberData(nameof(Filters))]
    public async Task FilteredPrompt_WhereOthersMayBeAsked_IsServedByTheNext(string primary, string backup, bool stream)
    {
        await using var lab = await FaultLab.StartAsync(FaultRows.Of(primary, backup) with { AsksOtherFilters = true });
        var healthy = await lab.HealthyAsync(lab.Binding.Backup!, stream);
        lab.Break(lab.Binding.Primary, new FaultRule { Kind = FaultKind.ContentFilter, OnPrompt = true });

        var saw = await lab.AskAsync(stream);

        Verdict.IsServedBy(lab.Binding.Backup!, healthy, saw, attempts: 2);
        Assert.Single(lab.Seen(lab.Binding.Primary));
        Assert.Equal(FailureKind.ContentBlocked, (await lab.LedgerAsync(saw)).Attempts[0].Failure);
    }

    [Theory]
    [MemberData(nameof(Filters))]
    public async Task FilteredPrompt_ByEveryFilter_IsRefusedAndEachIsAskedOnce(string primary, string backup, bool stream)
    {
        await using var lab = await FaultLab.StartAsync(FaultRows.Of(primary, backup) with { AsksOtherFilters = true });
        lab.Break(lab.Binding.Primary, new FaultRule { Kind = FaultKind.ContentFilter, OnPrompt = true });
        lab.Break(lab.Binding.Backup!, new FaultRule { Kind = FaultKind.ContentFilter, OnPrompt = true });

        var saw = await lab.AskAsync(stream);

        Verdict.IsRefused(saw, 400, "content_filter", "content_blocked", attempts: 2);
        Assert.Equal((1, 1), (lab.Seen(lab.Binding.Primary).Count, lab.Seen(lab.Binding.Backup!).Count));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task FilteredPrompt_AnsweredInWordsOfAGuardrail_IsThatAnswer(bool stream)
    {
        await using var lab = await FaultLab.StartAsync(FaultRows.Of("bedrock-claude", "openai") with { AsksOtherFilters = true });
        lab.Break(lab.Binding.Primary, new FaultRule { Kind = FaultKind.ContentFilter, OnPrompt = true });

        var saw = await lab.AskAsync(stream);

        Assert.Equal(("Sorry, the model cannot answer this question.", "ContentFilter", 1), (saw.Text, saw.Finish, saw.Attempts));
        Assert.Empty(lab.Seen(lab.Binding.Backup!));
    }
}
