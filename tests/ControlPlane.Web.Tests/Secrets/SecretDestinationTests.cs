using System.Security.Cryptography;
using System.Text;
using ControlPlane.Web.Bindings;
using ControlPlane.Web.Data;
using ControlPlane.Web.Edges;
using ControlPlane.Web.ModelEndpoints;
using ControlPlane.Web.ProviderAccounts;
using ControlPlane.Web.Publishing;
using ControlPlane.Web.Secrets;
using ControlPlane.Web.Tests.Data;
using Microsoft.EntityFrameworkCore;
using Routing.Core.Credentials;
using Routing.Core.Providers;
using Routing.Core.Snapshots;

namespace ControlPlane.Web.Tests.Secrets;

/// <summary>A stored secret goes where it was given for, and nowhere else, whatever becomes of its account.</summary>
public sealed class SecretDestinationTests
{
    private const string Elsewhere = "https://elsewhere.openai.azure.com";
    private const string OtherKey = "other-5Rt9-Lk22-Pp10-secret-3QwE";

    [Fact]
    public async Task SaveAsync_AddressOfALiveAccount_EdgesUseTheOldSecretUntilItIsPublished()
    {
        await using Plane plane = await PublishedAsync();

        await MoveAsync(plane);
        string drafted = await KeyAtTheEdgeAsync(plane);
        await SetAsync(plane, OtherKey);
        string set = await KeyAtTheEdgeAsync(plane);
        await Plane.Saved(plane.Get<SnapshotPublisher>().PublishAsync(Plane.Admin, "", 1, default));

        Assert.Equal((Plane.Canary, Plane.Canary, OtherKey), (drafted, set, await KeyAtTheEdgeAsync(plane)));
    }

    [Fact]
    public async Task RollBackAsync_ToTheOldHost_GivesItItsOwnSecretAgain()
    {
        await using Plane plane = await PublishedAsync();
        await MoveAsync(plane);
        await SetAsync(plane, OtherKey);
        await Plane.Saved(plane.Get<SnapshotPublisher>().PublishAsync(Plane.Admin, "", 1, default));

        await Plane.Saved(plane.Get<SnapshotPublisher>().RollBackAsync(Plane.Admin, 1, "it answers wrongly", default));

        Assert.Equal(Plane.Canary, await KeyAtTheEdgeAsync(plane));
    }

    [Fact]
    public async Task ImportAsync_AccountAtAnotherHost_NeedsASecretOfItsOwn()
    {
        await using Plane plane = await PublishedAsync();
        RoutingSnapshot document = (await plane.Get<RevisionStore>().DocumentAsync(1, default))!;
        ProviderAccountConfig azure = document.Accounts.Single(a => a.Id == "azure-main");

        await plane.Get<SnapshotPublisher>().ImportAsync(Plane.Admin, document with { Accounts = document.Accounts.Replace(azure, azure with { Address = Elsewhere }) }, default);
        SaveResult<RevisionView> refused = await plane.Get<SnapshotPublisher>().PublishAsync(Plane.Admin, "", 1, default);

        Assert.Equal("secret_missing", Assert.Single(refused.Problems).Code);
        Assert.Empty(await OpenedAsync(plane));
    }

    [Fact]
    public async Task SaveAsync_DeletedAccountMadeAgainAtAnotherHost_HasNoSecretToProveWith()
    {
        await using Plane plane = await PublishedAsync();
        await DeleteAsync(plane);

        await Plane.Saved(plane.Get<ProviderAccountStore>().SaveAsync(
            Plane.Admin, new ProviderAccountForm { Id = "azure-main", Provider = ProviderKind.AzureOpenAI, Address = Elsewhere, CredentialKind = CredentialKind.ApiKey }, default));

        Assert.Empty(await OpenedAsync(plane));
        Assert.False((await plane.Get<ProviderAccountStore>().FindAsync("azure-main", default))!.HasCredential);
    }

