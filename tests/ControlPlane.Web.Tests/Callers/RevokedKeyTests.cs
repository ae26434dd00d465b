using System.Security.Cryptography;
using System.Text;
using ControlPlane.Web.Callers;
using ControlPlane.Web.Edges;
using ControlPlane.Web.Publishing;
using ControlPlane.Web.Tests.Data;
using Routing.Core.Snapshots;

namespace ControlPlane.Web.Tests.Callers;

public sealed class RevokedKeyTests
{
    [Fact]
    public async Task DeleteAsync_CallerOfARevokedKey_EdgesRefuseTheKeyStill()
    {
        await using Plane plane = await Plane.StartAsync();
        string hash = await PublishedThenRevokedAsync(plane);

        await DeleteCallerAsync(plane);
        EdgeEnvelope envelope = await EnvelopeAsync(plane);

        Assert.Contains(hash, envelope.Revision.Callers.SelectMany(c => c.Keys).Select(k => k.Sha256));
        Assert.Equal(hash, Assert.Single(envelope.Overlay.RevokedKeys));
    }

    [Fact]
    public async Task RollBackAsync_ToBeforeTheCallerWasDeleted_TheRevokedKeyStaysRevoked()
    {
        await using Plane plane = await Plane.StartAsync();
        string hash = await PublishedThenRevokedAsync(plane);
        await DeleteCallerAsync(plane);
        await Plane.Saved(plane.Get<SnapshotPublisher>().PublishAsync(Plane.Admin, "", 1, confirmLosses: true, default));

        await Plane.Saved(plane.Get<SnapshotPublisher>().RollBackAsync(Plane.Admin, 1, "still needed", default));

        Assert.Equal(hash, Assert.Single((await EnvelopeAsync(plane)).Overlay.RevokedKeys));
        Assert.Empty((await plane.Get<CallerStore>().FindAsync("hub", default))!.Keys);
    }

    private static async Task<string> PublishedThenRevokedAsync(Plane plane)
    {
        await plane.SeedAsync();
        await Plane.Saved(plane.Get<CallerStore>().SaveAsync(Plane.Admin, new CallerForm { Id = "hub", Features = ["*"] }, default));
        NewCallerKey key = await Plane.Saved(plane.Get<CallerKeyStore>().CreateAsync(Plane.Admin, "hub", default));
        await Plane.Saved(plane.Get<SnapshotPublisher>().PublishAsync(Plane.Admin, "", 0, default));
        await Plane.Saved(plane.Get<CallerKeyStore>().RevokeAsync(Plane.Admin, key.View.Id, "it leaked", default));
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(key.Key)));
    }

    private static async Task DeleteCallerAsync(Plane plane)
    {
        CallerView caller = (await plane.Get<CallerStore>().FindAsync("hub", default))!;
        await Plane.Saved(plane.Get<CallerStore>().DeleteAsync(Plane.Admin, "hub", caller.Version, default));
    }

    private static async Task<EdgeEnvelope> EnvelopeAsync(Plane plane)
    {
        using var key = ECDiffieHellman.Create(ECCurve.NamedCurves.nistP256);
        BuiltEnvelope built = (await plane.Get<EnvelopeSource>().ForAsync(new EdgeIdentity("edge-x", "edge-x", key.ExportSubjectPublicKeyInfo()), default))!;
        return DocumentJson.Read<EdgeEnvelope>(built.Body)!;
    }
}
