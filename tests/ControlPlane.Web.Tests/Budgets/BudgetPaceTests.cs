using ControlPlane.Web.Budgets;
using ControlPlane.Web.Ui.Charts;

namespace ControlPlane.Web.Tests.Budgets;

public sealed class BudgetPaceTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 21, 0, 0, 0, TimeSpan.Zero);
    private static readonly DateTimeOffset End = new(2026, 12, 1, 0, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Of_TwoDays_SaysNothing() => Assert.Null(BudgetPace.Of([5, 5]));

    [Fact]
    public void ReachedAt_HalfTheTimeThatIsLeft_IsThatDay() => Assert.Equal(Now.AddDays(5), new BudgetPace(100, 0).ReachedAt(500, Now, End));

    [Theory]
    [InlineData(1_001, 100)] // Lasts the month.
    [InlineData(0, 100)] // Spent already.
    [InlineData(500, 0)] // Nobody spends.
    public void ReachedAt_NotWithinTheMonthOrNotAtAll_IsNever(long left, double perDay) => Assert.Null(new BudgetPace(perDay, 0).ReachedAt(left, Now, End));

    [Fact]
    public void Forecast_DaysThatDiffer_IsTheMeanWithItsInterval()
    {
        BudgetPace pace = BudgetPace.Of([100, 140, 60])!;
        Assert.Equal((100, 40), (pace.PerDay, pace.Deviation));
        Assert.Equal(new BudgetForecast(2838, 3000, 3161), pace.Forecast(2000, Now, End));
    }

    [Fact]
    public void Forecast_AWideInterval_IsNeverLessThanIsSpent() => Assert.Equal(2000, new BudgetPace(1, 900).Forecast(2000, Now, End).Low);
}
