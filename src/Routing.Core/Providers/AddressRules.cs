using System.Collections.Frozen;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Routing.Core.Providers;

/// <summary>
/// Which hosts we may connect to. A public https host is always allowed; anything else needs its exact <c>host:port</c> in the process's
/// own settings, which no document, caller or page can change.
/// </summary>
public sealed class AddressRules(IEnumerable<string> allowedHostPorts)
{
    private const int LongestAddress = 2048;

    // Names that only mean something inside a network (RFC 6761, RFC 9476 and the clouds' metadata hosts).
    private static readonly string[] PrivateSuffixes = [".localhost", ".local", ".localdomain", ".internal", ".home.arpa", ".test"];

    private readonly FrozenSet<string> _allowed = allowedHostPorts.Select(a => a.Trim().Trim('[').Replace("]:", ":", StringComparison.Ordinal).ToLowerInvariant()).ToFrozenSet(StringComparer.Ordinal);

    /// <summary>What is wrong with an account's address, as a sentence; null when nothing is. Checks the spelling only: the connection checks the address.</summary>
    public string? Check(string address)
    {
        if (address.Length > LongestAddress) return $"The address has {address.Length} characters; at most {LongestAddress}.";

        // Digits, dots and letters of other scripts look like others and are read as others.
        if (!Ascii.IsValid(address)) return "The address holds characters outside ASCII; write such a host in its xn-- form.";
        if (!Uri.TryCreate(address, UriKind.Absolute, out var uri) || uri.Scheme is not ("https" or "http"))
        {
            return $"'{Shown(address)}' is not an address. Write scheme and host, for example https://my-resource.openai.azure.com.";
        }

        if (uri.UserInfo.Length > 0 || address.Contains('@')) return "The address holds a user name; write scheme and host only.";
        if (uri.AbsolutePath != "/" || uri.Query.Length > 0 || uri.Fragment.Length > 0) return "The address holds a path; write scheme, host and port only.";
        if (IsAllowed(uri)) return null;
        if (uri.Scheme != "https") return $"{Shown(address)} is plain http. Use https, or add '{HostPort(uri)}' to the process's AllowedAddresses.";
        if (uri.Port != 443) return $"Port {uri.Port} is not 443. Add '{HostPort(uri)}' to the process's AllowedAddresses.";
        return IsPublicHost(uri) ? null : $"{Shown(uri.IdnHost)} is not a public host. Add '{HostPort(uri)}' to the process's AllowedAddresses if it is meant.";
    }

    public bool IsAllowed(Uri uri) => IsAllowed(uri.IdnHost, uri.Port);

    public bool IsAllowed(string host, int port) => _allowed.Contains($"{host.ToLowerInvariant()}:{port}");

    /// <summary>Whether an address is reachable over the internet. Private, loopback, link-local, shared and reserved ranges are not.</summary>
    public static bool IsPublic(IPAddress address)
    {
        var ip = Unmap(address);
        if (ip.AddressFamily == AddressFamily.InterNetworkV6) return IsPublicV6(ip);
        var b = ip.GetAddressBytes();
        return b[0] switch
        {
            0 or 10 or 127 or >= 224 => false,
            100 => b[1] is < 64 or > 127,
            169 => b[1] != 254,
            172 => b[1] is < 16 or > 31,
            192 => !(b[1] == 168 || (b[1] == 0 && b[2] is 0 or 2) || (b[1] == 88 && b[2] == 99)),
            198 => b[1] is not (18 or 19) && !(b[1] == 51 && b[2] == 100),
            203 => !(b[1] == 0 && b[2] == 113),
            _ => true,
        };
    }

    private static bool IsPublicHost(Uri uri)
    {
        if (IPAddress.TryParse(uri.IdnHost, out var ip)) return IsPublic(ip);
        var name = uri.IdnHost.TrimEnd('.');
        if (uri.IsLoopback || !name.Contains('.', StringComparison.Ordinal)) return false;
        foreach (var suffix in PrivateSuffixes)
        {
            if (name.EndsWith(suffix, StringComparison.OrdinalIgnoreCase)) return false;
        }

        return true;
    }

    // Only global unicast (2000::/3) without documentation, protocol (Teredo among them) and 6to4 ranges, which can hide an IPv4 target.
    private static bool IsPublicV6(IPAddress ip)
    {
        var b = ip.GetAddressBytes();
        if ((b[0] & 0xE0) != 0x20) return false;
        var isDocumentation = b[0] == 0x20 && b[1] == 0x01 && b[2] == 0x0D && b[3] == 0xB8;
        var isProtocol = b[0] == 0x20 && b[1] == 0x01 && b[2] <= 1;
        isDocumentation |= b[0] == 0x3F && b[1] == 0xFF && b[2] < 0x10;
        var is6To4 = b[0] == 0x20 && b[1] == 0x02;
        return !isDocumentation && !isProtocol && !is6To4;
    }

    // ::ffff:a.b.c.d and 64:ff9b::a.b.c.d reach the IPv4 address inside them.
    private static IPAddress Unmap(IPAddress ip)
    {
        if (ip.IsIPv4MappedToIPv6) return ip.MapToIPv4();
        if (ip.AddressFamily != AddressFamily.InterNetworkV6) return ip;
        var b = ip.GetAddressBytes();
        ReadOnlySpan<byte> nat64 = [0x00, 0x64, 0xFF, 0x9B, 0, 0, 0, 0, 0, 0, 0, 0];
        return b.AsSpan(0, 12).SequenceEqual(nat64) ? new IPAddress(b.AsSpan(12)) : ip;
    }

    private static string HostPort(Uri uri) => $"{uri.IdnHost}:{uri.Port}";

    private static string Shown(string value) => value.Length > 100 ? value[..100] + "…" : value;
}
