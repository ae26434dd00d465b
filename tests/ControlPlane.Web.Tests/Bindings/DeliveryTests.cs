using System.Collections.Immutable;
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
    [InlineData(DeliveryMode.Continued, "As they come, continued when they break", "goes on from its last word")]
    [InlineData(DeliveryMode.Protected, "Held back until they are whole", "The caller sees nothing until the end.")]
    public async Task Panel_EachMode_SaysWhatItCosts(DeliveryMode mode, string name, string cost)
    {
        IElement panel = await Rendered.PartAsync<DeliveryPanel>(("Value", mode), ("Stored", DeliveryMode.Immediate));
        Assert.Equal(name, panel.QuerySelector("select#delivery option[selected]")!.TextContent);
        Assert.Contains(cost, panel.QuerySelector("#delivery-about")!.TextContent, StringComparison.Ordinal);
        Assert.Equal(mode != DeliveryMode.Immediate, panel.QuerySelector("select")!.ClassList.Contains("changed"));
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

    [Fact]
    public async Task SaveAsync_EveryChoice_IsInTheDocumentAndBackAgainAfterARollBack()
    {
        await using Plane plane = await Plane.StartAsync();
        await plane.SeedAsync();
        BindingStore store = plane.Get<BindingStore>();
        RoutingSnapshot before = await DraftAsync(plane);
        BindingForm form = BindingForm.From((await store.FindAsync("channel-recap", default))!);
        (form.IdleMs, form.WarmPercent, form.HedgePercent, form.FailOverOnContentFilter) = (700, 2, 3, true);
        form.ShadowPercent = 8;
        form.Candidates[1].Role = CandidateRole.Shadow;
        (form.Selection, form.Affinity, form.MaxCost) = (SelectionStrategy.Balanced, AffinityMode.Cache, " 0.05 ");
        (form.Budget, form.BudgetCurrency, form.BudgetAction) = ("99.5", "EUR", BudgetAction.Stop);

        await Plane.Saved(store.SaveAsync(Plane.Admin, form, default));

        RoutingSnapshot after = await DraftAsync(plane);
        FeatureConfig saved = after.Features.Single(f => f.Name == "channel-recap");
        Assert.Equal((700, 2, 3, true), (saved.IdleMs, saved.WarmPercent, saved.HedgePercent, saved.FailOverOnContentFilter));
        Assert.Equal((8, CandidateRole.Shadow), (saved.ShadowPercent, saved.Candidates[1].Role));
        Assert.Equal((SelectionStrategy.Balanced, AffinityMode.Cache, 50_000), (saved.Selection, saved.Affinity, saved.MaxCostMicros));
        Assert.Equal((99_500_000, "EUR", BudgetAction.Stop), (saved.BudgetMicros, saved.BudgetCurrency, saved.BudgetAction));
        Assert.Equal("0.05", BindingForm.From((await store.FindAsync("channel-recap", default))!).MaxCost);
        Assert.Equal(11, SnapshotDiff.Between(before, after).Length);

        await ReplaceAsync(plane, before);
        Assert.Empty(SnapshotDiff.Between(before, await DraftAsync(plane)));
        await ReplaceAsync(plane, after);
        Assert.Empty(SnapshotDiff.Between(after, await DraftAsync(plane)));
    }

    [Fact]
    public async Task SaveAsync_ResidencyNobodyHas_IsRefusedUntilACandidateIsThere()
    {
        await using Plane plane = await Plane.StartAsync();
        await plane.SeedAsync();
        RoutingSnapshot before = await DraftAsync(plane);
        FeatureConfig recap = before.Features.Single(f => f.Name == "channel-recap");
        BindingStore store = plane.Get<BindingStore>();
        BindingForm form = BindingForm.From((await store.FindAsync(recap.Name, default))!);
        form.Residency = "eu , ch";
        SaveResult<BindingView> refused = await store.SaveAsync(Plane.Admin, form, default);
        Assert.Contains(refused.Problems, p => p.Code == "nobody_resident");

        ImmutableArray<ModelEndpointConfig> resident = [.. before.ModelEndpoints.Select(e => e with { Residency = "ch", RequestsPerMinute = 60, TokensPerMinute = 100_000 })];
        await ReplaceAsync(plane, before with { ModelEndpoints = resident });
        form.Version = (await store.FindAsync(recap.Name, default))!.Version;
        await Plane.Saved(store.SaveAsync(Plane.Admin, form, default));

        RoutingSnapshot after = await DraftAsync(plane);
        Assert.Equal("eu ch", string.Join(" ", after.Features.Single(f => f.Name == recap.Name).Residency));
        Assert.All(after.ModelEndpoints, e => Assert.Equal(("ch", 60, 100_000), (e.Residency, e.RequestsPerMinute, e.TokensPerMinute)));
    }

    [Fact]
    public async Task Replace_BaselineOfABreaker_IsInTheDocumentAndBackAgainAfterARollBack()
    {
        await using Plane plane = await Plane.StartAsync();
        await plane.SeedAsync();
        RoutingSnapshot before = await DraftAsync(plane);
        BreakerPolicyConfig policy = BreakerPolicyConfig.Default with { Id = "usual", Name = "Usual" };
        RoutingSnapshot unjudged = before with { Breakers = [policy] };
        RoutingSnapshot judged = before with { Breakers = [policy with { FirstTokenBaselinePercent = 250 }] };

        await ReplaceAsync(plane, unjudged);
        await ReplaceAsync(plane, judged);
        Assert.Equal(250, Assert.Single((await DraftAsync(plane)).Breakers).FirstTokenBaselinePercent);
        await ReplaceAsync(plane, unjudged);
        Assert.Empty(SnapshotDiff.Between(unjudged, await DraftAsync(plane)));
    }

    [Theory]
    [InlineData("eu", "", true)]
    [InlineData(" eu , ch-1,", "1000", true)]
    [InlineData("", " 999.999999 ", true)]
    [InlineData("eu ch", "", false)]
    [InlineData("abcdefghijklmnopqrstuvwxyz-0123456", "", false)]
    [InlineData("", "1000.5", false)]
    [InlineData("", "0,05", false)]
    [InlineData("", "٣", false)]
    public void FormCheck_ResidencyAndMostCost_AreJudgedBesideTheirFields(string residency, string cost, bool holds)
    {
        var form = new BindingForm { Name = "recap", Residency = residency, MaxCost = cost };
        SnapshotProblem[] found = [.. FormCheck.Of(form, "f").Where(p => p.Path is "f.residency" or "f.maxCost")];
        Assert.Equal(holds ? 0 : 1, found.Length);
    }

    [Theory]
    [InlineData(SelectionStrategy.Fastest, AffinityMode.Key, "share the calls by weight", "on every edge")]
    [InlineData(SelectionStrategy.Weighted, AffinityMode.None, "as the weights say", "by itself")]
    public async Task ChoicePanel_EachChoice_SaysWhatItMeans(SelectionStrategy selection, AffinityMode affinity, string meaning, string together)
    {
        var form = new BindingForm { Selection = selection, Affinity = affinity };
        IElement panel = await Rendered.PartAsync<ChoicePanel>(("Form", form), ("ProblemOf", (Func<string, string?>)(_ => null)));
        Assert.Contains(meaning, panel.QuerySelector("#selection-about")!.TextContent, StringComparison.Ordinal);
        Assert.Contains(together, panel.QuerySelector("#affinity-about")!.TextContent, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(DeliveryMode.Protected, RequestLane.Interactive, "channel-recap: delivery of streamed answers is now held back until they are whole (was as they come)")]
    [InlineData(DeliveryMode.Continued, RequestLane.Interactive, "channel-recap: delivery of streamed answers is now as they come, and continued by another candidate when one breaks (was as they come)")]
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
