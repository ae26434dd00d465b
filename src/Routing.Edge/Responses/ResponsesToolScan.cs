using System.Text.Json;
using Routing.Core.Llm;
using Routing.Edge.Json;
using Routing.Edge.OpenAI;

namespace Routing.Edge.Responses;

/// <summary>Checks <c>tools</c> and <c>tool_choice</c>, which may come in any order. Tools that OpenAI runs itself need an endpoint of its wire.</summary>
internal struct ResponsesToolScan()
{
    private const int MostTools = 128;

    private HashSet<string>? _names;
    private string? _chosen;
    private Capabilities _choice;

    public bool Any { get; private set; }

    public void Read(ref Utf8JsonReader json, ref Needs needs)
    {
        if (!JsonValue.TryBeginArray(ref json, At.Root, "tools")) return;
        var count = 0;
        for (; JsonValue.NextItem(ref json, At.Root, "tools", count, MostTools); count++) ReadTool(ref json, At.Item("tools", count), ref needs);
        Any = count > 0;
        if (Any) needs.Add(Capabilities.Tools, At.Root, "tools");
    }

    public void ReadChoice(ref Utf8JsonReader json, ref Needs needs)
    {
        if (json.TokenType == JsonTokenType.Null) return;
        if (json.TokenType == JsonTokenType.StartObject)
        {
            ReadNamed(ref json, ref needs);
            return;
        }

        if (json.TokenType != JsonTokenType.String) throw JsonValue.Wrong(ref json, At.Root, "tool_choice", "a string or an object");
        if (json.ValueTextEquals("auto"u8)) return;
        if (json.ValueTextEquals("none"u8)) _choice = Capabilities.ToolChoiceNone;
        else if (json.ValueTextEquals("required"u8)) _choice = Capabilities.ToolChoiceForced;
        else throw RequestFault.Value("tool_choice", "must be none, auto, required or an object that names a tool.");
    }

    /// <summary>What can only be said when both have been seen.</summary>
    public readonly void End(ref Needs needs)
    {
        if (!Any && _choice == Capabilities.ToolChoiceForced) throw RequestFault.Value("tool_choice", "is only allowed when 'tools' are given.");
        if (_chosen is not null && _names?.Contains(_chosen) != true) throw RequestFault.Value("tool_choice.name", "names none of the 'tools'.");
        if (Any && _choice != Capabilities.None) needs.Add(_choice, At.Root, "tool_choice");
    }

    private void ReadTool(ref Utf8JsonReader json, in At at, ref Needs needs)
    {
        JsonValue.BeginObject(ref json, at);
        if (ItemType.Peek(json, at) != ItemType.Function)
        {
            needs.AddType(Capabilities.SameWireFields, at, json);
            json.Skip();
            return;
        }

        var hasName = false;
        var seen = new MemberNames();
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            var name = seen.Take(ref json, at);
            json.Read();
            switch (name)
            {
                case "type": break;
                case "name":
                    JsonValue.Name(ref json, at, name);
                    hasName = true;
                    if (!(_names ??= new HashSet<string>(StringComparer.Ordinal)).Add(json.GetString()!)) // A name is a string.
                    {
                        throw RequestFault.Value(at.Of(name), "is the name of an earlier tool already.");
                    }

                    break;
                case "description": JsonValue.Text(ref json, at, name); break;
                case "parameters": JsonValue.Object(ref json, at, name); break;
                case "strict":
                    if (JsonValue.Bool(ref json, at, name) == true) needs.Add(Capabilities.StrictTools, at, name);
                    break;
                default: UnknownMember.Skip(ref json, at, name, ref needs); break;
            }
        }

        if (!hasName) throw RequestFault.Missing(at.Of("name"));
    }

    // {"type":"function","name":…}; other kinds of choice are about OpenAI's own tools.
    private void ReadNamed(ref Utf8JsonReader json, ref Needs needs)
    {
        var at = At.Root.In("tool_choice");
        if (ItemType.Peek(json, at) != ItemType.Function)
        {
            needs.AddType(Capabilities.SameWireFields, at, json);
            json.Skip();
            return;
        }

        var seen = new MemberNames();
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            var name = seen.Take(ref json, at);
            json.Read();
            switch (name)
            {
                case "type": break;
                case "name":
                    JsonValue.Name(ref json, at, name);
                    _chosen = json.GetString();
                    break;
                default: UnknownMember.Skip(ref json, at, name, ref needs); break;
            }
        }

        if (_chosen is null) throw RequestFault.Missing("tool_choice.name");
        _choice = Capabilities.ToolChoiceForced;
    }
}
