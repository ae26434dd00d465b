using System.Text.Json;
using Routing.Core.Llm;
using Routing.Edge.Json;
using Routing.Edge.OpenAI;

namespace Routing.Edge.Responses;

/// <summary>Checks <c>input</c> and says what it needs: a text, or the items of a conversation. Kinds nobody knows need an endpoint of the caller's own wire.</summary>
internal struct InputScan()
{
    // A thread of ten thousand items is beyond any context window.
    private const int MostItems = 10_000;
    private const int LongestId = 1024;

    private HashSet<string>? _calls;
    private bool _endsWithAssistant;
    private bool _hasTurn;

    public void Read(ref Utf8JsonReader json, ref Needs needs)
    {
        if (json.TokenType == JsonTokenType.String)
        {
            if (json.ValueSpan.IsEmpty) needs.Add(Capabilities.EmptyTurns, At.Root, "input", "empty");
            return;
        }

        if (json.TokenType != JsonTokenType.StartArray) throw JsonValue.Wrong(ref json, At.Root, "input", "a string or an array of items");
        var count = 0;
        for (; JsonValue.NextItem(ref json, At.Root, "input", count, MostItems); count++) Item(ref json, At.Item("input", count), ref needs);
        if (count == 0) throw RequestFault.Empty("input");
        if (!_hasTurn) needs.Add(Capabilities.EmptyTurns, At.Root, "input", "nothing in it but system text");
        if (_endsWithAssistant) needs.Add(Capabilities.AssistantPrefill, At.Item("input", count - 1));
    }

    private void Item(ref Utf8JsonReader json, in At at, ref Needs needs)
    {
        JsonValue.BeginObject(ref json, at);
        _endsWithAssistant = false;
        var type = ItemType.Peek(json, at, unsaid: ItemType.Message);
        _hasTurn |= type != ItemType.Message;
        switch (type)
        {
            case ItemType.Message: Message(ref json, at, ref needs); break;
            case ItemType.FunctionCall: Call(ref json, at, ref needs); break;
            case ItemType.FunctionCallOutput: Result(ref json, at, ref needs); break;
            case ItemType.Reasoning: ReasoningItemScan.Read(ref json, at, ref needs); break;
            case ItemType.Reference: throw RequestFault.Incapable(at.ToString(), "refers to an item stored earlier, and nothing is stored behind this API. Send the item itself.");
            default:
                needs.AddType(Capabilities.SameWireFields, at, json);
                json.Skip();
                break;
        }
    }

    private void Message(ref Utf8JsonReader json, in At at, ref Needs needs)
    {
        ChatRole? role = null;
        var (hasContent, kinds, firstOther) = (false, PartKinds.None, -1);
        var seen = new MemberNames();
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            var name = seen.Take(ref json, at);
            json.Read();
            switch (name)
            {
                case "role": role = Role(ref json, at); break;
                case "content":
                    kinds = InputPartScan.ReadAll(ref json, at, name, out firstOther, ref needs);
                    hasContent = true;
                    break;
                default: Common(name, ref json, at, ref needs); break;
            }
        }

        if (role is null) throw RequestFault.Missing(at.Of("role"));
        if (!hasContent) throw RequestFault.Missing(at.Of("content"));
        if (role != ChatRole.User && (kinds & (PartKinds.Image | PartKinds.File | PartKinds.Audio)) != PartKinds.None)
        {
            throw RequestFault.Value(at.Then("content", firstOther).Of("type"), "is not allowed in a message of this role.");
        }

        if (role == ChatRole.System) needs.Add(Capabilities.SystemPrompt, at);
        var isEmpty = (kinds & ~PartKinds.EmptyText) == PartKinds.None;
        if (isEmpty && role == ChatRole.User) needs.Add(Capabilities.EmptyTurns, at, "content", "empty");
        _hasTurn |= role != ChatRole.System && !isEmpty;
        _endsWithAssistant = role == ChatRole.Assistant;
    }

    private static ChatRole Role(ref Utf8JsonReader json, in At at)
    {
        JsonValue.String(ref json, at, "role");
        if (json.ValueTextEquals("user"u8)) return ChatRole.User;
        if (json.ValueTextEquals("assistant"u8)) return ChatRole.Assistant;
        return json.ValueTextEquals("system"u8) || json.ValueTextEquals("developer"u8) ? ChatRole.System
            : throw RequestFault.Value(at.Of("role"), "must be one of system, developer, user, assistant.");
    }

    private void Call(ref Utf8JsonReader json, in At at, ref Needs needs)
    {
        string? id = null;
        bool hasName = false, hasArguments = false;
        var seen = new MemberNames();
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            var name = seen.Take(ref json, at);
            json.Read();
            switch (name)
            {
                case "call_id": id = CallId(ref json, at); break;
                case "name":
                    JsonValue.Name(ref json, at, name);
                    hasName = true;
                    break;
                case "arguments":
                    JsonValue.String(ref json, at, name);
                    if (!JsonObjectText.Check(ref json)) throw RequestFault.Value(at.Of(name), "must be the text of a JSON object.");
                    hasArguments = true;
                    break;
                case "parsed_arguments": json.Skip(); break; // OpenAI's JavaScript client leaves its own reading of them in what it hands back.
                default: Common(name, ref json, at, ref needs); break;
            }
        }

        if (id is null) throw RequestFault.Missing(at.Of("call_id"));
        if (!hasName) throw RequestFault.Missing(at.Of("name"));
        if (!hasArguments) throw RequestFault.Missing(at.Of("arguments"));
        (_calls ??= new HashSet<string>(StringComparer.Ordinal)).Add(id);
        needs.Add(Capabilities.Tools, at);
    }

    private readonly void Result(ref Utf8JsonReader json, in At at, ref Needs needs)
    {
        string? id = null;
        var (hasOutput, kinds, firstOther) = (false, PartKinds.None, -1);
        var seen = new MemberNames();
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            var name = seen.Take(ref json, at);
            json.Read();
            switch (name)
            {
                case "call_id": id = CallId(ref json, at); break;
                case "output":
                    kinds = InputPartScan.ReadAll(ref json, at, name, out firstOther, ref needs);
                    hasOutput = true;
                    break;
                default: Common(name, ref json, at, ref needs); break;
            }
        }

        if (id is null) throw RequestFault.Missing(at.Of("call_id"));
        if (!hasOutput) throw RequestFault.Missing(at.Of("output"));
        if (_calls?.Contains(id) != true) throw RequestFault.Value(at.Of("call_id"), "answers no function_call of an earlier item.");
        needs.Add(Capabilities.Tools, at);
        if ((kinds & PartKinds.Image) != PartKinds.None) needs.Add(Capabilities.ToolResultImages, at, "output");
        if ((kinds & (PartKinds.File | PartKinds.Audio)) != PartKinds.None) needs.Add(Capabilities.SameWireFields, at.Then("output", firstOther), "type");
    }

    private static string CallId(ref Utf8JsonReader json, in At at)
    {
        JsonValue.String(ref json, at, "call_id");
        JsonValue.Text(ref json, at, "call_id", CallScan.LongestId);
        return json.ValueSpan.IsEmpty ? throw RequestFault.Value(at.Of("call_id"), "is empty.") : json.GetString()!; // A string has a value.
    }

    /// <summary>What every item of an answer has when it is handed back: it says nothing to a model.</summary>
    public static void Common(string name, ref Utf8JsonReader json, in At at, ref Needs needs)
    {
        if (name == "type") return;
        if (name is "id" or "status") JsonValue.Text(ref json, at, name, LongestId);
        else UnknownMember.Skip(ref json, at, name, ref needs);
    }
}
