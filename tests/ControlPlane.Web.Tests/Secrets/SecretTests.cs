using System.Security.Cryptography;
using System.Text;
using ControlPlane.Web.Audit;
using ControlPlane.Web.Data;
using ControlPlane.Web.ProviderAccounts;
using ControlPlane.Web.Publishing;
using ControlPlane.Web.Secrets;
using ControlPlane.Web.Tests.Data;
using Microsoft.EntityFrameworkCore;
using Routing.Core.Credentials;
using Routing.Core.Snapshots;

namespace ControlPlane.Web.Tests.Secrets;

public sealed class SecretTests
{
    [Fact]
    public async Task SetSecret_Stored_IsInNoFileInAnySpelling()
    {
        await using Plane plane = await Plane.StartAsync();
        await plane.SeedAsync();
        string[] spellings = [Plane.Canary, Convert.ToBase64String(Encoding.UTF8.GetBytes(Plane.Canary)), Convert.ToHexString(Encoding.UTF8.GetBytes(Plane.Canary))];
        foreach (string file in Directory.GetFiles(plane.Folder))
        {
            using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
            using var copy = new MemoryStream();
            await stream.CopyToAsync(copy);
            foreach (string spelling in spellings)
            {
                Assert.Equal(-1, copy.ToArray().AsSpan().IndexOf(Encoding.UTF8.GetBytes(spelling)));
                Assert.Equal(-1, copy.ToArray().AsSpan().IndexOf(Encoding.Unicode.GetBytes(spelling)));
            }
        }
    }

    [Fact]
    public async Task SaveAsync_AddressChanges_LeavesTheSecretForTheOldOneOnly()
    {
        await using Plane plane = await Plane.StartAsync();
        await plane.SeedAsync();
        ProviderAccountStore store = plane.Get<ProviderAccountStore>();
        ProviderAccountForm form = ProviderAccountForm.From((await store.FindAsync("azure-main", default))!);
        form.Address = "https://elsewhere.openai.azure.com";
        ProviderAccountView saved = await Plane.Saved(store.SaveAsync(Plane.Admin, form, default));
        Assert.False(saved.HasCredential);
        Assert.Contains("elsewhere", saved.Secret!.VoidedBecause, StringComparison.Ordinal);
        Assert.Contains((await plane.Get<SnapshotPublisher>().StateAsync(default)).Problems, p => p.Code == "secret_missing");
    }

    [Fact]
    public async Task SealTo_OneEdge_OpensForThatEdgeOnly()
    {
        await using Plane plane = await Plane.StartAsync();
        await plane.SeedAsync();
        using var own = ECDiffieHellman.Create(ECCurve.NamedCurves.nistP256);
        using var other = ECDiffieHellman.Create(ECCurve.NamedCurves.nistP256);
        await using ControlPlaneDb db = plane.Db();
        SealedSecret box = plane.Get<OpenedSecrets>().SealTo("edge-1", own.ExportSubjectPublicKeyInfo(), await db.Secrets.Where(s => s.Account == "azure-main").ToListAsync()).Single();
        Assert.True(SealedBox.TryOpen(own, box.Box, SealedBox.Context("edge-1", box.Id, box.Version), out byte[] opened));
        Assert.Contains(Plane.Canary, Encoding.UTF8.GetString(opened), StringComparison.Ordinal);
        Assert.False(SealedBox.TryOpen(other, box.Box, SealedBox.Context("edge-1", box.Id, box.Version), out _));
        Assert.False(SealedBox.TryOpen(own, box.Box, SealedBox.Context("edge-2", box.Id, box.Version), out _));
    }

    [Fact]
    public async Task Ciphertext_MovedToAnotherRow_DoesNotOpen()
    {
        await using Plane plane = await Plane.StartAsync();
        await plane.SeedAsync();
        await using ControlPlaneDb db = plane.Db();
        StoredSecret azure = await db.Secrets.SingleAsync(s => s.Account == "azure-main");
        StoredSecret bedrock = await db.Secrets.SingleAsync(s => s.Account == "bedrock-main");
        (bedrock.WrappedKey, bedrock.Box) = (azure.WrappedKey, azure.Box);
        await db.SaveChangesAsync();
        RoutingSnapshot draft = await plane.Get<DraftReader>().ReadAsync(db, default);
        await Assert.ThrowsAnyAsync<CryptographicException>(() => plane.Get<OpenedSecrets>().FieldsAsync(db, draft.Accounts, default));
    }

    [Fact]
    public async Task Start_WithAnotherKey_IsSealedAndSaysSo()
    {
        string folder = Directory.CreateTempSubdirectory("plane-").FullName;
        await using (Plane first = await Plane.StartAsync(folder)) await first.SeedAsync();
        await using (Plane second = await Plane.StartAsync(folder, s => s["ControlPlane:KeyEncryptionKey"] = Convert.ToBase64String(new byte[32])))
        {
            Assert.True(second.Get<Vault>().IsSealed);
            VaultSealedException refused = await Assert.ThrowsAsync<VaultSealedException>(() =>
                second.Get<ProviderAccountStore>().SetSecretAsync(Plane.Admin, "azure-main", new Dictionary<string, string> { ["key"] = "another-key-value-123" }, default));
            Assert.Contains("key-encryption key", refused.Message, StringComparison.Ordinal);
            Assert.Equal(2, (await second.Get<ProviderAccountStore>().ListAsync(default)).Length);
        }
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public async Task KeyFile_OnFirstRun_IsReadableByItsOwnerOnly()
    {
        await using Plane plane = await Plane.StartAsync();
        string file = Path.Combine(plane.Folder, "key-encryption-key");
        Assert.True(File.Exists(file));
        if (!OperatingSystem.IsWindows()) Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
    }

    [Fact]
    public async Task AuditChain_OneRowEdited_IsFoundAtThatRow()
    {
        await using Plane plane = await Plane.StartAsync();
        await plane.SeedAsync();
        AuditStore audit = plane.Get<AuditStore>();
        AuditVerdict whole = await audit.VerifyAsync(default);
        Assert.Null(whole.FirstBroken);
        Assert.True(whole.Rows >= 7);
        await using ControlPlaneDb db = plane.Db();
        await db.Audit.Where(e => e.Sequence == 3).ExecuteUpdateAsync(set => set.SetProperty(e => e.ActorName, "Mallory"));
        Assert.Equal(3, (await audit.VerifyAsync(default)).FirstBroken);
        Assert.DoesNotContain(Plane.Canary, string.Concat(await db.Audit.Select(e => e.Before + e.After + e.Reason).ToListAsync()), StringComparison.Ordinal);
    }
}
