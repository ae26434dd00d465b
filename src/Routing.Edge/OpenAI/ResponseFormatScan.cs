using System.Text.Json;
using Routing.Core.Llm;

namespace Routing.Edge.OpenAI;

/// <summary>Checks <c>response_format</c> and says what it needs.</summary>
internal static class ResponseFormatScan
{
    private const string Param = "response_format";

    public static Capabilities Read(ref Utf8JsonReader json)
    {
        if (json.TokenType == JsonTokenType.Null) return Capabilities.None;
        if (json.TokenType != JsonTokenType.StartObject) throw RequestFault.Type(Param, "an object", JsonValue.Word(json.TokenType));
        Capabilities? needs = null;
        var seen = new MemberNames();
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            var name = seen.Take(ref json, new At(Inside: Param));
            json.Read();
            if (name == "type") needs = Kind(ref json);
            else json.Skip();
        }

        return needs ?? throw RequestFault.Missing(Param + ".type");
    }

    private static Capabilities Kind(ref Utf8JsonReader json)
    {
        if (json.TokenType != JsonTokenType.String) throw RequestFault.Type(Param + ".type", "a string", JsonValue.Word(json.TokenType));
        if (json.ValueTextEquals("text"u8)) return Capabilities.None;
        if (json.ValueTextEquals("json_object"u8)) return Capabilities.JsonObject;
        return json.ValueTextEquals("json_schema"u8) ? Capabilities.JsonSchema
            : throw RequestFault.Value(Param + ".type", "must be one of text, json_object, json_schema.");
    }
}
