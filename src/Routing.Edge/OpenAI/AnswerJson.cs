using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using Routing.Core.Llm;

namespace Routing.Edge.OpenAI;

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

    public static void WriteUsage(Utf8JsonWriter json, in TokenUsage usage)
    {
        json.WriteStartObject("usage"u8);
        json.WriteNumber("prompt_tokens"u8, usage.InputTotal);
        json.WriteNumber("completion_tokens"u8, usage.OutputTotal);
        json.WriteNumber("total_tokens"u8, usage.Total);
        json.WriteStartObject("prompt_tokens_details"u8);
        json.WriteNumber("cached_tokens"u8, usage.CacheRead);
        json.WriteEndObject();
        json.WriteStartObject("completion_tokens_details"u8);
        json.WriteNumber("reasoning_tokens"u8, usage.Reasoning);
        json.WriteEndObject();
        json.WriteEndObject();
    }
}
