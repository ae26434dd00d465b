using System.Text.Json;
using Routing.Core.Llm;
using Routing.Edge.Json;

namespace Routing.Edge.Anthropic;

/// <summary>
/// One pass over the body of a message request: what routing needs, the place a same-wire hop rewrites, what the request needs of a model.
/// Nothing is built; the canonical request is made only if a candidate speaks another wire.
/// </summary>
internal static class MessagesReader
{
    private static readonly RequestReader.Scan Message = ToCall;
    private static readonly RequestReader.Scan Count = ToCount;
    private static readonly Func<OriginalBody, IReadOnlyDictionary<Capabilities, NeededField>> FieldsOfMessage = body => Fields(body, isCount: false);
    private static readonly Func<OriginalBody, IReadOnlyDictionary<Capabilities, NeededField>> FieldsOfCount = body => Fields(body, isCount: true);

    /// <summary>False: <paramref name="failure"/> says what is wrong, and where.</summary>
    public static bool TryRead(ReadOnlyMemory<byte> json, out ChatCall call, out Failure failure) => RequestReader.TryRead(json, Message, out call, out failure);

    /// <summary>The same for the count of a request's tokens, which has no limit of output and is never streamed.</summary>
    public static bool TryReadCount(ReadOnlyMemory<byte> json, out ChatCall call, out Failure failure) => RequestReader.TryRead(json, Count, out call, out failure);

    private static ChatCall ToCall(ReadOnlyMemory<byte> json, ref Utf8JsonReader reader)
    {
        var scan = new MessagesBodyScan(isCount: false, default);
        scan.Read(ref reader);
        return new ChatCall(() => MessagesParser.Parse(json))
        {
            Api = CallerApi.Messages,
            Feature = scan.Model.Name, // Read() has thrown when it is missing.
            Stream = scan.Stream,
            IncludeUsage = true,
            Needs = scan.Needs,
            MaxOutputTokens = scan.MaxOutputTokens,
            AffinityKey = scan.Key,
            Original = new OriginalBody(json, scan.Model.Place, null, scan.FirstMember) { Rewrites = scan.Rewrites },
            Fields = FieldsOfMessage,
        };
    }

    private static ChatCall ToCount(ReadOnlyMemory<byte> json, ref Utf8JsonReader reader)
    {
        var scan = new MessagesBodyScan(isCount: true, default);
        scan.Read(ref reader);
        return new ChatCall(() => MessagesParser.Parse(json))
        {
            Api = CallerApi.CountTokens,
            Feature = scan.Model.Name, // Read() has thrown when it is missing.
            Stream = false,
            Needs = scan.Needs | Capabilities.TokenCounting,
            Original = new OriginalBody(json, scan.Model.Place, null, scan.FirstMember) { Rewrites = scan.Rewrites },
            Fields = FieldsOfCount,
        };
    }

    /// <summary>A second pass over a body that was accepted, for the names of its fields.</summary>
    private static IReadOnlyDictionary<Capabilities, NeededField> Fields(OriginalBody body, bool isCount)
    {
        var reader = RequestReader.Start(body.Json.Span);
        var scan = new MessagesBodyScan(isCount, Json.Needs.Recording());
        scan.Read(ref reader);
        return scan.Fields;
    }
}
