using System.Text.Json;
using Routing.Core.Llm;
using Routing.Edge.Json;
using Routing.Edge.OpenAI;

namespace Routing.Edge.Responses;

/// <summary>Checks <c>text</c>: the format of the answer and how wordy it is.</summary>
internal static class TextConfigScan
{
    public static void Read(ref Utf8JsonReader json, ref Needs needs)
    {
        var at = At.Root.In("text");
        if (!JsonValue.TryBeginObject(ref json, at)) return;
        var seen = new MemberNames();
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            var name = seen.Take(ref json, at);
            json.Read();
            switch (name)
            {
                case "format": ReadFormat(ref json, ref needs); break;
                case "verbosity":
                    if (!JsonValue.Text(ref json, at, name)) break;
                    if (!IsVerbosity(ref json)) throw RequestFault.Value(at.Of(name), "must be one of low, medium, high.");
                    needs.Add(Capabilities.Verbosity, at, name);
                    break;
                default: UnknownMember.Skip(ref json, at, name, ref needs); break;
            }
        }
    }

    private static bool IsVerbosity(ref Utf8JsonReader json) =>
        json.ValueTextEquals("low"u8) || json.ValueTextEquals("medium"u8) || json.ValueTextEquals("high"u8);

    private static void ReadFormat(ref Utf8JsonReader json, ref Needs needs)
    {
        var at = At.Root.In("text.format");
        if (!JsonValue.TryBeginObject(ref json, at)) return;
        Capabilities? kind = null;
        bool hasName = false, hasSchema = false;
        var seen = new MemberNames();
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            var name = seen.Take(ref json, at);
            json.Read();
            switch (name)
            {
                case "type": needs.AddValue((kind = Kind(ref json, at)).Value, at, name, ref json); break;
                case "name":
                    JsonValue.Name(ref json, at, name);
                    hasName = true;
                    break;
                case "schema":
                    JsonValue.BeginObject(ref json, at, name);
                    json.Skip();
                    hasSchema = true;
                    break;
                case "description": JsonValue.Text(ref json, at, name); break;
                case "strict": JsonValue.Bool(ref json, at, name); break;
                default: UnknownMember.Skip(ref json, at, name, ref needs); break;
            }
        }

        if (kind is null) throw RequestFault.Missing(at.Of("type"));
        if (kind == Capabilities.JsonSchema && !hasName) throw RequestFault.Missing(at.Of("name"));
        if (kind == Capabilities.JsonSchema && !hasSchema) throw RequestFault.Missing(at.Of("schema"));
    }

    private static Capabilities Kind(ref Utf8JsonReader json, in At at)
    {
        JsonValue.String(ref json, at, "type");
        if (json.ValueTextEquals("text"u8)) return Capabilities.None;
        if (json.ValueTextEquals("json_object"u8)) return Capabilities.JsonObject;
        return json.ValueTextEquals("json_schema"u8) ? Capabilities.JsonSchema
            : throw RequestFault.Value(at.Of("type"), "must be one of text, json_object, json_schema.");
    }
}
