using System.Collections.Immutable;
using ControlPlane.Web.Data;
using ControlPlane.Web.Publishing;
using ControlPlane.Web.Tests.Data;
using Routing.Core.Snapshots;

namespace ControlPlane.Web.Tests.Publishing;

public sealed class RevisionStoreTests
{
    [Fact]
    public async Task DocumentAsync_OlderDocumentWithoutNewerFields_ReadsAsAnEdgeReadsIt()
    {
        await using Plane plane = await Plane.StartAsync();
        byte[] document = await File.ReadAllBytesAsync(Path.Combine(AppContext.BaseDirectory, "History", "v1-sparse.json"));
        await using (ControlPlaneDb db = plane.Db())
        {
            db.Revisions.Add(new Revision { Number = 1, Document = document, Sha256 = new string('0', 64), PublishedAt = plane.Time.GetUtcNow(), PublishedBy = "Ada Admin" });
            await db.SaveChangesAsync();
        }

        RoutingSnapshot read = (await plane.Get<RevisionStore>().DocumentAsync(1, default))!;
        ImmutableArray<SnapshotChange> changes = SnapshotDiff.Between(DocumentJson.Read<RoutingSnapshot>(document), read);

        Assert.Empty(changes);
        Assert.Equal(new FeatureConfig { Name = "" }.FirstTokenMs, read.Features[0].FirstTokenMs);
        Assert.Equal(100, read.Features[0].Candidates[0].Weight);
    }
}
