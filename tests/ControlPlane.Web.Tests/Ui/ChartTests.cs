using ControlPlane.Web.Ui;
using ControlPlane.Web.Ui.Charts;

namespace ControlPlane.Web.Tests.Ui;

public sealed class ChartTests
{
    private static readonly DateTimeOffset Start = new(2026, 11, 19, 14, 0, 0, TimeSpan.Zero);
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    [Fact]
    public void Sentence_WentOverItsLimitAndBack_SaysWhenAndNow()
    {
        ChartSeries line = new("p90", 1, [.. Enumerable.Range(0, 10).Select(static at => (double?)(at is >= 2 and <= 5 ? 2940 : 1100))]);
        string sentence = ChartSentence.Describe(line, Start, Minute, ChartUnit.Milliseconds, new ChartLimit(1800, "limit 1.80 s"));
        Assert.Equal("p90 went over its 1.80 s limit between 14:02 and 14:05; highest 2.94 s at 14:02, now 1.10 s.", Plain(sentence));
    }

    [Fact]
    public void Sentence_StillOverItsLimit_SaysSince()
    {
        ChartSeries line = new("p90", 1, [1000, 1000, 1000, 1000, 1000, 1900, 2000]);
        string sentence = ChartSentence.Describe(line, Start, Minute, ChartUnit.Milliseconds, new ChartLimit(1800, ""));
        Assert.Equal("p90 went over its 1.80 s limit since 14:05; highest 2.00 s at 14:06, now 2.00 s.", Plain(sentence));
    }

    [Fact]
    public void Sentence_UnderItsLimit_SaysStayed()
    {
        ChartSeries line = new("p90", 1, [1000, null, 1500, 1200, 1200, 1200]);
        string sentence = ChartSentence.Describe(line, Start, Minute, ChartUnit.Milliseconds, new ChartLimit(1800, ""));
        Assert.Equal("p90 stayed under its 1.80 s limit; highest 1.50 s at 14:02, now 1.20 s.", Plain(sentence));
    }

