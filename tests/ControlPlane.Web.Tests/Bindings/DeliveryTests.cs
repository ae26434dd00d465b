using AngleSharp.Dom;
using ControlPlane.Web.Bindings;
using ControlPlane.Web.Data;
using ControlPlane.Web.Publishing;
using ControlPlane.Web.Tests.Data;
using ControlPlane.Web.Tests.Ui;
using Routing.Core.Snapshots;

namespace ControlPlane.Web.Tests.Bindings;

public sealed class DeliveryTests
{
    [Theory]
    [InlineData(DeliveryMode.Immediate, "As they come", "The caller sees each word at once.")]
    [InlineData(DeliveryMode.Protected, "Held back until they are whole", "The caller sees nothing until the end.")]
    public async Task Panel_EachMode_SaysWhatItCosts(DeliveryMode mode, string name, string cost)
    {
        IElement panel = await Rendered.PartAsync<DeliveryPanel>(("Value", mode), ("Stored", DeliveryMode.Immediate));
        Assert.Equal(name, panel.QuerySelector("select#delivery option[selected]")!.TextContent);
        Assert.Contains(cost, panel.QuerySelector("#delivery-about")!.TextContent, StringComparison.Ordinal);
        Assert.Equal(mode == DeliveryMode.Protected, panel.QuerySelector("select")!.ClassList.Contains("changed"));
    }

    [Theory]
    [InlineData(RequestLane.Interactive, "Interactive", "waits briefly for a place")]
    [InlineData(RequestLane.Batch, "Batch", "refuses it with 503")]
    public async Task LanePanel_EachLane_SaysWhatAFullEdgeDoes(RequestLane lane, string name, string meaning)
    {
        IElement panel = await Rendered.PartAsync<LanePanel>(("Value", lane), ("Stored", RequestLane.Interactive));
        Assert.Equal(name, panel.QuerySelector("select#lane option[selected]")!.TextContent);
        Assert.Contains(meaning, panel.QuerySelector("#lane-about")!.TextContent, StringComparison.Ordinal);
        Assert.Equal(lane == RequestLane.Batch, panel.QuerySelector("select")!.ClassList.Contains("changed"));
    }

    [Theory]
    [InlineData(DeliveryMode.Protected, RequestLane.Interactive, "channel-recap: delivery of streamed answers is now held back until they are whole (was as they come)")]
    [InlineData(DeliveryMode.Immediate, RequestLane.Batch, "channel-recap: lane is now batch (was interactive)")]
    public async Task SaveAsync_OneOfThemChanged_IsInTheDocumentAndBackAgainAfterARollBack(DeliveryMode delivery, RequestLane lane, string sentence)
    {
        await using Plane plane = await Plane.StartAsync();
        await plane.SeedAsync();
        BindingStore store = plane.Get<BindingStore>();
        RoutingSnapshot before = await DraftAsync(plane);
        BindingForm form = BindingForm.From((await store.FindAsync("channel-recap", default))!);
        (form.Delivery, form.Lane) = (delivery, lane);

        BindingView saved = await Plane.Saved(store.SaveAsync(Plane.Admin, form, default));

        RoutingSnapshot after = await DraftAsync(plane);
        Assert.Equal((delivery, lane), (saved.Delivery, saved.Lane));
        Assert.Equal((delivery, lane), (BindingForm.From(saved).Delivery, BindingForm.From(saved).Lane));
        Assert.Equal(sentence, Assert.Single(SnapshotDiff.Between(before, after)).Sentence);

        await ReplaceAsync(plane, before);
        BindingView old = (await store.FindAsync("channel-recap", default))!;
        Assert.Equal((DeliveryMode.Immediate, RequestLane.Interactive), (old.Delivery, old.Lane));
        await ReplaceAsync(plane, after);
        Assert.Empty(SnapshotDiff.Between(after, await DraftAsync(plane)));
    }

    private static async Task<RoutingSnapshot> DraftAsync(Plane plane)
    {
        await using ControlPlaneDb db = plane.Db();
        return await plane.Get<DraftReader>().ReadAsync(db, default);
    }

    private static async Task ReplaceAsync(Plane plane, RoutingSnapshot document)
    {
        await using ControlPlaneDb db = plane.Db();
        await plane.Get<DraftWriter>().ReplaceAsync(db, Plane.Admin, document, default);
        await db.SaveChangesAsync();
    }
}
