using System.Text.Json;
using System.Text.Unicode;
using Routing.Core.Llm;

namespace Routing.Edge.Json;

/// <summary>What reading a body has in common for every API: whatever is wrong with it becomes a failure that says where.</summary>
internal static class RequestReader
{
    public const int Depth = 64;

    /// <exception cref="RequestFault">Something is wrong with the request.</exception>
    public delegate ChatCall Scan(ReadOnlyMemory<byte> json, ref Utf8JsonReader reader);

    /// <summary>False: <paramref name="failure"/> says what is wrong, and where.</summary>
    public static bool TryRead(ReadOnlyMemory<byte> json, Scan scan, out ChatCall call, out Failure failure)
    {
        try
        {
            if (json.Span.Trim(" \t\r\n"u8).IsEmpty) throw RequestFault.NoBody();
            if (!Utf8.IsValid(json.Span)) throw RequestFault.Json("it is not valid UTF-8.");
            if (SurrogateCheck.FindLone(json.Span) >= 0) throw RequestFault.Json("a string holds half of a surrogate pair.");
            var reader = Start(json.Span);
            call = scan(json, ref reader);
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

    public static Utf8JsonReader Start(ReadOnlySpan<byte> json) => new(json, new JsonReaderOptions { MaxDepth = Depth });

    /// <summary>Steps into the body's object; the offset behind its opening brace.</summary>
    public static int Open(ref Utf8JsonReader json)
    {
        if (!json.Read() || json.TokenType != JsonTokenType.StartObject) throw RequestFault.Json("it begins with something else than '{'.");
        return (int)json.BytesConsumed;
    }

    public static void Close(ref Utf8JsonReader json)
    {
        if (json.TokenType != JsonTokenType.EndObject || json.Read()) throw RequestFault.Json("something follows its closing brace.");
    }
}
