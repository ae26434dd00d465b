using System.Text.Json;
using Routing.Core.Llm;
using Routing.Core.Providers;
using Routing.Edge.Json;
using Routing.Edge.OpenAI;

namespace Routing.Edge.Anthropic;

/// <summary>Checks content blocks and says what they need. A block nobody knows needs an endpoint of Anthropic's own wire.</summary>
internal static class BlockScan
{
    private const int MostBlocks = 100_000;

    // Members of other blocks may have these names and hold something else: an address as the source of a search result, for example.
    private static readonly string[] Known = ["text", "image", "document", "tool_use", "tool_result", "thinking", "redacted_thinking"];

    public static void ReadSystem(ref Utf8JsonReader json, ref Needs needs)
    {
        if (json.TokenType == JsonTokenType.Null) return;
        needs.Add(Capabilities.SystemPrompt, At.Root, "system");
        Read(ref json, At.Root, "system", null, ref needs);
    }

    /// <summary>False when there is nothing in it.</summary>
    public static bool ReadContent(ref Utf8JsonReader json, in At message, HashSet<string> calls, ref Needs needs) =>
        Read(ref json, message, "content", calls, ref needs);

    private static bool Read(ref Utf8JsonReader json, in At at, string member, HashSet<string>? calls, ref Needs needs)
    {
        if (json.TokenType == JsonTokenType.String) return !json.ValueSpan.IsEmpty;
        if (json.TokenType != JsonTokenType.StartArray) throw JsonValue.Wrong(ref json, at, member, "a string or an array of blocks");
        var any = false;
        for (var count = 0; JsonValue.NextItem(ref json, at, member, count, MostBlocks); count++)
        {
            any |= ReadBlock(ref json, at == At.Root ? At.Item(member, count) : at.Then(member, count), calls, ref needs);
        }

        return any;
    }

    /// <summary>False when it is an empty text. What the members of a block may hold depends on its type, which may stand behind them.</summary>
    private static bool ReadBlock(ref Utf8JsonReader json, in At at, HashSet<string>? calls, ref Needs needs)
    {
        JsonValue.BeginObject(ref json, at);
        var type = Type(json, at);
        if (!Known.AsSpan().Contains(type))
        {
            needs.AddType(Capabilities.SameWireFields, at, json);
            json.Skip();
            return true;
        }

        string? id = null, result = null;
        bool hasText = false, isEmpty = false, hasSource = false, hasInput = false, hasName = false, hasThinking = false, hasSignature = false, hasData = false, isError = false, mayBeClaudes = false;
        var inside = Capabilities.None;
        var seen = new MemberNames();
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            var name = seen.Take(ref json, at);
            json.Read();
            switch (name)
            {
                case "type": break;
                case "text":
                    hasText = JsonValue.Text(ref json, at, name);
                    isEmpty = json.ValueSpan.IsEmpty;
                    break;
                case "source":
                    inside |= SourceScan.Read(ref json, at.In("source"));
                    hasSource = true;
                    break;
                case "id":
                    JsonValue.String(ref json, at, name);
                    id = json.GetString();
                    break;
                case "name": hasName = JsonValue.Text(ref json, at, name); break;
                case "input":
                    JsonValue.BeginObject(ref json, at, name);
                    json.Skip();
                    hasInput = true;
                    break;
                case "tool_use_id":
                    JsonValue.String(ref json, at, name);
                    result = json.GetString();
                    break;
                case "content": inside |= ReadResult(ref json, at); break;
                case "is_error": isError = JsonValue.Bool(ref json, at, name) == true; break;
                case "thinking": hasThinking = JsonValue.Text(ref json, at, name); break;
                case "signature":
                    hasSignature = JsonValue.Text(ref json, at, name);
                    mayBeClaudes = ReasoningOrigin.MayBeClaudes(json.ValueSpan);
                    break;
                case "data": hasData = JsonValue.Text(ref json, at, name); break;
                case "caller": ReadCaller(ref json, at, ref needs); break;
                case "title": JsonValue.Text(ref json, at, name); break;
                case "cache_control": CacheControlScan.Read(ref json, at, ref needs); break;
                default: UnknownMember.Skip(ref json, at, name, ref needs); break;
            }
        }

        switch (type)
        {
            case "text":
                Require(hasText, at, "text");
                return !isEmpty;
            case "image":
                Require(hasSource, at, "source");
                needs.Add(Capabilities.Vision | inside, at);
                break;
            case "document":
                Require(hasSource, at, "source");
                needs.Add(Capabilities.Documents | (inside == Capabilities.ImageUrls ? Capabilities.SameWireFields : inside), at);
                break;
            case "tool_use":
                Require(id is not null, at, "id");
                Require(hasName, at, "name");
                Require(hasInput, at, "input");
                calls?.Add(id!); // Just required.
                needs.Add(Capabilities.Tools, at);
                break;
            case "tool_result":
                Require(result is not null, at, "tool_use_id");
                if (calls?.Contains(result!) != true) throw RequestFault.Value(at.Of("tool_use_id"), "answers no tool_use block of an earlier message.");
                needs.Add(Capabilities.Tools | inside | (isError ? Capabilities.ToolErrors : Capabilities.None), at);
                break;
            case "thinking":
                Require(hasThinking, at, "thinking");
                Require(hasSignature, at, "signature");
                needs.Add(Capabilities.ReasoningHistory, at);
                if (!mayBeClaudes) needs.Add(Rewrites.ForeignReasoning);
                break;
            case "redacted_thinking":
                Require(hasData, at, "data");
                needs.Add(Capabilities.ReasoningHistory, at);
                break;
        }

        return true;
    }

    private static string Type(Utf8JsonReader json, in At at)
    {
        if (!TypeMember.TryFind(ref json)) throw RequestFault.Missing(at.Of("type"));
        JsonValue.String(ref json, at, "type");
        return json.GetString()!; // A string has a value.
    }

    // Anthropic says of every call who made it: the model itself, unless a tool of Anthropic's own did.
    private static void ReadCaller(ref Utf8JsonReader json, in At block, ref Needs needs)
    {
        var at = block.In("caller");
        if (!JsonValue.TryBeginObject(ref json, at)) return;
        var seen = new MemberNames();
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            var name = seen.Take(ref json, at);
            json.Read();
            if (name != "type" || json.TokenType != JsonTokenType.String || !json.ValueTextEquals("direct"u8)) UnknownMember.Skip(ref json, at, name, ref needs);
        }
    }

    // What a tool gave back: text, or text and images.
    private static Capabilities ReadResult(ref Utf8JsonReader json, in At at)
    {
        if (json.TokenType is JsonTokenType.String or JsonTokenType.Null) return Capabilities.None;
        if (json.TokenType != JsonTokenType.StartArray) throw JsonValue.Wrong(ref json, at, "content", "a string or an array of blocks");
        var needed = Capabilities.None;
        for (var count = 0; JsonValue.NextItem(ref json, at, "content", count, MostBlocks); count++)
        {
            var within = new Needs();
            ReadBlock(ref json, at.In("content"), null, ref within);
            if ((within.All & Capabilities.Vision) != Capabilities.None) needed |= Capabilities.ToolResultImages;
            needed |= within.All;
        }

        return needed;
    }

    private static void Require(bool isThere, in At at, string member)
    {
        if (!isThere) throw RequestFault.Missing(at.Of(member));
    }
}
