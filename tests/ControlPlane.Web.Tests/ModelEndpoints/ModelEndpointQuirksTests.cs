using ControlPlane.Web.Data;
using ControlPlane.Web.ModelEndpoints;
using ControlPlane.Web.Publishing;
using ControlPlane.Web.Tests.Data;
using Routing.Core.Providers;
using Routing.Core.Providers.OpenAI;
using Routing.Core.Snapshots;

namespace ControlPlane.Web.Tests.ModelEndpoints;

public sealed class ModelEndpointQuirksTests
{
    [Fact]
    public async Task Save_FamilyAndQuirks_StandInTheDraftAndInTheForm()
    {
        await using Plane plane = await Plane.StartAsync();
        await plane.SeedAsync();
        await Plane.Saved(plane.Get<ModelEndpointStore>().SaveAsync(Plane.Admin, await FormAsync(plane), default));

        ModelEndpointConfig endpoint = await DraftedAsync(plane);
        Assert.Equal(ModelFamily.Embedding, endpoint.Family);
        Assert.Equal(["user", "n"], endpoint.Quirks!.Refuses, StringComparer.Ordinal);
        Assert.Equal(new QuirksConfig { Preset = "mistral", MaxTokens = MaxTokensField.MaxTokens, StreamOptions = false, Prefill = PrefillMode.Prefix }, endpoint.Quirks with { Refuses = new QuirksConfig().Refuses });

        var shown = ModelEndpointForm.From((await plane.Get<ModelEndpointStore>().FindAsync("azure-gpt", default))!); // just saved
        Assert.Equal((ModelFamily.Embedding, "mistral", (bool?)false, null), (shown.Family, shown.Quirks.Preset, shown.Quirks.StreamOptions, shown.Quirks.TopK));
        Assert.Equal(["user", "n"], shown.Quirks.Refuses);
    }

    [Fact]
    public async Task Save_EndpointInUse_StillTellsWhoUsesIt()
    {
        await using Plane plane = await Plane.StartAsync();
        await plane.SeedAsync();
        ModelEndpointView saved = await Plane.Saved(plane.Get<ModelEndpointStore>().SaveAsync(Plane.Admin, await FormAsync(plane), default));
        Assert.Equal(("channel-recap", ProviderKind.AzureOpenAI), (Assert.Single(saved.UsedBy), saved.Provider));
    }

    [Fact]
    public async Task Save_QuirksThatSayNothing_AreLeftOut()
    {
        await using Plane plane = await Plane.StartAsync();
        await plane.SeedAsync();
        Assert.Null((await DraftedAsync(plane)).Quirks);
    }

    [Fact]
    public async Task Save_FieldThatCannotBeRefused_IsToldAtItsField()
    {
        await using Plane plane = await Plane.StartAsync();
        await plane.SeedAsync();
        ModelEndpointForm form = await FormAsync(plane);
        form.Quirks.Refuses = ["messages"];
        SaveResult<ModelEndpointView> result = await plane.Get<ModelEndpointStore>().SaveAsync(Plane.Admin, form, default);
        Assert.Contains(result.Problems, p => p.Path == "modelEndpoints[azure-gpt].quirks.refuses[0]" && p.Code == "refused_field_unknown");
    }

    [Fact]
    public async Task RollBack_ToADocumentWithQuirks_BringsThemBack()
    {
        await using Plane plane = await Plane.StartAsync();
        await plane.SeedAsync();
        await Plane.Saved(plane.Get<ModelEndpointStore>().SaveAsync(Plane.Admin, await FormAsync(plane), default));
        await using ControlPlaneDb db = plane.Db();
        RoutingSnapshot draft = await plane.Get<DraftReader>().ReadAsync(db, default);

        ModelEndpointForm bare = await FormAsync(plane);
        (bare.Quirks, bare.Family) = (new QuirksForm(), ModelFamily.Auto);
        await Plane.Saved(plane.Get<ModelEndpointStore>().SaveAsync(Plane.Admin, bare, default));
        Assert.Null((await DraftedAsync(plane)).Quirks);

        await plane.Get<SnapshotPublisher>().ImportAsync(Plane.Admin, draft, default);
        Assert.Equal(("mistral", ModelFamily.Embedding), ((await DraftedAsync(plane)).Quirks!.Preset, (await DraftedAsync(plane)).Family));
    }

    private static async Task<ModelEndpointForm> FormAsync(Plane plane)
    {
        var form = ModelEndpointForm.From((await plane.Get<ModelEndpointStore>().FindAsync("azure-gpt", default))!); // seeded
        form.Family = ModelFamily.Embedding;
        form.Quirks = new QuirksForm { Preset = "mistral", MaxTokens = MaxTokensField.MaxTokens, StreamOptions = false, Prefill = PrefillMode.Prefix, Refuses = ["user", "n"] };
        return form;
    }

    private static async Task<ModelEndpointConfig> DraftedAsync(Plane plane)
    {
        await using ControlPlaneDb db = plane.Db();
        return (await plane.Get<DraftReader>().ReadAsync(db, default)).ModelEndpoints.Single(e => e.Id == "azure-gpt");
    }
}
