using System.Text.Json;
using System.Text.Unicode;
using Routing.Core.Llm;

namespace Routing.Edge.OpenAI;

/// <summary>
/// One pass over the body of a chat completion: what routing needs, the places a same-wire hop rewrites, what the request needs of a model.
/// Nothing is built; the canonical request is made only if a candidate speaks another wire.
/// </summary>
internal static class ChatCompletionReader
{
    private const int Depth = 64;

    /// <summary>False: <paramref name="failure"/> says what is wrong, and where.</summary>
    public static bool TryRead(ReadOnlyMemory<byte> json, out ChatCall call, out Failure failure)
    {
        try
        {
            if (!Utf8.IsValid(json.Span)) throw RequestFault.Json("it is not valid UTF-8.");
            if (SurrogateCheck.FindLone(json.Span) >= 0) throw RequestFault.Json("a string holds half of a surrogate pair.");
            var reader = new Utf8JsonReader(json.Span, new JsonReaderOptions { MaxDepth = Depth });
            var scan = new ChatBodyScan();
            scan.Read(ref reader);
            call = ToCall(json, scan);
            failure = null!; // Only read when false is returned.
            return true;
        }
        catch (RequestFault fault)
        {
            failure = fault.ToFailure();
        }
        catch (JsonException e)
        {
            failure = RequestFault.Json($"line {e.LineNumber + 1}, byte {e.BytePositionInLine + 1} cannot be read (at most {Depth} levels, no comments).").ToFailure();
        }

        call = null!; // Only read when true is returned.
        return false;
    }

    private static ChatCall ToCall(ReadOnlyMemory<byte> json, in ChatBodyScan scan) => new(() => ChatRequestParser.Parse(json))
    {
        Feature = scan.Model!, // Read() has thrown when it is missing.
        Stream = scan.Stream,
        IncludeUsage = scan.IncludeUsage,
        Needs = scan.Needs,
        MaxOutputTokens = scan.MaxOutputTokens,
        Original = new OriginalBody(json, scan.ModelRange, scan.StreamOptionsRange, scan.FirstMember),
    };
}
