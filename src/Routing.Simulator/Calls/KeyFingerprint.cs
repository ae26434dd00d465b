using System.Security.Cryptography;
using System.Text;

namespace Routing.Simulator.Calls;

internal static class KeyFingerprint
{
    /// <summary>Tells keys apart in the log without giving them away.</summary>
    public static string Of(string key) => "key-" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(key)))[..8];

    /// <summary>The token of an <c>Authorization: Bearer</c> header; null without one.</summary>
    public static string? Bearer(HttpRequest request)
    {
        var header = request.Headers.Authorization.ToString();
        return header.StartsWith("Bearer ", StringComparison.OrdinalIgnoreCase) ? header["Bearer ".Length..].Trim() : null;
    }
}