    [Fact]
    public void Sentence_WithoutLimit_SaysRange()
    {
        ChartSeries line = new("Errors", 1, [.002, .047, .006, .006, .006, .006]);
        Assert.Equal("Errors ran from 0.2 % to 4.7 %, highest at 14:01; now 0.6 %.", Plain(ChartSentence.Describe(line, Start, Minute, ChartUnit.Ratio)));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Sentence_WithoutData_SaysSo(bool anySeries)
    {
        ChartSeries? line = anySeries ? new ChartSeries("p90", 1, [null, null]) : null;
        Assert.Equal("No data in this range.", ChartSentence.Describe(line, Start, Minute, ChartUnit.Ratio));
    }

    [Fact]
    public void Path_WithGap_LiftsThePen() => Assert.Equal("M0,9 10,1M30,5 40,5", SparklinePath.Build([0, 2, null, 1, 1], 40, 10));

    [Fact]
    public void Path_ValueAloneBetweenGaps_IsADashOfHalfItsStep() => Assert.Equal("M15,1h10", SparklinePath.Build([null, 3, null], 40, 10));

    [Fact]
    public void Path_ValueAloneAtTheEnd_StaysInside() => Assert.Equal("M30,1h10", SparklinePath.Build([null, null, 3], 40, 10));

    [Fact]
    public void Path_OneValue_IsALevelLine() => Assert.Equal("M0,1h40", SparklinePath.Build([3], 40, 10));

    [Fact]
    public void Path_ConstantValue_DoesNotDivideByZero() => Assert.Equal("M0,1 40,1", SparklinePath.Build([5, 5], 40, 10));

    [Fact]
    public void Path_OnlyZeros_LiesInTheMiddle() => Assert.Equal("M0,5 40,5", SparklinePath.Build([0, 0], 40, 10));

    [Fact]
    public void Path_NoData_IsEmpty() => Assert.Equal("", SparklinePath.Build([null, double.NaN], 40, 10));

    [Fact]
    public void Path_ManyValues_KeepsTheHighest()
    {
        double?[] values = new double?[5000];
        Array.Fill(values, 10);
        values[3777] = 990;
        Assert.Contains(",1 ", SparklinePath.Build(values, 160, 16), StringComparison.Ordinal);
    }

    [Fact]
    public void Thin_GapLongerThanABucket_StaysAGap()
    {
        double?[] values = [.. Enumerable.Range(0, 1000).Select(static at => at is > 400 and < 600 ? (double?)null : 1)];
        Assert.Contains(null, Downsample.Thin(values, 100));
    }

    [Theory]
    [InlineData(1, 1, .25)]
    [InlineData(.97, 1, .25)]
    [InlineData(.3, .4, .1)]
    public void NiceScale_OfARatio_EndsAtTheWhole(double largest, double top, double step)
    {
        NiceScale scale = NiceScale.For(largest, ChartUnit.Ratio);
        Assert.Equal((top, step), (Math.Round(scale.Top, 9), Math.Round(scale.Step, 9)));
    }

    [Theory]
    [InlineData(3.4, 4, 1)]
    [InlineData(.047, .06, .02)]
    [InlineData(1381, 1500, 500)]
    [InlineData(96, 125, 25)]
    [InlineData(0, 1, .5)]
    [InlineData(double.NaN, 1, .5)]
    public void Scale_OfAnyValue_IsRoundWithRoom(double largest, double top, double step)
    {
        NiceScale scale = NiceScale.For(largest);
        Assert.Equal(top, scale.Top, 9);
        Assert.Equal(step, scale.Step, 9);
    }

    [Theory]
    [InlineData(3400, 2000, ChartUnit.Milliseconds, "2 s")]
    [InlineData(800, 400, ChartUnit.Milliseconds, "400 ms")]
    [InlineData(.047, .02, ChartUnit.Ratio, "2 %")]
    [InlineData(1.381e9, .5e9, ChartUnit.Money, "$500")]
    [InlineData(630_000, 200_000, ChartUnit.Money, "$0.20")]
    [InlineData(90_000, 75_000, ChartUnit.Money, "$0.075")]
    [InlineData(900, 750, ChartUnit.Money, "$0.00075")]
    [InlineData(9_000_000, 2_500_000, ChartUnit.Money, "$2.50")]
    [InlineData(.9, .25, ChartUnit.PerSecond, "0.25 /s")]
    [InlineData(9000, 2500, ChartUnit.Milliseconds, "2.5 s")]
    [InlineData(26e9, 10e9, ChartUnit.Money, "$10 k")]
    public void Mark_OfEachUnit_IsShort(double largest, double value, ChartUnit unit, string expected) =>
        Assert.Equal(expected, Plain(ChartText.Mark(value, unit, NiceScale.For(largest))));

    [Fact]
    public void Bars_StackedParts_StandOnEachOther()
    {
        ChartSeries[] series = [new("a", 1, [30, 10]), new("b", 2, [10, null])];
        IReadOnlyList<StackedBar> bars = StackedBarsModel.Build(["Mon", "Tue"], series, new NiceScale(40, 10), 100, lastIsPartial: true, static value => Format.Number(value, 0));
        Assert.Equal([new StackedPiece(1, 33, 74), new StackedPiece(2, 8, 24)], bars[0].Pieces);
        Assert.Equal("Mon: b 10, a 30", bars[0].Title);
        Assert.False(bars[0].Partial);
        Assert.True(bars[1].Partial);
        Assert.Single(bars[1].Pieces);
        Assert.Equal(50, bars[1].X - bars[0].X, 6);
    }

    [Fact]
    public void Bars_Sentence_NamesHighestLastAndLargest()
    {
        ChartSeries[] series = [new("Bedrock", 1, [30, 60, 10]), new("Vertex AI", 2, [10, 10, 10])];
        Assert.Equal("18 Nov is highest with 70; the last has 20. Bedrock is the largest part, 77 % of all.", Plain(StackedBarsModel.Describe(["17 Nov", "18 Nov", "19 Nov"], series, static value => Format.Number(value, 0))));
    }

    [Fact]
    public void Bridge_SmallCausesOfLargeTotals_CutsTheAxisAndSaysSo()
    {
        BridgeModel model = BridgeModel.Build("Oct", 16_980_000_000, [new("Volume", 2_140_000_000), new("Model mix", -1_320_000_000)], "Nov", 100, "USD");
        Assert.Equal("Oct $16,980; Volume +$2,140; Model mix −$1,320; Nov $17,800", string.Join("; ", model.Columns.Select(static column => $"{column.Name} {column.Figure}")));
        Assert.Equal("$16,980 became $17,800. Volume added most, $2,140. Model mix took back most, $1,320. The axis starts at $14,000.", model.Sentence);
        Assert.Equal(BridgeModel.Top, model.Columns[1].Y, 6);
        Assert.Equal(model.Columns[1].Y, model.Columns[2].Y, 6);
        Assert.Equal(BridgeModel.Top + 100, model.Columns[3].Y + model.Columns[3].Height, 6);
    }

    [Fact]
    public void Bridge_LargeCauses_StartsAtZero() => Assert.Equal(0, BridgeModel.Build("a", 10_000_000, [new("b", 90_000_000)], "c", 100, "USD").AxisStart);

    [Fact]
    public void Budget_WithForecastOverIt_SaysHowMuch()
    {
        BudgetBurnModel model = BudgetBurnModel.Build([500_000_000, 1_000_000_000], 4, 1_900_000_000, new BudgetForecast(1_800_000_000, 2_000_000_000, 2_200_000_000), "USD");
        Assert.Equal("$1,000 of $1,900 are spent; on course for $2,000, $100.00 over, between $1,800 and $2,200.", model.Sentence);
        Assert.Equal("M0,150 150,125 300,100", model.ActualPath);
        Assert.Equal(50, model.NowX, 6);
    }

    [Fact]
    public void Budget_WithoutForecast_DrawsNone()
    {
        BudgetBurnModel model = BudgetBurnModel.Build([], 30, 1_000_000_000, null, "USD");
        Assert.Null(model.ForecastPath);
        Assert.Equal("$0.00 of $1,000 are spent; too early to forecast.", model.Sentence);
    }

    private static string Plain(string text) => text.Replace('\u00A0', ' ');
}
