using System.Text.Json;
using Routing.Core.Llm;
using Routing.Edge.Json;

namespace Routing.Edge.OpenAI;

/// <summary>
/// One pass over the body of a chat completion: what routing needs, the places a same-wire hop rewrites, what the request needs of a model.
/// Nothing is built; the canonical request is made only if a candidate speaks another wire.
/// </summary>
internal static class ChatCompletionReader
{
    private static readonly RequestReader.Scan Scan = ToCall;
    private static readonly Func<OriginalBody, IReadOnlyDictionary<Capabilities, NeededField>> FindFields = Fields;

    /// <summary>False: <paramref name="failure"/> says what is wrong, and where.</summary>
    public static bool TryRead(ReadOnlyMemory<byte> json, out ChatCall call, out Failure failure) => RequestReader.TryRead(json, Scan, out call, out failure);

    private static ChatCall ToCall(ReadOnlyMemory<byte> json, ref Utf8JsonReader reader)
    {
        var scan = new ChatBodyScan(json.Span, default);
        scan.Read(ref reader);
        return new ChatCall(() => ChatRequestParser.Parse(json))
        {
            Feature = scan.Model.Name, // Read() has thrown when it is missing.
            Stream = scan.Stream,
            IncludeUsage = scan.IncludeUsage,
            Needs = scan.Needs,
            MaxOutputTokens = scan.MaxOutputTokens,
            Choices = scan.Choices,
            AffinityKey = scan.Key,
            LimitName = scan.LimitName,
            Original = new OriginalBody(json, scan.Model.Place, scan.StreamOptionsRange, scan.FirstMember) { Obfuscation = scan.Obfuscation, Rewrites = scan.Rewrites },
            Fields = FindFields,
        };
    }

    /// <summary>A second pass over a body that was accepted, for the names of its fields.</summary>
    private static IReadOnlyDictionary<Capabilities, NeededField> Fields(OriginalBody body)
    {
        var reader = RequestReader.Start(body.Json.Span);
        var scan = new ChatBodyScan(body.Json.Span, Json.Needs.Recording());
        scan.Read(ref reader);
        return scan.Fields;
    }
}
