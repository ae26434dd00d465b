using System.Text.Json;
using Routing.Core.Llm;
using Routing.Edge.Json;

namespace Routing.Edge.OpenAI;

/// <summary>Checks <c>response_format</c> and says what it needs.</summary>
internal static class ResponseFormatScan
{
    private const string Param = "response_format";

    public static void Read(ref Utf8JsonReader json, ref Needs needs)
    {
        if (!JsonValue.TryBeginObject(ref json, At.Root, Param)) return;
        var at = At.Root.In(Param);
        Capabilities? kind = null;
        var hasSchema = false;
        var seen = new MemberNames();
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            var name = seen.Take(ref json, at);
            json.Read();
            if (name == "type") needs.AddValue((kind = Kind(ref json, at)).Value, at, name, ref json);
            else if (name == "json_schema") hasSchema = Schema(ref json);
            else UnknownMember.Skip(ref json, at, name, ref needs);
        }

        if (kind is null) throw RequestFault.Missing(at.Of("type"));
        if (kind == Capabilities.JsonSchema && !hasSchema) throw RequestFault.Missing(at.Of("json_schema"));
    }

    private static Capabilities Kind(ref Utf8JsonReader json, in At at)
    {
        JsonValue.String(ref json, at, "type");
        if (json.ValueTextEquals("text"u8)) return Capabilities.None;
        if (json.ValueTextEquals("json_object"u8)) return Capabilities.JsonObject;
        return json.ValueTextEquals("json_schema"u8) ? Capabilities.JsonSchema
            : throw RequestFault.Value(at.Of("type"), "must be one of text, json_object, json_schema.");
    }

    private static bool Schema(ref Utf8JsonReader json)
    {
        var at = At.Root.In("response_format.json_schema");
        if (!JsonValue.TryBeginObject(ref json, at)) return false;
        var hasName = false;
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
                case "description": JsonValue.Text(ref json, at, name); break;
                case "schema": JsonValue.Object(ref json, at, name); break;
                case "strict": JsonValue.Bool(ref json, at, name); break;
                default: throw RequestFault.Unsupported(at.Of(name), "is not known; there are name, description, schema and strict.");
            }
        }

        return hasName ? true : throw RequestFault.Missing(at.Of("name"));
    }
}
