using System.Text.Json;
using Routing.Core.Llm;
using Routing.Edge.Json;
using Routing.Edge.OpenAI;

namespace Routing.Edge.Anthropic;

/// <summary>Checks <c>tools</c> and <c>tool_choice</c>. Tools that Anthropic runs itself need an endpoint of its wire.</summary>
internal struct MessagesToolScan()
{
    // Beyond this the definitions alone fill any model's context.
    private const int MostTools = 10_000;

    private HashSet<string>? _names;
    private string? _chosen;
    private Capabilities _choice;
    private bool _serial;

    public void Read(ref Utf8JsonReader json, ref Needs needs)
    {
        if (!JsonValue.TryBeginArray(ref json, At.Root, "tools")) return;
        var count = 0;
        for (; JsonValue.NextItem(ref json, At.Root, "tools", count, MostTools); count++) ReadTool(ref json, At.Item("tools", count), ref needs);
        if (count > 0) needs.Add(Capabilities.Tools, At.Root, "tools");
    }

    public void ReadChoice(ref Utf8JsonReader json, ref Needs needs)
    {
        var at = At.Root.In("tool_choice");
        if (!JsonValue.TryBeginObject(ref json, at)) return;
        string? type = null;
        var seen = new MemberNames();
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            var name = seen.Take(ref json, at);
            json.Read();
            switch (name)
            {
                case "type":
                    JsonValue.String(ref json, at, name);
                    type = json.GetString();
                    break;
                case "name":
                    JsonValue.String(ref json, at, name);
                    _chosen = json.GetString();
                    break;
                case "disable_parallel_tool_use": _serial = JsonValue.Bool(ref json, at, name) == true; break;
                default: UnknownMember.Skip(ref json, at, name, ref needs); break;
            }
        }

        _choice = type switch
        {
            "auto" => Capabilities.None,
            "any" => Capabilities.ToolChoiceForced,
            "tool" when _chosen is null => throw RequestFault.Missing(at.Of("name")),
            "tool" => Capabilities.ToolChoiceForced,
            "none" => Capabilities.ToolChoiceNone,
            null => throw RequestFault.Missing(at.Of("type")),
            _ => throw RequestFault.Value(at.Of("type"), "must be one of auto, any, tool, none."),
        };
    }

    /// <summary>Tools and choice may come in any order: what they mean together is known at the end.</summary>
    public readonly void End(ref Needs needs)
    {
        if (_chosen is not null && _names?.Contains(_chosen) != true) throw RequestFault.Value("tool_choice.name", "names a tool that is not among the tools.");
        if (_names is null) return;
        if (_choice != Capabilities.None) needs.Add(_choice, At.Root, "tool_choice");
        if (_serial) needs.Add(Capabilities.SerialToolCalls, At.Root, "tool_choice.disable_parallel_tool_use");
    }

    private void ReadTool(ref Utf8JsonReader json, in At at, ref Needs needs)
    {
        JsonValue.BeginObject(ref json, at);
        bool isOwn = true, hasName = false, hasSchema = false;
        var seen = new MemberNames();
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            var name = seen.Take(ref json, at);
            json.Read();
            switch (name)
            {
                case "type":
                    isOwn = !JsonValue.Text(ref json, at, name) || json.ValueTextEquals("custom"u8);
                    if (!isOwn) needs.AddValue(Capabilities.SameWireFields, at, name, ref json);
                    break;
                case "name":
                    JsonValue.Name(ref json, at, name);
                    hasName = true;
                    if (!(_names ??= new HashSet<string>(StringComparer.Ordinal)).Add(json.GetString()!)) // A name is a string.
                    {
                        throw RequestFault.Value(at.Of(name), "is the name of an earlier tool already.");
                    }

                    break;
                case "description": JsonValue.Text(ref json, at, name); break;
                case "input_schema":
                    JsonValue.BeginObject(ref json, at, name);
                    json.Skip();
                    hasSchema = true;
                    break;
                case "strict":
                    if (JsonValue.Bool(ref json, at, name) == true) needs.Add(Capabilities.StrictTools, at, name);
                    break;
                case "cache_control": CacheControlScan.Read(ref json, at, ref needs); break;
                default: UnknownMember.Skip(ref json, at, name, ref needs); break;
            }
        }

        if (!hasName) throw RequestFault.Missing(at.Of("name"));
        if (isOwn && !hasSchema) throw RequestFault.Missing(at.Of("input_schema"));
    }
}
