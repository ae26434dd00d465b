using System.Collections.Concurrent;
using System.Text;
using System.Xml.Linq;
using ControlPlane.Web.Data;
using Microsoft.AspNetCore.DataProtection.Repositories;
using Microsoft.EntityFrameworkCore;

namespace ControlPlane.Web.Secrets;

/// <summary>
/// Keys of cookie and antiforgery protection in the database, so that all nodes share them; each sealed by the key-encryption key.
/// While the vault is sealed they are made in memory: people can sign in on this node, until it restarts.
/// </summary>
internal sealed class SealedKeyRepository(IDbContextFactory<ControlPlaneDb> contexts, Vault vault, TimeProvider time) : IXmlRepository
{
    private readonly ConcurrentQueue<XElement> _inMemory = new();

    public IReadOnlyCollection<XElement> GetAllElements()
    {
        if (vault.IsSealed) return [.. _inMemory.Select(e => new XElement(e))];
        using ControlPlaneDb db = contexts.CreateDbContext();
        return [.. db.DataProtectionKeys.AsNoTracking().AsEnumerable().Select(k => XElement.Parse(Encoding.UTF8.GetString(vault.OpenDirect(k.Box, Context(k.FriendlyName)))))];
    }

    public void StoreElement(XElement element, string friendlyName)
    {
        if (vault.IsSealed)
        {
            _inMemory.Enqueue(new XElement(element));
            return;
        }
        using ControlPlaneDb db = contexts.CreateDbContext();
        byte[] xml = Encoding.UTF8.GetBytes(element.ToString(SaveOptions.DisableFormatting));
        db.DataProtectionKeys.Add(new DataProtectionKey { FriendlyName = friendlyName, Box = vault.SealDirect(xml, Context(friendlyName)), CreatedAt = time.GetUtcNow() });
        db.SaveChanges();
    }

    private static string Context(string name) => "data-protection|" + name;
}
