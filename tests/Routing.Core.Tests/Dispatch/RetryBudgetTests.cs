using Routing.Core.Dispatch;

namespace Routing.Core.Tests.Dispatch;

public sealed class RetryBudgetTests
{
    private const int Short = 1_000;

    [Fact]
    public void TrySpend_ThinTraffic_AllowsOneASecond()
    {
        var budget = new RetryBudget();
        budget.Ask(100, Short);

        Assert.Equal(10, Spent(budget, second: 100, times: 15));
        Assert.Equal(0, Spent(budget, second: 109, times: 1));
        Assert.Equal(10, Spent(budget, second: 110, times: 15));
    }

    [Fact]
    public void TrySpend_Traffic_AllowsAFifthOfIt()
    {
        var budget = new RetryBudget();
        for (var second = 50; second < 60; second++) Asked(budget, second, times: 100);

        Assert.Equal(200, Spent(budget, second: 59, times: 1_000));
    }

    [Fact]
    public void TrySpend_TrafficOfLongAgo_AllowsNothing()
    {
        var budget = new RetryBudget();
        Asked(budget, second: 50, times: 1_000);

        Assert.Equal(10, Spent(budget, second: 60, times: 1_000));
    }

    [Fact]
    public void TrySpend_AfterManyFailovers_IsRefused()
    {
        var budget = new RetryBudget();
        Asked(budget, second: 7, times: 100);
        for (var i = 0; i < 100; i++) budget.Spend(7, Short);

        Assert.False(budget.TrySpend(7, Short));
    }

    [Fact]
    public void TrySpend_OneLongPromptAmongShortOnes_IsRefusedAndShortOnesAreNot()
    {
        var budget = new RetryBudget();
        Asked(budget, second: 7, times: 1_000);

        Assert.False(budget.TrySpend(7, 5_000_000));
        Assert.True(budget.TrySpend(7, Short));
    }

    [Fact]
    public void TrySpend_LongPromptsAreTheTraffic_AllowsAFifthOfThem()
    {
        var budget = new RetryBudget();
        for (var i = 0; i < 100; i++) budget.Ask(7, 800_000);

        Assert.Equal(20, Spent(budget, second: 7, times: 100, bytes: 800_000));
    }

    [Fact]
    public void GiveBack_WithinTheTenSeconds_MayBeSpentAgain()
    {
        var budget = new RetryBudget();
        Assert.Equal(10, Spent(budget, second: 7, times: 15));

        budget.GiveBack(7, Short);

        Assert.Equal(1, Spent(budget, second: 9, times: 15));
    }

    [Fact]
    public void GiveBack_OfASecondLongPast_ChangesNothing()
    {
        var budget = new RetryBudget();
        budget.Spend(7, Short);
        Assert.Equal(10, Spent(budget, second: 17, times: 15));

        budget.GiveBack(7, Short);

        Assert.Equal(0, Spent(budget, second: 17, times: 1));
    }

    [Fact]
    public async Task Ask_FromManyThreads_LosesNothingWithinASecond()
    {
        var budget = new RetryBudget();
        budget.Ask(3, Short);
        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(() => Asked(budget, second: 3, times: 10_000))));

        Assert.Equal(8_000, Spent(budget, second: 3, times: 20_000));
    }

    private static void Asked(RetryBudget budget, long second, int times)
    {
        for (var i = 0; i < times; i++) budget.Ask(second, Short);
    }

    private static int Spent(RetryBudget budget, long second, int times, int bytes = Short)
    {
        var spent = 0;
        for (var i = 0; i < times; i++) spent += budget.TrySpend(second, bytes) ? 1 : 0;
        return spent;
    }
}
