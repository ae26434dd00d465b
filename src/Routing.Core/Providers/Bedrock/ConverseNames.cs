using System.Buffers;
using System.Security.Cryptography;
using System.Text;
using Routing.Core.Llm;

namespace Routing.Core.Providers.Bedrock;

/// <summary>
/// Names of tools and ids of their calls. Converse takes 1 to 64 letters, digits, underscores and hyphens; another dialect's name that
/// is longer or spelt otherwise is replaced by one that only depends on it, and answers are told under the caller's own name.
/// </summary>
internal static class ConverseNames
{
    private const int Longest = 64;
    private const int HashBytes = 8;
    private const int Kept = Longest - 2 * HashBytes - 1;

    private static readonly SearchValues<char> Allowed = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-");

    public static string ToWire(string name) => IsAllowed(name) ? name : Replacement(name);

    /// <summary>The caller's name of a tool that the model called by its name on the wire.</summary>
    public static string FromWire(string wire, ChatRequest request)
    {
        foreach (var tool in request.Tools)
        {
            if (!IsAllowed(tool.Name) && Replacement(tool.Name) == wire) return tool.Name;
        }

        return wire;
    }

    private static bool IsAllowed(string name) => name.Length is > 0 and <= Longest && !name.AsSpan().ContainsAnyExcept(Allowed);

    // What is readable of it, for the model, and a hash of the rest, so that two names never become one.
    private static string Replacement(string name)
    {
        var kept = new StringBuilder(Longest);
        foreach (var c in name.AsSpan(0, Math.Min(name.Length, Kept))) kept.Append(Allowed.Contains(c) ? c : '_');
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes(name)).AsSpan(0, HashBytes);
        return kept.Append('_').Append(Convert.ToHexStringLower(hash)).ToString();
    }
}
