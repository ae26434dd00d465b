using System.Text;

namespace Routing.Simulator.Answers;

/// <summary>
/// The simulator's own notion of a token: leading white space plus up to six characters of a word. It is no vendor's
/// tokenizer; what matters is that a streamed chunk is one token and that counts of a text are always the same.
/// </summary>
internal static class Tokenizer
{
    private const int LongestToken = 6;

    public static int Count(ReadOnlySpan<char> text)
    {
        var count = 0;
        while (!text.IsEmpty)
        {
            text = text[FirstTokenLength(text)..];
            count++;
        }

        return count;
    }

    public static List<string> Split(ReadOnlySpan<char> text)
    {
        var tokens = new List<string>();
        while (!text.IsEmpty)
        {
            var length = FirstTokenLength(text);
            tokens.Add(text[..length].ToString());
            text = text[length..];
        }

        return tokens;
    }

    private static int FirstTokenLength(ReadOnlySpan<char> text)
    {
        var at = 0;
        while (at < text.Length && char.IsWhiteSpace(text[at])) at++;

        for (var characters = 0; characters < LongestToken && at < text.Length && !char.IsWhiteSpace(text[at]); characters++)
        {
            // A surrogate pair is one character: cutting it would put broken UTF-8 on the wire.
            at += Rune.DecodeFromUtf16(text[at..], out _, out var used) == System.Buffers.OperationStatus.Done ? used : 1;
        }

        return at;
    }
}
