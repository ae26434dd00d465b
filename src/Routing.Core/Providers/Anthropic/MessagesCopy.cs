using System.Buffers;
using System.Text.Json;
using Routing.Core.Llm;

namespace Routing.Core.Providers.Anthropic;

/// <summary>Copies a caller's own request around the one member that routing changes.</summary>
internal static class MessagesCopy
{
    private static ReadOnlySpan<byte> Version => "\"anthropic_version\":\"vertex-2023-10-16\""u8;

    public static void WithModel(OriginalBody original, string model, IBufferWriter<byte> body)
    {
        var json = original.Json.Span;
        var (start, length) = original.Model.GetOffsetAndLength(json.Length);
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
        body.Write(json[..NameBefore(json, start)]);
        body.Write(Version);
        body.Write(json[(start + length)..]);
    }

    // A member's name is a string without a plain quote inside: between the last two quotes before its value.
    private static int NameBefore(ReadOnlySpan<byte> json, int value)
    {
        var end = json[..value].LastIndexOf((byte)'"');
        return json[..end].LastIndexOf((byte)'"');
    }
}
