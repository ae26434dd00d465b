using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Routing.Edge.Json;

/// <summary>Pieces of the answers we build ourselves, for providers of another wire.</summary>
internal static class AnswerJson
{
    public static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    // The longest escape of one UTF-8 byte is \u00XX.
    private const int LongestEscape = 6;
    private const int Piece = 512;

    /// <summary>Writes the inside of a JSON string. Text without anything to escape, which is nearly all of it, is one copy.</summary>
    public static void WriteText(ReadOnlySpan<byte> utf8, IBufferWriter<byte> to)
    {
        var clean = JavaScriptEncoder.UnsafeRelaxedJsonEscaping.FindFirstCharacterToEncodeUtf8(utf8);
        if (clean < 0)
        {
            to.Write(utf8);
            return;
        }

        to.Write(utf8[..clean]);
        utf8 = utf8[clean..];
        while (!utf8.IsEmpty)
        {
            var place = to.GetSpan(Math.Min(utf8.Length, Piece) * LongestEscape);
            JavaScriptEncoder.UnsafeRelaxedJsonEscaping.EncodeUtf8(utf8, place, out var consumed, out var written);
            to.Advance(written);
            if (consumed == 0) break; // Half a character at the end; a provider's text event holds whole ones.
            utf8 = utf8[consumed..];
        }
    }

    /// <summary>A member and its value in quotes, for text that came from a model.</summary>
    public static void WriteString(ReadOnlySpan<byte> name, ReadOnlySpan<byte> utf8, IBufferWriter<byte> to)
    {
        to.Write("\""u8);
        to.Write(name);
        to.Write("\":\""u8);
        WriteText(utf8, to);
        to.Write("\""u8);
    }
}
