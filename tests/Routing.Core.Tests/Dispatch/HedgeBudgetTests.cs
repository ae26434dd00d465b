using Routing.Core.Dispatch;

namespace Routing.Core.Tests.Dispatch;

public sealed class HedgeBudgetTests
{
    [Theory]
    [InlineData(5, 20)]
    [InlineData(1, 100)]
    [InlineData(3, 34)]
    public void TryTake_Percent_IsOneOfSoManyCalls(int percent, int calls)
    {
        var budget = new HedgeBudget();
        for (var i = 0; i < calls - 1; i++) budget.Ask(percent);

        Assert.False(budget.TryTake());
        budget.Ask(percent);
        Assert.True(budget.TryTake());
        Assert.False(budget.TryTake());
    }

    [Fact]
    public void TryTake_AfterAQuietTime_IsNoMoreThanTenAtOnce()
    {
        var budget = new HedgeBudget();
        for (var i = 0; i < 10_000; i++) budget.Ask(5);

        Assert.Equal(10, Enumerable.Range(0, 100).Count(_ => budget.TryTake()));
    }

    [Fact]
    public void GiveBack_NobodyTookTheCall_IsThereForTheNext()
    {
        var budget = new HedgeBudget();
        for (var i = 0; i < 20; i++) budget.Ask(5);
        Assert.True(budget.TryTake());

        budget.GiveBack();

        Assert.True(budget.TryTake());
    }

    [Fact]
    public void TryTake_ByManyAtOnce_IsNeverMoreThanTheShare()
    {
        var budget = new HedgeBudget();
        var taken = 0;

        Parallel.For(0, 10_000, _ =>
        {
            budget.Ask(5);
            if (budget.TryTake()) Interlocked.Increment(ref taken);
        });

        Assert.InRange(taken, 490, 500);
    }
}
