using System.Text.Json;
using Routing.Core.Llm;
using Routing.Edge.Json;

namespace Routing.Edge.OpenAI;

/// <summary>Checks <c>tools</c> and <c>tool_choice</c>, which may come in any order.</summary>
internal ref struct ToolScan(ReadOnlySpan<byte> document)
{
    // OpenAI's own limit, in 2026 as before.
    private const int MostTools = 128;

    private readonly ReadOnlySpan<byte> _document = document;
    private TextPlaces _names = default;
    private Capabilities _choice = Capabilities.None;
    private (int Start, int End)? _chosen = null;

    public bool Any { get; private set; } = false;

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
        if (_chosen is { } chosen)
        {
            var name = RequestReader.Start(_document[chosen.Start..chosen.End]);
            name.Read();
            if (!_names.Has(_document, ref name)) throw RequestFault.Value("tool_choice.function.name", "names none of the 'tools'.");
        }

        if (Any && _choice != Capabilities.None) needs.Add(_choice, At.Root, "tool_choice");
    }

    private void ReadTool(ref Utf8JsonReader json, in At at, ref Needs needs)
    {
        JsonValue.BeginObject(ref json, at);
        bool hasType = false, isFunction = false, hasFunction = false;
        var seen = new MemberNames();
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            var name = seen.Take(ref json, at);
            json.Read();
            switch (name)
            {
                case "type":
                    JsonValue.String(ref json, at, name);
                    hasType = true;
                    isFunction = json.ValueTextEquals("function"u8);
                    if (!isFunction) needs.AddValue(Capabilities.SameWireFields, at, name, ref json);
                    break;
                case "function":
                    ReadFunction(ref json, at.In("function"), ref needs);
                    hasFunction = true;
                    break;
                case "cache_control": CacheControlScan.Read(ref json, at, ref needs); break;
                default: UnknownMember.Skip(ref json, at, name, ref needs); break;
            }
        }

        if (!hasType) throw RequestFault.Missing(at.Of("type"));
        if (isFunction && !hasFunction) throw RequestFault.Missing(at.Of("function"));
    }

    private void ReadFunction(ref Utf8JsonReader json, in At at, ref Needs needs)
    {
        JsonValue.BeginObject(ref json, at);
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
                    if (_names.Has(_document, ref json)) throw RequestFault.Value(at.Of(name), "is the name of an earlier tool already.");
                    _names.Add(ref json);
                    hasName = true;
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

    // {"type":"function","function":{"name":…}}; newer kinds of choice are the provider's own matter.
    private void ReadNamed(ref Utf8JsonReader json, ref Needs needs)
    {
        var at = At.Root.In("tool_choice");
        bool hasType = false, isFunction = false;
        var seen = new MemberNames();
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            var name = seen.Take(ref json, at);
            json.Read();
            switch (name)
            {
                case "type":
                    JsonValue.String(ref json, at, name);
                    hasType = true;
                    isFunction = json.ValueTextEquals("function"u8);
                    if (!isFunction) needs.AddValue(Capabilities.SameWireFields, at, name, ref json);
                    break;
                case "function": ReadChosen(ref json, At.Root.In("tool_choice.function")); break;
                default: UnknownMember.Skip(ref json, at, name, ref needs); break;
            }
        }

        if (!hasType) throw RequestFault.Missing(at.Of("type"));
        if (!isFunction)
        {
            _chosen = null;
            return;
        }

        if (_chosen is null) throw RequestFault.Missing("tool_choice.function.name");
        _choice = Capabilities.ToolChoiceForced;
    }

    private void ReadChosen(ref Utf8JsonReader json, in At at)
    {
        JsonValue.BeginObject(ref json, at);
        var seen = new MemberNames();
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            var name = seen.Take(ref json, at);
            json.Read();
            if (name == "name")
            {
                JsonValue.Name(ref json, at, name);
                _chosen = ((int)json.TokenStartIndex, (int)json.BytesConsumed);
            }
            else
            {
                throw RequestFault.Unsupported(at.Of(name), "is not known; there is name.");
            }
        }
    }
}
