using ControlPlane.Web.Ui;

namespace ControlPlane.Web.Tests.Ui;

public sealed class FormatTests
{
    [Theory]
    [InlineData(0.0, "0 ms")]
    [InlineData(0.6, "0.6 ms")]
    [InlineData(890.0, "890 ms")]
    [InlineData(999.4, "999 ms")]
    [InlineData(999.6, "1.00 s")]
    [InlineData(1620.0, "1.62 s")]
    [InlineData(8400.0, "8.4 s")]
    [InlineData(725000.0, "12 min 5 s")]
    [InlineData(null, "–")]
    [InlineData(double.NaN, "–")]
    public void Latency_AnyValue_FollowsTheTable(double? milliseconds, string expected) => Assert.Equal(Bound(expected), Format.Latency(milliseconds));

    [Theory]
    [InlineData(.91, PercentKind.Share, "91 %")]
    [InlineData(.002, PercentKind.Error, "0.2 %")]
    [InlineData(.9998, PercentKind.Availability, "99.98 %")]
    [InlineData(1.0, PercentKind.Availability, "100.00 %")]
    [InlineData(0.0, PercentKind.Error, "0.0 %")]
    [InlineData(-.02, PercentKind.Error, "−2.0 %")]
    [InlineData(null, PercentKind.Share, "–")]
    public void Percent_OfEachKind_HasItsDecimals(double? ratio, PercentKind kind, string expected) => Assert.Equal(Bound(expected), Format.Percent(ratio, kind));

    [Theory]
    [InlineData(.0004, PercentKind.Error, "< 0.1 %")]
    [InlineData(.004, PercentKind.Share, "< 1 %")]
    [InlineData(.99997, PercentKind.Availability, "> 99.99 %")]
    [InlineData(.998, PercentKind.Share, "> 99 %")]
    public void Percent_NearlyNothingOrNearlyAll_IsNotRoundedAway(double ratio, PercentKind kind, string expected) => Assert.Equal(Bound(expected), Format.Percent(ratio, kind));

    [Theory]
    [InlineData(46.2, "46.2 /s")]
    [InlineData(0.01, "< 0.1 /s")]
    [InlineData(0.0, "0.0 /s")]
    [InlineData(12345.6, "12,346 /s")]
    [InlineData(null, "–")]
    public void Rate_AnyValue_HasOneDecimal(double? perSecond, string expected) => Assert.Equal(Bound(expected), Format.Rate(perSecond));

    [Theory]
    [InlineData(99_999L, "99,999")]
    [InlineData(532_440L, "532.44 k")]
    [InlineData(10_123_408L, "10.12 M")]
    [InlineData(-120_000L, "−120.00 k")]
    [InlineData(null, "–")]
    public void Count_Large_IsShortened(long? count, string expected) => Assert.Equal(Bound(expected), Format.Count(count));

    [Theory]
    [InlineData(18_412_400_000L, MoneyKind.Total, "$18,412")]
    [InlineData(212_400_000L, MoneyKind.Rate, "$212.40")]
    [InlineData(4_120L, MoneyKind.PerRequest, "$0.00412")]
    [InlineData(1_820_000L, MoneyKind.PerThousand, "$1.82")]
    [InlineData(3_000L, MoneyKind.Total, "$0.00300")]
    [InlineData(2L, MoneyKind.Total, "< $0.00001")]
    [InlineData(0L, MoneyKind.Total, "$0.00")]
    [InlineData(-165_000_000L, MoneyKind.Total, "−$165.00")]
    [InlineData(null, MoneyKind.Total, "–")]
    public void Money_OfEachKind_HasItsDecimals(long? micros, MoneyKind kind, string expected) => Assert.Equal(Bound(expected), Format.Money(micros, kind: kind));

    [Fact]
    public void Money_OtherCurrency_ComesFirst()
    {
        Assert.Equal("€12.00", Format.Money(12_000_000, "EUR"));
        Assert.Equal(Bound("CHF 12.00"), Format.Money(12_000_000, "CHF"));
    }

    [Fact]
    public void MoneyChange_Gain_HasItsSign() => Assert.Equal("+$1,432", Format.MoneyChange(1_432_000_000));

    [Theory]
    [InlineData(-.037, "−3.7 %")]
    [InlineData(.126, "+12.6 %")]
    [InlineData(-.0001, "0.0 %")]
    public void Change_AnyValue_HasItsSignUnlessZero(double ratio, string expected) => Assert.Equal(Bound(expected), Format.Change(ratio));

    [Theory]
    [InlineData(-3, "0 s ago")]
    [InlineData(2, "2 s ago")]
    [InlineData(245, "4 min 5 s ago")]
    [InlineData(240, "4 min ago")]
    [InlineData(3000, "50 min ago")]
    [InlineData(7300, "2 h ago")]
    [InlineData(200_000, "2 d ago")]
    public void Age_AnyValue_IsRelative(int seconds, string expected) => Assert.Equal(Bound(expected), Format.Age(TimeSpan.FromSeconds(seconds)));

    [Theory]
    [InlineData(.25, "250 ms")]
    [InlineData(9.5, "9.5 s")]
    [InlineData(30, "30 s")]
    [InlineData(216, "3 min 36 s")]
    [InlineData(1800, "30 min")]
    [InlineData(7800, "2 h 10 min")]
    [InlineData(273_600, "3 d 4 h")]
    public void Duration_AnyValue_HasTwoUnitsAtMost(double seconds, string expected) => Assert.Equal(Bound(expected), Format.Duration(TimeSpan.FromSeconds(seconds)));

    [Fact]
    public void Number_RoundsToZero_HasNoMinus() => Assert.Equal("0.0", Format.Number(-.01, 1));

    /// <summary>The space before a unit, and after a comparison, does not break; the one between two units and before "ago" may.</summary>
    private static string Bound(string text) => System.Text.RegularExpressions.Regex.Replace(text, @"(?<=[\d<>]) (?=[%/$a-zMk\d])|(?<=CHF) ", "\u00A0", System.Text.RegularExpressions.RegexOptions.None, TimeSpan.FromSeconds(1));
}
