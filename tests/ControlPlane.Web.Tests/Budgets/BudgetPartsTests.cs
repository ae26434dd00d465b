using System.Collections.Immutable;
using AngleSharp.Dom;
using ControlPlane.Web.Bindings;
using ControlPlane.Web.Budgets;
using ControlPlane.Web.Insights;
using ControlPlane.Web.Tests.Ui;
using Routing.Core.Snapshots;

namespace ControlPlane.Web.Tests.Budgets;

/// <summary>What people read of a budget.</summary>
public sealed class BudgetPartsTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 21, 0, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData(12_400_000, BudgetAction.Stop, 1_000_000, "$12.40 of $100.00 12\u00A0%", "lasts the month", "tag")]
    [InlineData(95_000_000, BudgetAction.Stop, 1_000_000, "$95.00 of $100.00 95\u00A0%", "reached about 26 Nov", "tag warn")]
    [InlineData(100_000_000, BudgetAction.Stop, 1_000_000, "$100.00 of $100.00 100\u00A0%", "calls refused", "tag bad")]
    [InlineData(130_000_000, BudgetAction.Warn, 1_000_000, "$130.00 of $100.00 130\u00A0%", "over budget", "tag warn")]
    [InlineData(1_000_000, BudgetAction.Warn, null, "$1.00 of $100.00 1\u00A0%", "too early to forecast", "tag")]
    public async Task Bar_EachState_SaysItInWordsToo(long spent, BudgetAction action, int? perDay, string figures, string tag, string css)
    {
        IElement bar = await Rendered.PartAsync<BudgetBar>(("State", State("recap", spent, action, perDay)));
        Assert.Equal(figures, bar.QuerySelector(".nw")!.TextContent);
        IElement word = bar.QuerySelector(".tag")!;
        Assert.Equal((tag, css), (word.TextContent, word.ClassName!.Trim()));
    }

    [Fact]
    public void Stopped_SomeAre_NamesThemAndTheWayOut()
    {
        Assert.Null(BudgetWords.Stopped([State("recap", 99_999_999, BudgetAction.Stop, null), State("chat", 200_000_000, BudgetAction.Warn, null)]));
        Assert.Equal(
            "Calls of recap are refused: its budget for November 2026 is spent. Raise it on the feature's page and publish, or wait until 1 Dec.",
            BudgetWords.Stopped([State("recap", 100_000_000, BudgetAction.Stop, null)]));
        Assert.StartsWith("Calls of recap and 1 more are refused: their budgets", BudgetWords.Stopped([State("recap", 100_000_000, BudgetAction.Stop, null), State("chat", 100_000_000, BudgetAction.Stop, null)]), StringComparison.Ordinal);
    }

    [Fact]
    public void With_NothingElseIsWrong_IsTheHeadlineElseItFollows()
    {
        var well = new HealthVerdict("Callers are unaffected; every model endpoint is closed.", "In 1 h, nothing.", null);
        var ill = new HealthVerdict("azure is open since 12:00.", "Timeouts.", "provider");
        Assert.Equal(new HealthVerdict("Stopped.", "Callers are unaffected; every model endpoint is closed. In 1 h, nothing.", "budget"), well.With("Stopped."));
        Assert.Equal(ill with { Detail = "Stopped. Timeouts." }, ill.With("Stopped."));
        Assert.Equal(well, well.With(null));
    }

    [Theory]
    [InlineData(BudgetAction.Warn, "Calls are answered", "Nothing is refused")]
    [InlineData(BudgetAction.Stop, "Calls are refused", "429 budget_exceeded")]
    public async Task Panel_EachAction_SaysWhatHappens(BudgetAction action, string name, string meaning)
    {
        var form = new BindingForm { Budget = "250", BudgetAction = action };
        var stored = new BindingChoices(0, SelectionStrategy.Weighted, AffinityMode.None, 0, 0, 0, false, [], 0, 250_000_000, "USD", BudgetAction.Warn);
        IElement panel = await Rendered.PartAsync<BudgetPanel>(("Form", form), ("Stored", stored), ("ProblemOf", (Func<string, string?>)(_ => null)));
        Assert.Equal(name, panel.QuerySelector("#budget-action option[selected]")!.TextContent);
        Assert.Contains(meaning, panel.QuerySelector("#budget-action-about")!.TextContent, StringComparison.Ordinal);
        Assert.False(panel.QuerySelector("#budget")!.ClassList.Contains("changed"));
        Assert.Equal(action == BudgetAction.Stop, panel.QuerySelector("#budget-action")!.ClassList.Contains("changed"));
    }

    [Theory]
    [InlineData("0.5", BudgetAction.Stop, "calls will be refused", "Already spent $0.60 of $0.50: all calls will be refused until 1 Dec.")]
    [InlineData("0.5", BudgetAction.Warn, "over budget", null)]
    [InlineData("5", BudgetAction.Stop, "too early to forecast", null)]
    public async Task Panel_AsTyped_IsHeldAgainstWhatIsSpent(string budget, BudgetAction action, string tag, string? already)
    {
        IElement panel = await PanelAsync(new BindingForm { Budget = budget, BudgetAction = action });
        Assert.Equal(tag, panel.QuerySelector("[data-testid=budget-spent] .tag")!.TextContent);
        Assert.Equal(already, panel.QuerySelector("[data-testid=budget-already]")?.TextContent);
    }

    [Theory]
    [InlineData("")]
    [InlineData("much")]
    public async Task Panel_NoBudget_StillShowsWhatIsSpent(string budget) =>
        Assert.Equal("$0.60 + €0.10 spent this month", (await PanelAsync(new BindingForm { Budget = budget })).QuerySelector("[data-testid=budget-spent]")!.TextContent);

    [Fact]
    public async Task Impact_BudgetIsSpentAlready_SaysThatAllCallsWillBeRefused()
    {
        BindingOutlook outlook = new(1, null, 40, 40, [], 0, [], 1, ImmutableDictionary<string, EndpointOutlook>.Empty) { Month = Month };
        IElement panel = await Rendered.PartAsync<ImpactPanel>(
            ("Outlook", outlook), ("Form", new BindingForm { Budget = "0.001", BudgetAction = BudgetAction.Stop }), ("NameOf", (Func<string, string>)(id => id)));
        Assert.Equal("Already spent $0.60 of $0.00100: all calls will be refused until 1 Dec.", panel.QuerySelector("[data-testid=impact-budget]")!.TextContent);
    }

    [Fact]
    public async Task Table_NoBudgets_IsNotThere() => Assert.Equal("", (await Rendered.PartAsync<BudgetsPanel>(("States", ImmutableArray<BudgetState>.Empty))).TextContent.Trim());

    [Fact]
    public async Task Table_WhatTheSumDoesNotHold_IsToldBesideIt()
    {
        BudgetState state = State("recap", 1_000_000, BudgetAction.Stop, 1_000_000) with { EstimatedMicros = 250_000, Unpriced = 3 };
        IElement table = await Rendered.PartAsync<BudgetsPanel>(("States", ImmutableArray.Create(state)));
        Assert.Equal("$0.25 from estimated tokens; not counted: 3 attempts without a price", table.QuerySelector("[data-label='In the sum']")!.TextContent);
        Assert.Equal("calls are refused", table.QuerySelector("[data-label='Beyond it']")!.TextContent);
    }

    private static MonthSpend Month => new("recap", 2026_11, Now, [new("USD", 600_000, 0), new("EUR", 100_000, 0)], 0, ImmutableDictionary<string, BudgetPace>.Empty);

    private static Task<IElement> PanelAsync(BindingForm form) =>
        Rendered.PartAsync<BudgetPanel>(("Form", form), ("Month", Month), ("ProblemOf", (Func<string, string?>)(_ => null)));

    private static BudgetState State(string feature, long spent, BudgetAction action, int? perDay) =>
        new(new PublishedBudget(feature, "", 100_000_000, "USD", action), 2026_11, Now, spent, 0, 0, "", perDay is { } day ? new BudgetPace(day, 0) : null);
}
