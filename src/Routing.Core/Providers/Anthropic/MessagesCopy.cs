using System.Buffers;
using System.Text.Json;
using Routing.Core.Llm;

namespace Routing.Core.Providers.Anthropic;

/// <summary>Copies a caller's own request around the one member that routing changes, and around what no model of the wire takes.</summary>
internal static class MessagesCopy
{
    private static ReadOnlySpan<byte> Version => "\"anthropic_version\":\"vertex-2023-10-16\""u8;

    public static void WithModel(OriginalBody original, string model, IBufferWriter<byte> body)
    {
        var (start, length) = original.Model.GetOffsetAndLength(original.Json.Length);
        if ((original.Rewrites & Rewrites.ForeignReasoning) != Rewrites.None)
        {
            WithoutForeign(original, start, start + length, [.. "\""u8, .. JsonEncodedText.Encode(model).EncodedUtf8Bytes, .. "\""u8], body);
            return;
        }

        var json = original.Json.Span;
        body.Write(json[..start]);
        body.Write("\""u8);
        body.Write(JsonEncodedText.Encode(model).EncodedUtf8Bytes);
        body.Write("\""u8);
        body.Write(json[(start + length)..]);
    }

    /// <summary>Vertex AI refuses a body that names a model and wants the version of the wire: the one takes the other's place.</summary>
    public static void WithVersion(OriginalBody original, IBufferWriter<byte> body)
    {
        var json = original.Json.Span;
        var (start, length) = original.Model.GetOffsetAndLength(json.Length);
        var name = NameBefore(json, start);
        if ((original.Rewrites & Rewrites.ForeignReasoning) != Rewrites.None)
        {
            WithoutForeign(original, name, start + length, Version.ToArray(), body);
            return;
        }

        body.Write(json[..name]);
        body.Write(Version);
        body.Write(json[(start + length)..]);
    }

    private static void WithoutForeign(OriginalBody original, int start, int end, byte[] with, IBufferWriter<byte> body)
    {
        var edits = new BodyEdits();
        edits.Replace(start, end, with);
        ForeignThinking.Cut(original.Json.Span, edits);
        edits.Write(original.Json.Span, 0, original.Json.Length, body);
    }

    // A member's name is a string without a plain quote inside: between the last two quotes before its value.
    private static int NameBefore(ReadOnlySpan<byte> json, int value)
    {
        var end = json[..value].LastIndexOf((byte)'"');
        return json[..end].LastIndexOf((byte)'"');
    }
}
