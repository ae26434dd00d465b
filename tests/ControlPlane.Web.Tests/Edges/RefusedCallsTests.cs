using AngleSharp.Dom;
using ControlPlane.Web.Edges;
using ControlPlane.Web.Tests.Ui;
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

    [Fact]
    public async Task Part_NoneRefusedOrNotTold_DoesNotWarnAndTellsThemApart()
    {
        IElement none = await Rendered.PartAsync<RefusedCalls>(("Shed", new ShedCalls(0, 0)));
        IElement untold = await Rendered.PartAsync<RefusedCalls>(("Shed", null));
        Assert.Equal("0", none.TextContent.Trim());
        Assert.NotEqual("0", untold.TextContent.Trim());
        Assert.Null(none.QuerySelector(".warn"));
        Assert.Null(untold.QuerySelector(".warn"));
    }
}
