using AngleSharp.Dom;
using ControlPlane.Web.Edges;
using ControlPlane.Web.Tests.Ui;
using ControlPlane.Web.Ui;
using Routing.Core.Health;

namespace ControlPlane.Web.Tests.Edges;

public sealed class RefusedCallsTests
{
    [Theory]
    [InlineData(0, 12, "0 interactive, 12 batch", "nearly full")]
    [InlineData(3, 12, "3 interactive, 12 batch", "after a brief wait")]
    public async Task Part_CallsWereRefused_WarnsWithAnIconAndSaysWhyByLane(long interactive, long batch, string lanes, string why)
    {
        IElement part = await Rendered.PartAsync<RefusedCalls>(("Shed", new ShedCalls(interactive, batch)));
        IElement warning = part.QuerySelector(".warn")!;
        Assert.NotNull(warning.QuerySelector("svg"));
        Assert.Contains(lanes, warning.TextContent, StringComparison.Ordinal);
        Assert.Contains(why, warning.GetAttribute("title")!, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0, 1, "1 copy to shadows left out")]
    [InlineData(3, 250, "250 copies to shadows left out")]
    public async Task Part_CopiesWereLeftOut_SaysHowManyBesideWhatWasRefusedAndThatNoCallerNoticed(long batch, long copies, string told)
    {
        IElement part = await Rendered.PartAsync<RefusedCalls>(("Shed", new ShedCalls(0, batch, copies)));
        IElement leftOut = part.QuerySelector("[data-testid='copies-left-out']")!;
        Assert.Equal(told, leftOut.TextContent);
        Assert.Contains("No caller noticed", leftOut.GetAttribute("title")!, StringComparison.Ordinal);
        Assert.StartsWith(Format.Number(batch, 0), part.TextContent.Trim(), StringComparison.Ordinal);
        Assert.Equal(batch > 0, part.QuerySelector(".warn") is not null); // What nobody waited for is no reason to look up.
    }

    [Fact]
    public async Task Part_NoneRefusedOrNotTold_DoesNotWarnAndTellsThemApart()
    {
        IElement none = await Rendered.PartAsync<RefusedCalls>(("Shed", new ShedCalls(0, 0)));
        IElement untold = await Rendered.PartAsync<RefusedCalls>(("Shed", null));
        Assert.Equal("0", none.TextContent.Trim());
        Assert.NotEqual("0", untold.TextContent.Trim());
        Assert.Null(none.QuerySelector(".warn"));
        Assert.Null(untold.QuerySelector(".warn"));
        Assert.Null(none.QuerySelector("[data-testid='copies-left-out']"));
    }
}
