using System.Buffers.Text;
using System.Globalization;
using System.Text;

namespace Routing.Core.Providers.Vertex;

/// <summary>
/// Gemini gives tool calls no id, and wants the signature of its thinking back on the call it came with. Our ids do both:
/// <c>gcall_{answer}_{position}</c>, then <c>_{signature}</c> where there is one, as unpadded base64url. They are the same each time an
/// answer is read, unlike those of other answers, and of letters that every provider takes (<c>A-Z a-z 0-9 _ -</c>). With a signature
/// they are longer than some providers take: <see cref="Short"/> is the id without it.
/// </summary>
internal static class GeminiCallIds
{
    private const string Prefix = "gcall_";
    private const int LongestAnswer = 24;

    public static string Of(string answer, int position, ReadOnlySpan<byte> signature)
    {
        var id = string.Create(CultureInfo.InvariantCulture, $"{Prefix}{answer}_{position}");
        return signature.IsEmpty ? id : string.Concat(id, "_", Encoding.ASCII.GetString(signature.TrimEnd((byte)'=')).Replace('+', '-').Replace('/', '_'));
    }

    /// <summary>The answer's part of an id: letters and digits of the response's own id, else a hash of its bytes.</summary>
    public static string Answer(string? responseId, ReadOnlySpan<byte> data)
    {
        Span<char> kept = stackalloc char[LongestAnswer];
        var length = 0;
        foreach (var c in responseId ?? "")
        {
            if (length < kept.Length && char.IsAsciiLetterOrDigit(c)) kept[length++] = c;
        }

        return length > 0 ? new string(kept[..length]) : Hash(data).ToString("x16", CultureInfo.InvariantCulture);
    }

    /// <summary>The signature in an id, in the base64 it was given in; null when there is none or the id is not ours.</summary>
    public static string? Signature(string id)
    {
        var at = SignatureAt(id);
        if (at < 0) return null;
        var text = id[(at + 1)..].Replace('-', '+').Replace('_', '/');
        text = text.PadRight((text.Length + 3) / 4 * 4, '=');
        return Base64.IsValid(text) ? text : null;
    }

    public static string Short(string id)
    {
        var at = SignatureAt(id);
        return at < 0 ? id : id[..at];
    }

    // Neither answer nor position holds an underscore.
    private static int SignatureAt(string id)
    {
        if (!id.StartsWith(Prefix, StringComparison.Ordinal)) return -1;
        var answerEnd = id.IndexOf('_', Prefix.Length);
        return answerEnd < 0 ? -1 : id.IndexOf('_', answerEnd + 1);
    }

    // FNV-1a: told apart are answers of one conversation, not attackers.
    private static ulong Hash(ReadOnlySpan<byte> data)
    {
        var hash = 14695981039346656037UL;
        foreach (var b in data) hash = (hash ^ b) * 1099511628211UL;
        return hash;
    }
}
