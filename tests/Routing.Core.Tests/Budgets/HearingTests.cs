using Routing.Core.Budgets;

namespace Routing.Core.Tests.Budgets;

public sealed class HearingTests
{
    private static readonly DateTimeOffset Noon = new(2026, 11, 24, 12, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData(0, -60)]
    [InlineData(59, -1)]
    [InlineData(60, 0)]
    [InlineData(500, 440)]
    public void GoneBeforeAt_HeardWithoutAGap_IsAnHourAgo(int minutes, int gone) =>
        Assert.Equal(Minute(gone), Hearing.First(Noon, Noon).GoneBeforeAt(Minute(minutes)));

    [Fact]
    public void At_NobodyWasHeardForTwoHours_TheHourBeforeGoesOnBehindIt()
    {
        var hearing = Hearing.First(Noon, Noon).At(Minute(120 + 120), Minute(120));
        Assert.Equal(Minute(120 - 60), hearing.GoneBeforeAt(Minute(240)));
        Assert.Equal(Minute(120 - 30), hearing.GoneBeforeAt(Minute(270)));
        Assert.Equal(Minute(120 - 1), hearing.GoneBeforeAt(Minute(299)));
        Assert.Equal(Minute(240), hearing.GoneBeforeAt(Minute(300)));
    }

    [Fact]
    public void At_HeardWithinAMinute_GoesOn()
    {
        var hearing = Hearing.First(Noon, Noon);
        Assert.Equal(hearing, hearing.At(Minute(31), Minute(30)));
        Assert.NotEqual(hearing, hearing.At(Minute(31).AddTicks(1), Minute(30)));
    }

    [Fact]
    public void At_TheClockStepsBack_ChangesNothing()
    {
        var hearing = Hearing.First(Noon, Noon);
        Assert.Equal(hearing, hearing.At(Minute(-90), Noon));
        Assert.Equal(Minute(-60), hearing.GoneBeforeAt(Minute(-90)));
    }

    [Fact]
    public void First_AfterALongSilence_GivesUpOnlyWhomItFoundSilentForAnHour() => Assert.Equal(Minute(-60), Hearing.First(Noon, Minute(600)).GoneBeforeAt(Minute(600)));

    /// <summary>Any story of gaps: nobody is given up who was not silent for an hour of hearing, and whoever was given up stays so.</summary>
    [Fact]
    public void GoneBeforeAt_ManyGaps_NeverGoesBackAndHasHeardAnHourSince()
    {
        for (var seed = 0; seed < 50; seed++)
        {
            var random = new Random(seed);
            var (now, heard, moments) = (Noon, Hearing.First(Noon, Noon), new List<DateTimeOffset> { Noon });
            var before = heard.GoneBeforeAt(now);
            for (var i = 0; i < 3_000; i++)
            {
                now += random.Next(50) == 0 ? TimeSpan.FromSeconds(random.Next(61, 9_000)) : TimeSpan.FromSeconds(random.Next(1, 60));
                heard = heard.At(now, moments[^1]);
                moments.Add(now);
                var gone = heard.GoneBeforeAt(now);
                Assert.True(gone >= before, $"seed {seed}, {i}: went back");
                before = gone;
                if (gone > Noon) Assert.True(HeardSince(moments, gone) >= TimeSpan.FromHours(1), $"seed {seed}, {i}: too early");
            }
        }
    }

    private static TimeSpan HeardSince(List<DateTimeOffset> moments, DateTimeOffset at)
    {
        var sum = TimeSpan.Zero;
        for (var i = moments.Count - 1; i > 0 && moments[i] > at; i--)
        {
            var from = moments[i - 1] > at ? moments[i - 1] : at;
            if (moments[i] - moments[i - 1] <= TimeSpan.FromMinutes(1)) sum += moments[i] - from;
        }

        return sum;
    }

    private static DateTimeOffset Minute(int minute) => Noon.AddMinutes(minute);
}
