using System.Buffers.Text;
using System.Text;

namespace Routing.Edge.Json;

/// <summary>A <c>data:</c> address that holds a file as base64.</summary>
internal static class DataUrl
{
    private const string Scheme = "data:";
    private const string Mark = ";base64,";

    /// <summary>Refused unless its media type is one of <paramref name="types"/> and the rest is base64 of something.</summary>
    public static void Check(ReadOnlySpan<byte> url, in At at, string member, params ReadOnlySpan<string> types)
    {
        if (!CheckAny(url, at, member, types)) throw RequestFault.Value(at.Of(member), $"must hold one of {string.Join(", ", types.ToArray())}.");
    }

    /// <summary>The same of any media type: whether it is one of <paramref name="types"/>.</summary>
    public static bool CheckAny(ReadOnlySpan<byte> url, in At at, string member, params ReadOnlySpan<string> types)
    {
        var mark = url.IndexOf(";base64,"u8);
        if (!url.StartsWith("data:"u8) || mark < 0) throw RequestFault.Value(at.Of(member), $"must begin with '{Scheme}', a media type and '{Mark}'.");
        if (!Base64.IsValid(url[(mark + Mark.Length)..], out var length) || length == 0) throw RequestFault.Value(at.Of(member), "is not valid base64, or holds nothing.");
        return IsOneOf(url[Scheme.Length..mark], types);
    }

    /// <summary>The two halves of a checked one, the media type in lower case.</summary>
    public static (string MediaType, string Base64) Split(string url)
    {
        var mark = url.IndexOf(Mark, StringComparison.Ordinal);
        return (url[Scheme.Length..mark].ToLowerInvariant(), url[(mark + Mark.Length)..]);
    }

    private static bool IsOneOf(ReadOnlySpan<byte> type, ReadOnlySpan<string> types)
    {
        foreach (var allowed in types)
        {
            if (Ascii.EqualsIgnoreCase(type, allowed)) return true;
        }

        return false;
    }
}
