using System.Buffers;
using System.Text;

namespace Routing.Core.Credentials;

/// <summary>The canonical forms of path, query and header values that both sides of a signature must agree on.</summary>
internal static class SigV4Canonical
{
    private const string Hex = "0123456789ABCDEF";
    private static readonly SearchValues<char> Unreserved = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~");

    public static void WritePath(ref PooledText text, string path)
    {
        if (path.Contains("//", StringComparison.Ordinal) || path.Contains("/.", StringComparison.Ordinal)) path = Normalise(path);
        if (path.Length == 0) path = "/";
        var rest = path.AsSpan();
        for (int slash; (slash = rest.IndexOf('/')) >= 0; rest = rest[(slash + 1)..])
        {
            WriteEncoded(ref text, rest[..slash]);
            text.Append('/');
        }

        WriteEncoded(ref text, rest);
    }

    public static void WriteQuery(ref PooledText text, string query)
    {
        if (query.Length == 0) return;
        var pairs = query.Split('&', StringSplitOptions.RemoveEmptyEntries).Select(Pair).ToArray();
        Array.Sort(pairs, static (a, b) => string.CompareOrdinal(a.Name, b.Name) is not 0 and var byName ? byName : string.CompareOrdinal(a.Value, b.Value));
        for (var i = 0; i < pairs.Length; i++)
        {
            if (i > 0) text.Append('&');
            text.Append(pairs[i].Name);
            text.Append('=');
            text.Append(pairs[i].Value);
        }
    }

    /// <summary>Outer blanks gone, inner runs of blanks made one.</summary>
    public static void WriteHeaderValue(ref PooledText text, string value)
    {
        var rest = value.AsSpan().Trim(' ');
        for (int run; (run = rest.IndexOf("  ", StringComparison.Ordinal)) >= 0;)
        {
            text.Append(rest[..(run + 1)]);
            rest = rest[run..].TrimStart(' ');
        }

        text.Append(rest);
    }

    private static string Normalise(string path)
    {
        var segments = new List<string>();
        foreach (var segment in path.Split('/'))
        {
            if (segment is "" or ".") continue;
            if (segment != "..") segments.Add(segment);
            else if (segments.Count > 0) segments.RemoveAt(segments.Count - 1);
        }

        var end = segments.Count > 0 && path.EndsWith('/') ? "/" : "";
        return "/" + string.Join('/', segments) + end;
    }

    private static (string Name, string Value) Pair(string pair)
    {
        var mark = pair.IndexOf('=');
        return mark < 0 ? (Encoded(pair), "") : (Encoded(pair[..mark]), Encoded(pair[(mark + 1)..]));

        static string Encoded(string part)
        {
            var text = new PooledText();
            WriteEncoded(ref text, Uri.UnescapeDataString(part));
            var encoded = Encoding.ASCII.GetString(text.Written);
            text.Dispose();
            return encoded;
        }
    }

    private static void WriteEncoded(ref PooledText text, ReadOnlySpan<char> part)
    {
        if (!part.ContainsAnyExcept(Unreserved))
        {
            text.Append(part);
            return;
        }

        Span<byte> bytes = stackalloc byte[4];
        foreach (var rune in part.EnumerateRunes())
        {
            var length = rune.EncodeToUtf8(bytes);
            for (var i = 0; i < length; i++)
            {
                var c = (char)bytes[i];
                if (Unreserved.Contains(c))
                {
                    text.Append(c);
                    continue;
                }

                text.Append('%');
                text.Append(Hex[bytes[i] >> 4]);
                text.Append(Hex[bytes[i] & 15]);
            }
        }
    }
}
