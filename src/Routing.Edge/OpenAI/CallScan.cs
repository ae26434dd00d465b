using System.Text.Json;
using Routing.Core.Llm;
using Routing.Edge.Json;

namespace Routing.Edge.OpenAI;

/// <summary>Checks <c>tool_calls</c> of an assistant's message.</summary>
internal static class CallScan
{
    // OpenAI's own limit.
    private const int MostCalls = 128;
    private const int ShortestLimit = 40; // Of the ids that providers of this wire take.
    internal const int LongestId = 64 * 1024; // Some carry the signature of the reasoning behind the call.

    /// <summary>How many there are; their ids are added to <paramref name="ids"/>.</summary>
    public static int Read(ref Utf8JsonReader json, in At message, ReadOnlySpan<byte> document, ref TextPlaces ids, ref Needs needs)
    {
        if (!JsonValue.TryBeginArray(ref json, message, "tool_calls")) return 0;
        var count = 0;
        for (; JsonValue.NextItem(ref json, message, "tool_calls", count, MostCalls); count++)
        {
            ReadCall(ref json, message.Then("tool_calls", count), document, ref ids, ref needs);
        }

        if (count > 0) needs.Add(Capabilities.Tools, message, "tool_calls");
        return count;
    }

    private static void ReadCall(ref Utf8JsonReader json, in At at, ReadOnlySpan<byte> document, ref TextPlaces ids, ref Needs needs)
    {
        JsonValue.BeginObject(ref json, at);
        bool hasId = false, hasType = false, isFunction = false, hasFunction = false;
        var seen = new MemberNames();
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            var name = seen.Take(ref json, at);
            json.Read();
            switch (name)
            {
                case "id":
                    ReadId(ref json, at, document, ref ids, ref needs);
                    hasId = true;
                    break;
                case "type":
                    JsonValue.String(ref json, at, name);
                    hasType = true;
                    isFunction = json.ValueTextEquals("function"u8);
                    if (!isFunction) needs.Add(Capabilities.SameWireFields, at, name);
                    break;
                case "function":
                    ReadFunction(ref json, at.In("function"), ref needs);
                    hasFunction = true;
                    break;
                case "index": JsonValue.Whole(ref json, at, name, 0, MostCalls); break; // Left over from the chunks of a stream.
                default: UnknownMember.Skip(ref json, at, name, ref needs); break;
            }
        }

        if (!hasId) throw RequestFault.Missing(at.Of("id"));
        if (!hasType) throw RequestFault.Missing(at.Of("type"));
        if (isFunction && !hasFunction) throw RequestFault.Missing(at.Of("function"));
    }

    private static void ReadId(ref Utf8JsonReader json, in At at, ReadOnlySpan<byte> document, ref TextPlaces ids, ref Needs needs)
    {
        JsonValue.String(ref json, at, "id");
        JsonValue.Text(ref json, at, "id", LongestId);
        if (json.ValueSpan.IsEmpty) throw RequestFault.Value(at.Of("id"), "is empty.");
        if (ids.Has(document, ref json)) throw RequestFault.Value(at.Of("id"), "is the id of another call of this message already.");
        ids.Add(ref json);
        if (json.ValueSpan.Length > ShortestLimit) needs.Add(Rewrites.LongCallIds);
    }

    private static void ReadFunction(ref Utf8JsonReader json, in At at, ref Needs needs)
    {
        JsonValue.BeginObject(ref json, at);
        bool hasName = false, hasArguments = false;
        var seen = new MemberNames();
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            var name = seen.Take(ref json, at);
            json.Read();
            switch (name)
            {
                case "name":
                    JsonValue.Name(ref json, at, name);
                    hasName = true;
                    break;
                case "arguments":
                    JsonValue.String(ref json, at, name);
                    if (!JsonObjectText.Check(ref json)) throw RequestFault.Value(at.Of(name), "must be the text of a JSON object.");
                    hasArguments = true;
                    break;
                case "parsed_arguments": UnknownMember.SkipHelper(ref json, ref needs); break;
                default: UnknownMember.Skip(ref json, at, name, ref needs); break;
            }
        }

        if (!hasName) throw RequestFault.Missing(at.Of("name"));
        if (!hasArguments) throw RequestFault.Missing(at.Of("arguments"));
    }
}
