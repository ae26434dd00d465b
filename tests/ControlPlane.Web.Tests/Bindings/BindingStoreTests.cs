using ControlPlane.Web.Bindings;
using ControlPlane.Web.Data;
using ControlPlane.Web.Tests.Data;

namespace ControlPlane.Web.Tests.Bindings;

public sealed class BindingStoreTests
{
    [Fact]
    public async Task SaveAsync_FromTheNewestVersion_ReplacesCandidatesInOrder()
    {
        await using Plane plane = await Plane.StartAsync();
        await plane.SeedAsync();
        BindingStore store = plane.Get<BindingStore>();
        BindingForm form = BindingForm.From((await store.FindAsync("channel-recap", default))!);
        form.Candidates.Reverse();
        (form.Candidates[0].Tier, form.Candidates[1].Tier) = (1, 2);
        BindingView saved = await Plane.Saved(store.SaveAsync(Plane.Admin, form, default));
        Assert.Equal(2, saved.Version);
        BindingView? read = await store.FindAsync("channel-recap", default);
        Assert.Equal(["azure-gpt", "bedrock-nova"], read!.Candidates.Select(c => c.ModelEndpoint));
        Assert.Equal("Ada Admin", read.UpdatedBy);
    }

    [Fact]
    public async Task SaveAsync_FromAnOldVersion_GivesBackWhatIsStored()
    {
        await using Plane plane = await Plane.StartAsync();
        await plane.SeedAsync();
        BindingStore store = plane.Get<BindingStore>();
        await Plane.Saved(store.SaveAsync(Plane.Admin, Plane.Recap(version: 1, firstTokenMs: 900), default));
        SaveResult<BindingView> second = await store.SaveAsync(Plane.Admin, Plane.Recap(version: 1, firstTokenMs: 800), default);
        Assert.Equal(SaveStatus.Conflict, second.Status);
        Assert.Equal(900, second.Current!.FirstTokenMs);
        Assert.Equal(900, (await store.FindAsync("channel-recap", default))!.FirstTokenMs);
    }

    [Fact]
    public async Task SaveAsync_WeightsThatDoNotAddUp_AreRefusedWithPathLimitAndFix()
    {
        await using Plane plane = await Plane.StartAsync();
        await plane.SeedAsync();
        BindingForm form = Plane.Recap(version: 1);
        form.Candidates[0].Weight = 90;
        SaveResult<BindingView> result = await plane.Get<BindingStore>().SaveAsync(Plane.Admin, form, default);
        Assert.Equal(SaveStatus.Invalid, result.Status);
        Assert.Contains(result.Problems, p => p.Path.StartsWith("features[channel-recap]", StringComparison.Ordinal) && p.Code == "weight_sum");
        Assert.Equal(100, (await plane.Get<BindingStore>().FindAsync("channel-recap", default))!.Candidates[0].Weight);
    }

    [Fact]
    public async Task SaveAsync_UnknownEndpoint_IsRefused()
    {
        await using Plane plane = await Plane.StartAsync();
        await plane.SeedAsync();
        BindingForm form = Plane.Recap(version: 1);
        form.Candidates[1].ModelEndpoint = "nowhere";
        SaveResult<BindingView> result = await plane.Get<BindingStore>().SaveAsync(Plane.Admin, form, default);
        Assert.Equal(SaveStatus.Invalid, result.Status);
        Assert.Contains(result.Problems, p => p.Message.Contains("nowhere", StringComparison.Ordinal));
    }
}
