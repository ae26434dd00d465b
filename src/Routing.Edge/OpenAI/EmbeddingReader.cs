using System.Collections.Immutable;
using System.Text.Json;
using Routing.Core.Llm;
using Routing.Edge.Json;

namespace Routing.Edge.OpenAI;

/// <summary>One pass over the body of a call for embeddings; the texts themselves are only read if a candidate speaks another wire.</summary>
internal static class EmbeddingReader
{
    private static readonly RequestReader.Scan Scan = ToCall;
    private static readonly Func<OriginalBody, IReadOnlyDictionary<Capabilities, NeededField>> FindFields = Fields;

    /// <summary>False: <paramref name="failure"/> says what is wrong, and where.</summary>
    public static bool TryRead(ReadOnlyMemory<byte> json, out ChatCall call, out Failure failure) => RequestReader.TryRead(json, Scan, out call, out failure);

    private static ChatCall ToCall(ReadOnlyMemory<byte> json, ref Utf8JsonReader reader)
    {
        var scan = new EmbeddingBodyScan(default);
        scan.Read(ref reader);
        return new ChatCall(static () => throw new InvalidOperationException("A call for embeddings has no messages."))
        {
            Api = CallerApi.Embeddings,
            Feature = scan.Model.Name,
            Stream = false,
            Needs = scan.Needs,
            AffinityKey = scan.Key,
            Original = new OriginalBody(json, scan.Model.Place, null, scan.FirstMember),
            Fields = FindFields,
            ParseEmbedding = () => Parse(json),
        };
    }

    private static IReadOnlyDictionary<Capabilities, NeededField> Fields(OriginalBody body)
    {
        var reader = RequestReader.Start(body.Json.Span);
        var scan = new EmbeddingBodyScan(Json.Needs.Recording());
        scan.Read(ref reader);
        return scan.Fields;
    }

    private static EmbeddingRequest Parse(ReadOnlyMemory<byte> json)
    {
        using var document = JsonDocument.Parse(json);
        var root = document.RootElement;
        var input = root.GetProperty("input"u8);
        ImmutableArray<string> texts = input.ValueKind == JsonValueKind.String
            ? [input.GetString()!] // A string has a value.
            : [.. input.EnumerateArray().Select(t => t.GetString()!)]; // Checked by the reader; tokens never leave their own wire.
        return new EmbeddingRequest(texts, ChatRequestParser.Find(root, "dimensions")?.GetInt32())
        {
            AsBase64 = ChatRequestParser.Text(root, "encoding_format") == "base64",
        };
    }
}
