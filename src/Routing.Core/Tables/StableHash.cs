using System.Text;

namespace Routing.Core.Tables;

/// <summary>A hash that is the same on every edge and after every restart, which .NET's own are not: FNV-1a, then mixed. Kept from nobody.</summary>
public static class StableHash
{
    private const ulong Basis = 14695981039346656037UL;
    private const ulong Prime = 1099511628211UL;

    public static ulong Of(ReadOnlySpan<byte> bytes)
    {
        var hash = Basis;
        foreach (var b in bytes) hash = (hash ^ b) * Prime;
        return SplitMix64.Mix(hash);
    }

    public static ulong Of(string text) => Of(Encoding.UTF8.GetBytes(text));
}
