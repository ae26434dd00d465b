using ControlPlane.Web.Ui;

namespace ControlPlane.Web.Tests.Ui;

public sealed class StateBandModelTests
{
    private static readonly DateTimeOffset From = new(2026, 11, 19, 13, 32, 0, TimeSpan.Zero);
    private static readonly DateTimeOffset To = From.AddHours(1);

    [Fact]
    public void Build_SpansAcrossTheEdges_AreCut()
    {
        StateBandModel model = StateBandModel.Build([new(From.AddHours(-5), From.AddMinutes(30), BreakerView.Closed), new(From.AddMinutes(30), To.AddHours(1), BreakerView.Open)], From, To);
        Assert.Equal([(0, 50), (50, 50)], model.Bars.Select(static bar => ((int)bar.X, (int)bar.Width)));
    }

    [Fact]
    public void Build_SpanOutsideTheRange_IsLeftOut()
    {
        StateBandModel model = StateBandModel.Build([new(From.AddHours(-2), From.AddHours(-1), BreakerView.Open), new(From, To, BreakerView.Closed)], From, To);
        Assert.Equal(BreakerKind.Closed, Assert.Single(model.Bars).State.Kind);
    }

    [Theory]
    [InlineData(.01, 1)]
    [InlineData(.05, 3)]
    [InlineData(.07, 3)]
    [InlineData(.10, 4)]
    [InlineData(1, 7)]
    public void Build_PartialSpan_IsAsHighAsItsStep(double share, int steps)
    {
        StateBar bar = Assert.Single(StateBandModel.Build([new(From, To, BreakerView.Partial(share))], From, To).Bars);
        Assert.Equal(StateBandModel.Height / 7 * steps, bar.BarHeight, 6);
        Assert.Equal(StateBandModel.Top + StateBandModel.Height, bar.BarTop + bar.BarHeight, 6);
    }

    [Fact]
    public void Build_Closed_HangsFromTheTopAndOpenLiesOnTheFloor()
    {
        StateBandModel model = StateBandModel.Build([new(From, From.AddMinutes(30), BreakerView.Closed), new(From.AddMinutes(30), To, BreakerView.Open)], From, To);
        Assert.Equal(StateBandModel.Top, model.Bars[0].BarTop);
        Assert.Equal(StateBandModel.Top + StateBandModel.Height - 5, model.Bars[1].BarTop);
    }

    [Fact]
    public void Build_ShortSpan_HasNoLabel()
    {
        StateBandModel model = StateBandModel.Build([new(From, From.AddMinutes(1), BreakerView.Partial(.01)), new(From.AddMinutes(1), To, BreakerView.Closed)], From, To);
        Assert.Null(model.Bars[0].Label);
        Assert.Equal("Closed · all traffic", model.Bars[1].Label);
    }

    [Fact]
    public void Build_Sentence_TellsTheStory()
    {
        StateSpan[] spans = [new(From, From.AddMinutes(30), BreakerView.Closed), new(From.AddMinutes(30), From.AddMinutes(36), BreakerView.Open), new(From.AddMinutes(36), To, BreakerView.Partial(.1))];
        Assert.Equal("Closed until 14:02, open until 14:08, since 14:08 partially open 10 per cent.", StateBandModel.Build(spans, From, To).Sentence);
    }

    [Fact]
    public void Build_NothingKnown_SaysSo() => Assert.Equal("No state is known for this time.", StateBandModel.Build([], From, To).Sentence);

    [Fact]
    public void Build_OneHour_HasFiveMarks() =>
        Assert.Equal("13:32 13:47 14:02 14:17 14:32", string.Join(' ', StateBandModel.Build([], From, To).Marks.Select(static mark => mark.Text)));
}
