using System.Text.Json;
using Routing.Core.Llm;
using Routing.Edge.Json;

namespace Routing.Edge.OpenAI;

/// <summary>The members of a call for embeddings, checked as they come by.</summary>
internal struct EmbeddingBodyScan(Needs needs)
{
    // OpenAI's own limits.
    private const int MostInputs = 2048;
    private const int MostTokens = 300_000;
    private const int MostDimensions = 100_000;
    private const int LongestId = 1024;

    private MemberNames _seen = default;
    private Needs _needs = needs;
    private bool _hasInput;
    private CallKey _key;

    public ModelName Model { get; private set; }
    public int FirstMember { get; private set; }
    public readonly ulong Key => _key.Value;
    public readonly Capabilities Needs => Capabilities.Embeddings | _needs.All;
    public readonly IReadOnlyDictionary<Capabilities, NeededField> Fields => _needs.Fields;

    public void Read(ref Utf8JsonReader json)
    {
        FirstMember = RequestReader.Open(ref json);
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            var name = _seen.Take(ref json, At.Root);
            if (!json.Read()) break;
            Member(name, ref json);
        }

        RequestReader.Close(ref json);
        if (Model.Name is null) throw RequestFault.Missing("model");
        if (!_hasInput) throw RequestFault.Missing("input");
    }

    private void Member(string name, ref Utf8JsonReader json)
    {
        switch (name)
        {
            case "model": Model = ModelName.Read(ref json); return;
            case "input":
                Input(ref json);
                _hasInput = true;
                return;
            case "dimensions":
                if (JsonValue.Whole(ref json, At.Root, name, 1, MostDimensions) is not null) _needs.Add(Capabilities.Dimensions, At.Root, name);
                return;
            case "encoding_format":
                if (JsonValue.Text(ref json, At.Root, name) && !json.ValueTextEquals("float"u8) && !json.ValueTextEquals("base64"u8))
                {
                    throw RequestFault.Value(name, "must be float or base64.");
                }

                return;
            case "user":
                if (JsonValue.Text(ref json, At.Root, name, LongestId)) _needs.Add(Capabilities.EndUser, At.Root, name);
                _key.Take(name, ref json);
                return;
            default: UnknownMember.Skip(ref json, At.Root, name, ref _needs); return;
        }
    }

    private void Input(ref Utf8JsonReader json)
    {
        if (json.TokenType == JsonTokenType.String)
        {
            CheckText(ref json, At.Root, "input");
            return;
        }

        if (json.TokenType != JsonTokenType.StartArray) throw JsonValue.Wrong(ref json, At.Root, "input", "a string or an array");
        var (count, kind) = (0, JsonTokenType.None);
        while (json.Read() && json.TokenType != JsonTokenType.EndArray)
        {
            if (kind == JsonTokenType.None) kind = json.TokenType;
            var most = kind == JsonTokenType.Number ? MostTokens : MostInputs;
            if (count == most) throw RequestFault.TooMany("input", count + 1, most);
            Item(ref json, kind, count++);
        }

        if (count == 0) throw RequestFault.Empty("input");
        if (kind != JsonTokenType.String) _needs.Add(Capabilities.SameWireFields, At.Root, "input"); // Tokens mean something to one maker's models only.
    }

    private static void Item(ref Utf8JsonReader json, JsonTokenType kind, int index)
    {
        var at = At.Item("input", index);
        if (json.TokenType != kind) throw JsonValue.Wrong(ref json, at, "", "of the same type as the elements before it");
        switch (kind)
        {
            case JsonTokenType.String: CheckText(ref json, at, ""); return;
            case JsonTokenType.Number: JsonValue.Whole(ref json, at, "", 0, int.MaxValue); return;
            case JsonTokenType.StartArray:
                var tokens = 0;
                for (; JsonValue.NextItem(ref json, at, "", tokens, MostTokens); tokens++) CheckToken(ref json, at);
                if (tokens == 0) throw RequestFault.Empty(at.ToString());
                return;
            default: throw JsonValue.Wrong(ref json, at, "", "a string");
        }
    }

    private static void CheckToken(ref Utf8JsonReader json, in At at)
    {
        if (json.TokenType != JsonTokenType.Number) throw JsonValue.Wrong(ref json, at, "", "an array of tokens");
        JsonValue.Whole(ref json, at, "", 0, int.MaxValue);
    }

    private static void CheckText(ref Utf8JsonReader json, in At at, string member)
    {
        if (json.ValueSpan.IsEmpty) throw RequestFault.Value(at.Of(member), "is an empty text, which has no embedding.");
    }
}