    [Fact]
    public async Task PublishAsync_WithoutADeletedAccount_NoEdgeGetsItsSecretAndTheNextOneErasesIt()
    {
        await using Plane plane = await PublishedAsync();
        await DeleteAsync(plane);

        await Plane.Saved(plane.Get<SnapshotPublisher>().PublishAsync(Plane.Admin, "", 1, confirmLosses: true, default));
        string[] sealedToEdges = [.. (await OverlayAsync(plane, ECDiffieHellman.Create(ECCurve.NamedCurves.nistP256))).Secrets.Select(s => s.Id)];
        BindingView binding = (await plane.Get<BindingStore>().FindAsync("channel-recap", default))!;
        BindingForm form = BindingForm.From(binding);
        form.FirstTokenMs = 900;
        await Plane.Saved(plane.Get<BindingStore>().SaveAsync(Plane.Admin, form, default));
        await Plane.Saved(plane.Get<SnapshotPublisher>().PublishAsync(Plane.Admin, "", 2, default));

        Assert.Equal(["bedrock-main"], sealedToEdges);
        await using ControlPlaneDb db = plane.Db();
        StoredSecret erased = await db.Secrets.SingleAsync(s => s.Account == "azure-main");
        Assert.Equal((0, 0), (erased.Box.Length, erased.WrappedKey.Length));
        Assert.Contains("contoso", erased.VoidedBecause, StringComparison.Ordinal);
    }

    private static async Task<Plane> PublishedAsync()
    {
        Plane plane = await Plane.StartAsync();
        await plane.SeedAsync();
        await Plane.Saved(plane.Get<SnapshotPublisher>().PublishAsync(Plane.Admin, "", 0, default));
        return plane;
    }

    private static async Task MoveAsync(Plane plane)
    {
        ProviderAccountForm form = ProviderAccountForm.From((await plane.Get<ProviderAccountStore>().FindAsync("azure-main", default))!);
        form.Address = Elsewhere;
        await Plane.Saved(plane.Get<ProviderAccountStore>().SaveAsync(Plane.Admin, form, default));
    }

    private static Task SetAsync(Plane plane, string key) =>
        Plane.Saved(plane.Get<ProviderAccountStore>().SetSecretAsync(Plane.Admin, "azure-main", new Dictionary<string, string> { ["key"] = key }, default));

    private static async Task DeleteAsync(Plane plane)
    {
        BindingForm form = BindingForm.From((await plane.Get<BindingStore>().FindAsync("channel-recap", default))!);
        form.Candidates.RemoveAll(c => c.ModelEndpoint == "azure-gpt");
        await Plane.Saved(plane.Get<BindingStore>().SaveAsync(Plane.Admin, form, default));
        await Plane.Saved(plane.Get<ModelEndpointStore>().DeleteAsync(Plane.Admin, "azure-gpt", (await plane.Get<ModelEndpointStore>().FindAsync("azure-gpt", default))!.Version, default));
        await Plane.Saved(plane.Get<ProviderAccountStore>().DeleteAsync(Plane.Admin, "azure-main", (await plane.Get<ProviderAccountStore>().FindAsync("azure-main", default))!.Version, default));
    }

    /// <summary>What a proof of the draft's account would send.</summary>
    private static async Task<IReadOnlyDictionary<string, IReadOnlyDictionary<string, string>>> OpenedAsync(Plane plane)
    {
        await using ControlPlaneDb db = plane.Db();
        RoutingSnapshot draft = await plane.Get<DraftReader>().ReadAsync(db, default);
        return await plane.Get<OpenedSecrets>().FieldsAsync(db, [.. draft.Accounts.Where(a => a.Id == "azure-main")], default);
    }

    private static async Task<string> KeyAtTheEdgeAsync(Plane plane)
    {
        using var own = ECDiffieHellman.Create(ECCurve.NamedCurves.nistP256);
        SealedSecret secret = (await OverlayAsync(plane, own)).Secrets.Single(s => s.Id == "azure-main");
        Assert.True(SealedBox.TryOpen(own, secret.Box, SealedBox.Context("edge-x", secret.Id, secret.Version), out byte[] opened));
        return System.Text.Json.JsonDocument.Parse(Encoding.UTF8.GetString(opened)).RootElement.GetProperty("key").GetString()!; // it was set
    }

    // A source of its own each time: envelopes are kept by edge, and each of these edges has another key.
    private static async Task<EdgeOverlay> OverlayAsync(Plane plane, ECDiffieHellman own)
    {
        EnvelopeSource source = ActivatorUtilities.CreateInstance<EnvelopeSource>(plane.Services);
        BuiltEnvelope built = (await source.ForAsync(new EdgeIdentity("edge-x", "edge-x", own.ExportSubjectPublicKeyInfo()), default))!;
        return DocumentJson.Read<EdgeEnvelope>(built.Body)!.Overlay;
    }
}
