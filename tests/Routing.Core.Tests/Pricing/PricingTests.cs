using System.Numerics;
using FsCheck;
using FsCheck.Fluent;
using Routing.Core.Llm;
using Routing.Core.Pricing;
using Routing.Core.Snapshots;

namespace Routing.Core.Tests.Pricing;

public sealed class PricingTests
{
    private static readonly DateTimeOffset Day = new(2026, 11, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly PriceConfig Sonnet = new()
    {
        ModelEndpoint = "sonnet", From = Day, Input = 3_000_000, Output = 15_000_000, CacheRead = 300_000, CacheWrite = 3_750_000,
    };

    private static readonly Gen<long> Tokens = Gen.OneOf(Gen.Choose(0, 50), Gen.Choose(0, 2_000_000)).Select(t => (long)t);
    private static readonly Gen<long> Price = Gen.OneOf(Gen.Choose(0, 5), Gen.Choose(0, 100_000_000)).Select(p => (long)p);

    private static readonly Arbitrary<(TokenUsage Usage, PriceConfig Price)> Cases = (
        from uncached in Tokens from read in Tokens from write in Tokens from output in Tokens
        from a in Price from b in Price from c in Price from d in Price from hasRead in Gen.Elements(true, false) from hasWrite in Gen.Elements(true, false)
        select (Usage(uncached + read + write, output, read, write),
            new PriceConfig { ModelEndpoint = "a", From = Day, Input = a, Output = b, CacheRead = hasRead ? c : null, CacheWrite = hasWrite ? d : null })).ToArbitrary();

    [Theory]
    [InlineData(1_000_000, 0, 0, 0, 3_000_000)]
    [InlineData(0, 1_000_000, 0, 0, 15_000_000)]
    [InlineData(1_000, 500, 0, 0, 10_500)]
    [InlineData(1_000, 0, 1_000, 0, 300)]
    [InlineData(1_000, 0, 0, 1_000, 3_750)]
    [InlineData(1_000, 10, 600, 300, 180 + 1_125 + 300 + 150)]
    public void Of_KnownUsage_CostsWhatThePriceListSays(long input, long output, long read, long write, long micros) =>
        Assert.Equal(micros, Cost.Of(Usage(input, output, read, write), Sonnet));

    [Theory]
    [InlineData(499_999, 0)]
    [InlineData(500_000, 1)]
    [InlineData(1_499_999, 1)]
    [InlineData(1_500_000, 2)]
    public void Of_FractionsOfAMicro_RoundHalfUpOnce(long tokens, long micros) =>
        Assert.Equal(micros, Cost.Of(Usage(tokens, 0), Sonnet with { Input = 1 }));

    [Fact]
    public void Of_HalvesOfTwoParts_AreAddedBeforeRounding() =>
        Assert.Equal(1, Cost.Of(Usage(500_000, 500_000), Sonnet with { Input = 1, Output = 1 }));

    [Fact]
    public void Of_AnyUsage_EqualsTheExactSum() => Check.One(Properties.Cases(2_000), Prop.ForAll(Cases, c =>
    {
        var (usage, price) = c;
        var exact = ((BigInteger)usage.InputUncached * price.Input) + ((BigInteger)usage.CacheRead * (price.CacheRead ?? price.Input))
            + ((BigInteger)usage.CacheWrite * (price.CacheWrite ?? price.Input)) + ((BigInteger)usage.OutputTotal * price.Output);
        return Cost.Of(usage, price) == (long)((exact + 500_000) / 1_000_000);
    }));

    [Fact]
    public void Of_MoreTokens_NeverCostLess() => Check.One(Properties.Cases(1_000), Prop.ForAll(Cases, Gen.Choose(0, 10_000).ToArbitrary(), (c, more) =>
        Cost.Of(c.Usage with { OutputTotal = c.Usage.OutputTotal + more }, c.Price) >= Cost.Of(c.Usage, c.Price)
        && Cost.Of(c.Usage with { InputTotal = c.Usage.InputTotal + more }, c.Price) >= Cost.Of(c.Usage, c.Price)));

    [Fact]
    public void Of_OneCallCutInTwo_DiffersByAtMostOneMicro() => Check.One(Properties.Cases(1_000), Prop.ForAll(Cases, Gen.Choose(0, 100).ToArbitrary(), (c, percent) =>
    {
        var part = Scale(c.Usage, percent);
        var rest = new TokenUsage
        {
            InputTotal = c.Usage.InputTotal - part.InputTotal, CacheRead = c.Usage.CacheRead - part.CacheRead,
            CacheWrite = c.Usage.CacheWrite - part.CacheWrite, OutputTotal = c.Usage.OutputTotal - part.OutputTotal,
        };
        return Math.Abs(Cost.Of(c.Usage, c.Price) - Cost.Of(part, c.Price) - Cost.Of(rest, c.Price)) <= 1;
    }));

    [Theory]
    [InlineData(100, -5, 500, 900)]
    [InlineData(-1, -1, -1, -1)]
    [InlineData(100, 0, long.MaxValue, long.MaxValue)]
    public void Of_PartsContradictTheTotals_StaysBetweenFreeAndTheTotalAtTheDearestPrice(long input, long output, long read, long write)
    {
        var cost = Cost.Of(Usage(input, output, read, write), Sonnet);
        Assert.InRange(cost, 0, 100 * 4);
    }

    [Fact]
    public void Of_DoesNotFit_ThrowsInsteadOfWrapping() =>
        Assert.Throws<OverflowException>(() => Cost.Of(Usage(long.MaxValue, long.MaxValue), Sonnet with { Input = long.MaxValue, Output = long.MaxValue }));

    [Fact]
    public void Find_SeveralPrices_TakesTheOneInForceAtThatMoment()
    {
        var book = PriceBook.Build([Sonnet with { From = Day.AddDays(10), Input = 2 }, Sonnet with { Input = 1 }, Sonnet with { From = Day.AddDays(20), Input = 3 }]);
        Assert.Null(book.Find("sonnet", Day.AddTicks(-1)));
        Assert.Equal(1, book.Find("sonnet", Day)!.Input);
        Assert.Equal(1, book.Find("sonnet", Day.AddDays(10).AddTicks(-1))!.Input);
        Assert.Equal(2, book.Find("sonnet", Day.AddDays(10))!.Input);
        Assert.Equal(3, book.Find("sonnet", DateTimeOffset.MaxValue)!.Input);
        Assert.Null(book.Find("nova", Day));
        Assert.Null(PriceBook.Empty.Find("sonnet", Day));
    }

    [Fact]
    public void Find_AnyBook_AgreesWithALinearSearch() => Check.One(Properties.Cases(), Prop.ForAll(
        Gen.Choose(0, 1_000).ArrayOf().ToArbitrary(), Gen.Choose(-10, 1_010).ToArbitrary(), (days, at) =>
        {
            var prices = days.Distinct().Select(d => Sonnet with { From = Day.AddDays(d), Input = d }).ToArray();
            var expected = prices.Where(p => p.From <= Day.AddDays(at)).MaxBy(p => p.From);
            return PriceBook.Build(prices).Find("sonnet", Day.AddDays(at)) == expected;
        }));

    private static TokenUsage Usage(long input, long output, long read = 0, long write = 0) =>
        new() { InputTotal = input, OutputTotal = output, CacheRead = read, CacheWrite = write, Source = UsageSource.Reported };

    private static TokenUsage Scale(TokenUsage usage, int percent)
    {
        var (read, write, rest) = (usage.CacheRead * percent / 100, usage.CacheWrite * percent / 100, usage.InputUncached * percent / 100);
        return Usage(read + write + rest, usage.OutputTotal * percent / 100, read, write);
    }
}
