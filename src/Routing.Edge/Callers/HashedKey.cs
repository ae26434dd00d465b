using System.Text;
using Microsoft.AspNetCore.Connections.Features;
using Routing.Core.Tables;

namespace Routing.Edge.Callers;

/// <summary>
/// The key that a connection's last request came with, hashed. The server hands out the same string for a header that comes again, so a
/// caller's key is hashed once a connection instead of once a call (1.3 % of a saturated edge's CPU). Told by reference: nothing of a
/// secret is compared. A connection's requests come one after the other, and with it this goes.
/// </summary>
internal sealed class HashedKey
{
    private string? _header;
    private KeyHash _hash;

    /// <summary>Of the connection that a request came by; null where a server keeps nothing for its connections.</summary>
    public static HashedKey? Of(HttpContext context)
    {
        // By its type: asked for as a generic method, the server looks the method itself up first.
        if (context.Features[typeof(IConnectionItemsFeature)] is not IConnectionItemsFeature { Items: var items }) return null;
        if (items.TryGetValue(typeof(HashedKey), out var kept)) return (HashedKey?)kept;
        var made = new HashedKey();
        items[typeof(HashedKey)] = made;
        return made;
    }

    /// <param name="header">The header's value, of which the key is a part.</param>
    public KeyHash Of(string header, ReadOnlySpan<char> key)
    {
        if (!ReferenceEquals(header, _header)) (_header, _hash) = (header, Hash(key));
        return _hash;
    }

    /// <param name="key">ASCII, <see cref="CallerKey.LongestKey"/> at most.</param>
    public static KeyHash Hash(ReadOnlySpan<char> key)
    {
        Span<byte> bytes = stackalloc byte[CallerKey.LongestKey];
        return KeyHash.Of(bytes[..Encoding.ASCII.GetBytes(key, bytes)]);
    }
}
