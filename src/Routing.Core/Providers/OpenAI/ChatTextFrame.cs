using System.Buffers;

namespace Routing.Core.Providers.OpenAI;

/// <summary>
/// The bytes around the text of a stream's chunks, which are the same in each: learned from the first that was read and held nothing else.
/// A chunk that differs from it within one string alone says nothing new, so it goes on after one comparison instead of a search for each
/// word that matters; any other is looked at as before.
/// </summary>
internal struct ChatTextFrame
{
    // What ends a string or has no place in one, and what begins an escape.
    private static readonly SearchValues<byte> NotPlain = SearchValues.Create([.. Enumerable.Range(0, 32).Select(i => (byte)i), (byte)'"', (byte)'\\']);

    private byte[]? _before;
    private byte[]? _after;

    private static ReadOnlySpan<byte> Opening => "\"content\":\""u8;

    public readonly bool IsLearned => _before is not null;

    /// <param name="chunk">A whole event, with the empty line that ends it.</param>
    public void Learn(ReadOnlySpan<byte> chunk)
    {
        if (chunk.IndexOf(Opening) is not (>= 0 and var opening)) return;
        var start = opening + Opening.Length;
        var length = LengthOfString(chunk[start..]);
        if (length < 0) return;
        _before = chunk[..start].ToArray();
        _after = chunk[(start + length)..].ToArray();
    }

    /// <summary>Length of the whole events of that shape at the beginning.</summary>
    public readonly int LengthOfSame(ReadOnlySpan<byte> events)
    {
        var length = 0;
        while (_before is not null && events[length..].StartsWith(_before))
        {
            var text = events[(length + _before.Length)..];
            var end = LengthOfString(text);
            if (end < 0 || !text[end..].StartsWith(_after)) break;
            length += _before.Length + end + _after!.Length; // Both are learned together.
        }

        return length;
    }

    /// <summary>Up to the quote that ends it; -1 when that is not there yet, or it is no string.</summary>
    private static int LengthOfString(ReadOnlySpan<byte> text)
    {
        for (int from = 0, at; from < text.Length && (at = text[from..].IndexOfAny(NotPlain)) >= 0; from += at + 2)
        {
            if (text[from + at] != '\\') return text[from + at] == '"' ? from + at : -1;
        }

        return -1;
    }
}
