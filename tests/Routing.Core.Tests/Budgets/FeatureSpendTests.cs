using Routing.Core.Budgets;
using TestKit;

namespace Routing.Core.Tests.Budgets;

public sealed class FeatureSpendTests
{
    private const int November = 2026_11;
    private const int December = 2026_12;

    [Fact]
    public void TryReserve_AsLongAsAnythingIsLeft_TakesAWholeCall()
    {
        var month = new MonthSpend(November);
        Assert.True(month.TryReserve(60, 100));
        Assert.True(month.TryReserve(60, 100));
        Assert.False(month.TryReserve(1, 100));
        Assert.Equal((0, 120), (month.Spent, month.Used));
    }

    [Fact]
    public void Release_AfterTheCostIsCounted_NothingStaysSetAside()
    {
        var month = new MonthSpend(November);
        Assert.True(month.TryReserve(60, 100));
        month.Count(7);
        month.Release(60);
        Assert.Equal((7, 7), (month.Spent, month.Used));
        Assert.True(month.HasRoom(100));
    }

    [Fact]
    public void IsSpent_TheRestIsOnlySetAside_IsNot()
    {
        var month = new MonthSpend(November);
        Assert.True(month.TryReserve(100, 100));
        Assert.False(month.HasRoom(100));
        Assert.False(month.IsSpent(100));
        month.Count(100);
        Assert.True(month.IsSpent(100));
    }

    [Fact]
    public void Hear_MoreThanIsKnownHere_IsBelievedOnce()
    {
        var month = new MonthSpend(November);
        month.Count(5);
        month.Hear(50, 80);
        month.Hear(50, 80);
        Assert.Equal((50, 50, 80), (month.Spent, month.Used, month.UpTo));
        month.Hear(3, 90);
        Assert.Equal((50, 90), (month.Spent, month.UpTo));
    }

    [Fact]
    public async Task Hear_FromSeveralThreadsAtOnce_IsBelievedOnce()
    {
        for (var round = 0; round < 2_000; round++)
        {
            var month = new MonthSpend(November);
            using var start = new Barrier(2);
            await Task.WhenAll(Enumerable.Range(0, 2).Select(_ => Task.Run(() =>
            {
                start.SignalAndWait();
                month.Hear(50, 80);
            })));
            Assert.Equal((50, 50), (month.Spent, month.Used));
        }
    }

    [Fact]
    public async Task TryReserve_TwoHundredAtOnce_PassesOneCallMoreThanFits()
    {
        var month = new MonthSpend(November);
        var start = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var calls = Enumerable.Range(0, 200).Select(_ => Task.Run(async () =>
        {
            await start.Task;
            return month.TryReserve(1_000, 50_500);
        })).ToArray();
        start.SetResult();
        Assert.Equal(51, (await Task.WhenAll(calls)).Count(passed => passed));
    }

    [Fact]
    public async Task Used_AMillionCallsFromEightThreads_IsWhatWasSpentAndNothingElse()
    {
        var month = new MonthSpend(November);
        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() =>
        {
            for (var i = 0; i < 125_000; i++)
            {
                Assert.True(month.TryReserve(900, 1_000_000_000));
                month.Count(7);
                month.Release(900);
            }
        })));
        Assert.Equal((7_000_000, 7_000_000), (month.Spent, month.Used));
    }

    [Fact]
    public void Of_TheClockJumpsIntoTheNextMonthAndBack_EachMonthKeepsItsAccount()
    {
        var spend = new FeatureSpend("USD");
        spend.Of(November).Count(70);
        spend.Of(December).Count(5);
        spend.Of(November).Count(10);
        spend.Of(December).Count(6);
        Assert.Equal((80, 11), (spend.Spent(November), spend.Spent(December)));
    }

    [Fact]
    public void Of_TheClockWandersThroughMoreMonthsThanAreKept_ForgetsTheOneItSawFirst()
    {
        var spend = new FeatureSpend("USD");
        foreach (var month in new[] { 2026_09, 2026_10, November, December, 2027_01 }) spend.Of(month).Count(1);
        Assert.Equal((0, 1, 1), (spend.Spent(2026_09), spend.Spent(2026_10), spend.Spent(2027_01)));
    }

    [Fact]
    public void TryReserve_OnceItIsWarm_AllocatesNothing()
    {
        var spend = new FeatureSpend("USD");
        Assert.Equal(0, Allocations.Least(() =>
        {
            for (var i = 0; i < 1_000; i++)
            {
                var month = spend.Of(November);
                month.TryReserve(3, long.MaxValue);
                month.Count(1);
                month.Release(3);
            }
        }));
    }

    [Theory]
    [InlineData("2026-11-30T23:59:59.9999999Z", November)]
    [InlineData("2026-12-01T00:00:00Z", December)]
    [InlineData("2026-12-01T01:30:00+02:00", November)]
    public void Month_IsOfUtc(string at, int month) => Assert.Equal(month, BudgetMonth.Of(DateTimeOffset.Parse(at, System.Globalization.CultureInfo.InvariantCulture)));

    [Fact]
    public void Month_EndsWhereTheNextBegins() => Assert.Equal(
        (new DateTimeOffset(2027, 1, 1, 0, 0, 0, TimeSpan.Zero), "December 2026"), (BudgetMonth.End(December), BudgetMonth.Name(December)));
}
