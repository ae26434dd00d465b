using System.Text.Json;
using Routing.Core.Llm;
using Routing.Edge.Json;

namespace Routing.Edge.OpenAI;

/// <summary>Checks <c>messages</c> and says what they need of a model.</summary>
internal ref struct MessageScan(ReadOnlySpan<byte> document)
{
    // A thread of ten thousand messages is beyond any context window.
    private const int MostMessages = 10_000;
    private const int MostParts = 10_000;
    private const int LongestName = 256;

    private readonly ReadOnlySpan<byte> _document = document;
    private TextPlaces _calls = default; // Ids of the tool calls that tool messages may answer now.
    private bool _endsWithAssistant = false;
    private bool _hasTurn = false;

    public void Read(ref Utf8JsonReader json, ref Needs needs)
    {
        if (!JsonValue.TryBeginArray(ref json, At.Root, "messages")) throw JsonValue.Wrong(ref json, At.Root, "messages", "an array");
        var count = 0;
        for (; JsonValue.NextItem(ref json, At.Root, "messages", count, MostMessages); count++) Message(ref json, At.Item("messages", count), ref needs);
        if (count == 0) throw RequestFault.Empty("messages");
        if (!_hasTurn) needs.Add(Capabilities.EmptyTurns, At.Root, "messages", "nothing in them but system text");
        if (_endsWithAssistant) needs.Add(Capabilities.AssistantPrefill, At.Item("messages", count - 1));
    }

    private void Message(ref Utf8JsonReader json, in At at, ref Needs needs)
    {
        JsonValue.BeginObject(ref json, at);
        var message = new Shape();
        var seen = new MemberNames();
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            var name = seen.Take(ref json, at);
            json.Read();
            Member(name, ref json, at, ref message, ref needs);
        }

        if (message.Role is not { } role) throw RequestFault.Missing(at.Of("role"));
        if (!message.HasContent && role != ChatRole.Assistant) throw RequestFault.Missing(at.Of("content"));
        CheckParts(message, role, at);
        CheckTools(message, role, at);
        CheckTurn(message, role, at, ref needs);
        if (message.IsNamed && role != ChatRole.Tool) needs.Add(Capabilities.ParticipantNames, at, "name");
        if (role == ChatRole.System) needs.Add(Capabilities.SystemPrompt, at);
        if (role == ChatRole.Tool) needs.Add(Capabilities.Tools, at);
        if (role == ChatRole.Tool && (message.Parts & PartKinds.Image) != PartKinds.None) needs.Add(Capabilities.ToolResultImages, at, "content");
        _endsWithAssistant = role == ChatRole.Assistant && !message.HasCalls;
    }

    private void Member(string name, ref Utf8JsonReader json, in At at, ref Shape message, ref Needs needs)
    {
        switch (name)
        {
            case "role": message.Role = Role(ref json, at, ref needs); return;
            case "content": Content(ref json, at, ref message, ref needs); return;
            case "name": message.IsNamed = JsonValue.Text(ref json, at, name, LongestName); return;
            case "tool_call_id":
                if (!JsonValue.Text(ref json, at, name, CallScan.LongestId)) return;
                message.HasCallId = true;
                message.AnswersACall = _calls.Has(_document, ref json);
                return;
            case "tool_calls":
                _calls.Clear();
                message.HasCalls = CallScan.Read(ref json, at, _document, ref _calls, ref needs) > 0;
                return;
            case "refusal": message.HasContent |= JsonValue.Text(ref json, at, name); return;
            case "reasoning_content":
            case "reasoning" when json.TokenType is JsonTokenType.String:
                if (!JsonValue.Text(ref json, at, name) || json.ValueSpan.IsEmpty) return;
                needs.Add(Capabilities.ReasoningHistory, at, name);
                needs.Add(Rewrites.Extensions);
                return;
            case "annotations": Annotations(ref json, at, ref needs); return;
            case "thinking_blocks": ThinkingScan.Read(ref json, at, ref needs); return;
            case "audio":
                if (JsonValue.Object(ref json, at, name) > 0) needs.Add(Capabilities.Audio, at, name);
                return;
            case "parsed": UnknownMember.SkipHelper(ref json, ref needs); return;
            default: UnknownMember.Skip(ref json, at, name, ref needs); return;
        }
    }

    // OpenAI puts the member into every answer, mostly empty: only what is in it ties a conversation to its wire.
    private static void Annotations(ref Utf8JsonReader json, in At at, ref Needs needs)
    {
        if (!JsonValue.TryBeginArray(ref json, at, "annotations")) return;
        for (var count = 0; JsonValue.NextItem(ref json, at, "annotations", count, MostParts); count++)
        {
            needs.Add(Capabilities.SameWireFields, at, "annotations");
            json.Skip();
        }
    }

    private static ChatRole Role(ref Utf8JsonReader json, in At at, ref Needs needs)
    {
        JsonValue.String(ref json, at, "role");
        if (json.ValueTextEquals("user"u8)) return ChatRole.User;
        if (json.ValueTextEquals("assistant"u8)) return ChatRole.Assistant;
        if (json.ValueTextEquals("tool"u8)) return ChatRole.Tool;
        if (json.ValueTextEquals("system"u8) || json.ValueTextEquals("developer"u8)) return ChatRole.System;
        if (!json.ValueTextEquals("function"u8)) throw RequestFault.Value(at.Of("role"), "must be one of system, developer, user, assistant, tool.");
        needs.Add(Capabilities.SameWireFields, at, "role"); // The form before tools; nobody translates it.
        return ChatRole.User;
    }

    private static void Content(ref Utf8JsonReader json, in At at, ref Shape message, ref Needs needs)
    {
        message.HasContent |= json.TokenType != JsonTokenType.Null;
        if (json.TokenType is JsonTokenType.String or JsonTokenType.Null)
        {
            message.Parts |= json.ValueSpan.IsEmpty || json.TokenType == JsonTokenType.Null ? PartKinds.EmptyText : PartKinds.Text;
            return;
        }

        if (json.TokenType != JsonTokenType.StartArray) throw JsonValue.Wrong(ref json, at, "content", "a string or an array of parts");
        var count = 0;
        for (; JsonValue.NextItem(ref json, at, "content", count, MostParts); count++)
        {
            var kind = PartScan.Read(ref json, at.Then("content", count), ref needs);
            message.Parts |= kind;
            if (kind is not (PartKinds.Text or PartKinds.EmptyText) && message.FirstOther < 0) message.FirstOther = count;
        }

        if (count == 0) throw RequestFault.Empty(at.Of("content"));
    }

    /// <summary>Images and files are a user's; in other messages most wires would lose them.</summary>
    private static void CheckParts(in Shape message, ChatRole role, in At at)
    {
        var allowed = role switch
        {
            ChatRole.System => PartKinds.Text,
            ChatRole.Assistant => PartKinds.Text | PartKinds.Refusal,
            ChatRole.Tool => PartKinds.Text | PartKinds.Image,
            _ => PartKinds.Text | PartKinds.Image | PartKinds.File | PartKinds.Audio,
        };
        if ((message.Parts & ~(allowed | PartKinds.Unknown | PartKinds.EmptyText)) == PartKinds.None) return;
        throw RequestFault.Value(at.Then("content", message.FirstOther).Of("type"), "is not allowed in a message of this role.");
    }

    // Wires on which the turns alternate leave out what is empty: an assistant's turn before it would be the last then, and be continued.
    private void CheckTurn(in Shape message, ChatRole role, in At at, ref Needs needs)
    {
        var isEmpty = (message.Parts & ~PartKinds.EmptyText) == PartKinds.None;
        if (isEmpty && role == ChatRole.User) needs.Add(Capabilities.EmptyTurns, at, "content", "empty");
        _hasTurn |= role == ChatRole.Tool || message.HasCalls || (role != ChatRole.System && !isEmpty);
    }

    private void CheckTools(in Shape message, ChatRole role, in At at)
    {
        if (message.HasCalls && role != ChatRole.Assistant) throw RequestFault.Value(at.Of("tool_calls"), "is only allowed in an assistant's message.");
        if (role != ChatRole.Tool)
        {
            if (!message.HasCalls) _calls.Clear();
            return;
        }

        if (!message.HasCallId) throw RequestFault.Missing(at.Of("tool_call_id"));
        if (!message.AnswersACall) throw RequestFault.Value(at.Of("tool_call_id"), "answers no tool call of the assistant's message before it.");
    }

    /// <summary>What a message has, as far as it has been read.</summary>
    private struct Shape()
    {
        public ChatRole? Role;
        public bool HasContent;
        public bool IsNamed;
        public bool HasCalls;
        public bool HasCallId;
        public bool AnswersACall;
        public PartKinds Parts;
        public int FirstOther = -1;
    }
}
