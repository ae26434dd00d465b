using FsCheck;
using FsCheck.Fluent;
using Routing.Core.Health;

namespace Routing.Core.Tests.Health;

public sealed class LatencyHistogramTests
{
    private static readonly Gen<int[]> Samples = Gen.OneOf(Gen.Choose(0, 100), Gen.Choose(0, 60_000), Gen.Choose(0, 4_000_000)).ArrayOf();

    [Fact]
    public void BucketOf_EveryBucket_BeginsWhereTheOneBeforeEnds()
    {
        var next = 0;
        for (var bucket = 0; bucket < LatencyHistogram.BucketCount; bucket++)
        {
            var (low, width) = LatencyHistogram.BoundsOf(bucket);
            Assert.Equal(next, low);
            Assert.Equal(bucket, LatencyHistogram.BucketOf(low));
            Assert.Equal(bucket, LatencyHistogram.BucketOf(low + width - 1));
            Assert.True(width == 1 || (double)width / low <= 0.0625);
            next = low + width;
        }
        Assert.True(next > TimeSpan.FromHours(1).TotalMilliseconds);
    }

    [Theory]
    [InlineData(-5, 0)]
    [InlineData(long.MaxValue, LatencyHistogram.BucketCount - 1)]
    [InlineData(long.MinValue, 0)]
    public void BucketOf_OutsideTheRange_TakesTheNearest(long milliseconds, int bucket) =>
        Assert.Equal(bucket, LatencyHistogram.BucketOf(milliseconds));

    [Fact]
    public void Quantile_AnySamples_IsWithinABucketOfTheTrueOne() => Check.One(Properties.Cases(500), Prop.ForAll(Samples.ToArbitrary(), samples =>
    {
        var histogram = Of(samples);
        if (samples.Length == 0) return histogram.P90 is null && histogram.P50 is null;
        var sorted = samples.Order().ToArray();
        var truth = sorted[(int)Math.Ceiling(0.9 * samples.Length) - 1];
        return Math.Abs(histogram.P90!.Value - truth) <= Math.Max(1, truth * 0.065);
    }));

    [Fact]
    public void Merge_AnyTwo_EqualsAllSamplesInOne() => Check.One(Properties.Cases(), Prop.ForAll(Samples.ToArbitrary(), Samples.ToArbitrary(), (a, b) =>
    {
        var merged = Of(a);
        merged.Merge(Of(b));
        var same = merged.ToBase64() == Of([.. a, .. b]).ToBase64() && merged.Count == a.Length + b.Length;
        merged.Subtract(Of(b));
        return same && merged.ToBase64() == Of(a).ToBase64();
    }));

    [Fact]
    public void TryParse_OwnBytes_GivesTheSameHistogram() => Check.One(Properties.Cases(), Prop.ForAll(Samples.ToArbitrary(), samples =>
    {
        var histogram = Of(samples);
        return LatencyHistogram.TryParseBase64(histogram.ToBase64(), out var again)
            && again.Count == histogram.Count && again.ToBytes().AsSpan().SequenceEqual(histogram.ToBytes());
    }));

    [Fact]
    public void TryParse_AnyBytes_NeverThrowsAndIsEmptyWhenRefused()
    {
        var random = new Random(11);
        for (var i = 0; i < 20_000; i++)
        {
            var bytes = new byte[random.Next(40)];
            random.NextBytes(bytes);
            if (bytes.Length > 0 && random.Next(2) == 0) bytes[0] = 1;
            if (!LatencyHistogram.TryParse(bytes, out var histogram)) Assert.Equal(0, histogram.Count);
        }
        Assert.False(LatencyHistogram.TryParseBase64("not base64", out _));
        Assert.False(LatencyHistogram.TryParseBase64(null, out _));
        Assert.False(LatencyHistogram.TryParseBase64(Convert.ToBase64String(new byte[10_000]), out _));
    }

    [Fact]
    public void ToBytes_AMinuteOfTypicalAnswers_IsSmall()
    {
        var random = new Random(3);
        var histogram = new LatencyHistogram();
        for (var i = 0; i < 6_000; i++) histogram.Add((long)(400 * Math.Exp(random.NextDouble() * 2)));
        Assert.InRange(histogram.ToBytes().Length, 1, 200);
    }

    [Fact]
    public void CountAbove_BucketEnd_CountsWhatIsSlower()
    {
        var histogram = Of([10, 20, 31, 32, 5_000]);
        Assert.Equal(2, histogram.CountAbove(31));
    }

    [Theory]
    [InlineData(4, 20, 8.1)]
    [InlineData(20, 100, 13.3)]
    [InlineData(1, 10, 1.8)]
    [InlineData(0, 10, 0)]
    [InlineData(0, 0, 0)]
    public void WilsonLowerBound_PublishedExamples_Match(int hits, int samples, double percent) =>
        Assert.Equal(percent, Wilson.LowerBound(hits, samples) * 100, 0.05);

    [Fact]
    public void WilsonLowerBound_MoreEvidenceForTheSameRatio_Rises()
    {
        var bounds = Enumerable.Range(1, 20).Select(n => Wilson.LowerBound(n, 5 * n)).ToArray();
        Assert.Equal(bounds.Order(), bounds);
        Assert.All(bounds, b => Assert.InRange(b, 0, 0.2));
    }

    private static LatencyHistogram Of(IEnumerable<int> samples)
    {
        var histogram = new LatencyHistogram();
        foreach (var sample in samples) histogram.Add(sample);
        return histogram;
    }
}
