using System.Text.Json;
using Routing.Core.Llm;
using Routing.Edge.Json;

namespace Routing.Edge.Responses;

/// <summary>
/// One pass over the body of a Responses request: what routing needs, the places a same-wire hop rewrites, what the request needs of a model.
/// Nothing is built; the canonical request is made only if a candidate speaks another wire.
/// </summary>
internal static class ResponsesReader
{
    private static readonly RequestReader.Scan Scan = ToCall;
    private static readonly Func<OriginalBody, IReadOnlyDictionary<Capabilities, NeededField>> FindFields = Fields;

    /// <summary>False: <paramref name="failure"/> says what is wrong, and where.</summary>
    public static bool TryRead(ReadOnlyMemory<byte> json, out ChatCall call, out Failure failure) => RequestReader.TryRead(json, Scan, out call, out failure);

    private static ChatCall ToCall(ReadOnlyMemory<byte> json, ref Utf8JsonReader reader)
    {
        var scan = new ResponsesBodyScan(default);
        scan.Read(ref reader);
        return new ChatCall(() => ResponsesParser.Parse(json))
        {
            Api = CallerApi.Responses,
            Feature = scan.Model.Name, // Read() has thrown when it is missing.
            Stream = scan.Stream,
            IncludeUsage = true,
            Needs = scan.Needs,
            MaxOutputTokens = scan.MaxOutputTokens,
            AffinityKey = scan.Key,
            LimitName = "max_output_tokens",
            Original = new OriginalBody(json, scan.Model.Place, null, scan.FirstMember) { Store = scan.Store, Rewrites = scan.Rewrites },
            Fields = FindFields,
        };
    }

    /// <summary>A second pass over a body that was accepted, for the names of its fields.</summary>
    private static IReadOnlyDictionary<Capabilities, NeededField> Fields(OriginalBody body)
    {
        var reader = RequestReader.Start(body.Json.Span);
        var scan = new ResponsesBodyScan(Json.Needs.Recording());
        scan.Read(ref reader);
        return scan.Fields;
    }
}
