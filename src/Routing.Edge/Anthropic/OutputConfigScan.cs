using System.Text.Json;
using Routing.Core.Llm;
using Routing.Edge.Json;
using Routing.Edge.OpenAI;

namespace Routing.Edge.Anthropic;

/// <summary>Checks <c>output_config</c>: the effort, and the schema of the answer.</summary>
internal static class OutputConfigScan
{
    public static void Read(ref Utf8JsonReader json, ref Needs needs)
    {
        var at = At.Root.In("output_config");
        if (!JsonValue.TryBeginObject(ref json, at)) return;
        var seen = new MemberNames();
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            var name = seen.Take(ref json, at);
            json.Read();
            switch (name)
            {
                case "effort": EffortWords.Anthropic.Read(ref json, at, name, ref needs); break;
                case "format": ReadFormat(ref json, ref needs); break;
                default: UnknownMember.Skip(ref json, at, name, ref needs); break;
            }
        }
    }

    private static void ReadFormat(ref Utf8JsonReader json, ref Needs needs)
    {
        var at = At.Root.In("output_config.format");
        if (!JsonValue.TryBeginObject(ref json, at)) return;
        bool isSchema = false, hasSchema = false;
        var seen = new MemberNames();
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            var name = seen.Take(ref json, at);
            json.Read();
            switch (name)
            {
                case "type":
                    JsonValue.String(ref json, at, name);
                    isSchema = json.ValueTextEquals("json_schema"u8);
                    break;
                case "schema":
                    JsonValue.BeginObject(ref json, at, name);
                    json.Skip();
                    hasSchema = true;
                    break;
                default: UnknownMember.Skip(ref json, at, name, ref needs); break;
            }
        }

        if (!isSchema) throw RequestFault.Value(at.Of("type"), "must be json_schema.");
        if (!hasSchema) throw RequestFault.Missing(at.Of("schema"));
        needs.Add(Capabilities.JsonSchema, at);
    }
}
