using System.Text.Json;
using Routing.Core.Llm;

namespace Routing.Core.Providers.Bedrock;

/// <summary>Reads a whole Converse answer: <c>{"output":{"message":{"content":[{"text":…}]}},"stopReason":…,"usage":…}</c>.</summary>
internal sealed class ConverseAnswerReader(ChatCall call) : WholeAnswerReader
{
    private JsonText _text = new();
    private int _toolCalls;
    private string? _novel;

    protected override void ReadWhole(ReadOnlyMemory<byte> body, List<ChatEvent> events)
    {
        var json = new Utf8JsonReader(body.Span);
        TokenUsage? usage = null;
        string? stop = null, tier = null;
        if (!json.Read() || json.TokenType != JsonTokenType.StartObject)
        {
            events.Add(ChatEvent.Failed(NoAnswer));
            return;
        }

        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            var (isOutput, isUsage, isStop, isTier) = (json.ValueTextEquals("output"u8), json.ValueTextEquals("usage"u8),
                json.ValueTextEquals("stopReason"u8), json.ValueTextEquals("serviceTier"u8));
            json.Read();
            if (isOutput) ReadOutput(ref json, body, events);
            else if (isUsage && json.TokenType == JsonTokenType.StartObject) usage = ConverseAnswer.ReadUsage(ref json);
            else if (isStop && json.TokenType == JsonTokenType.String) stop = json.GetString();
            else if (isTier) tier = ConverseAnswer.ReadTier(ref json);
            else json.Skip();
        }

        if (usage is { } used) events.Add(ChatEvent.Used(used with { CapacityClass = tier }));
        if (_novel is not null) events.Add(ConverseAnswer.Novel(_novel));
        else if (stop is not null) events.Add(ChatEvent.Stopped(ConverseAnswer.Stop(stop), stop));
        else events.Add(ChatEvent.Failed(Interrupted("The provider's answer has no stop reason.")));
    }

    // Blocks lie at output.message.content[]; the same name deeper down belongs to something else.
    private void ReadOutput(ref Utf8JsonReader json, ReadOnlyMemory<byte> body, List<ChatEvent> events)
    {
        const int ContentDepth = 2;
        var depth = json.CurrentDepth;
        if (json.TokenType != JsonTokenType.StartObject) return;
        while (json.Read() && !(json.TokenType == JsonTokenType.EndObject && json.CurrentDepth == depth))
        {
            if (json.TokenType != JsonTokenType.PropertyName || json.CurrentDepth != depth + ContentDepth || !json.ValueTextEquals("content"u8)) continue;
            json.Read();
            if (json.TokenType != JsonTokenType.StartArray) continue;
            while (json.Read() && json.TokenType != JsonTokenType.EndArray) ReadBlock(ref json, body, events);
        }
    }

    private void ReadBlock(ref Utf8JsonReader json, ReadOnlyMemory<byte> body, List<ChatEvent> events)
    {
        if (json.TokenType != JsonTokenType.StartObject)
        {
            json.Skip();
            return;
        }

        var isKnown = false;
        string? novel = null;
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            var (isText, isTool, isReasoning) = (json.ValueTextEquals("text"u8), json.ValueTextEquals("toolUse"u8), json.ValueTextEquals("reasoningContent"u8));
            if (isText || isTool || isReasoning) isKnown = true;
            else novel ??= json.GetString();
            json.Read();
            if (isText && json.TokenType == JsonTokenType.String && json.ValueSpan.Length > 0) events.Add(ChatEvent.Text(_text.Of(json, body)));
            else if (isTool && json.TokenType == JsonTokenType.StartObject) ReadTool(ref json, body, events);
            else if (isReasoning && json.TokenType == JsonTokenType.StartObject) ReadReasoning(ref json, body, events);
            else json.Skip();
        }

        if (!isKnown) _novel ??= novel;
    }

    private void ReadTool(ref Utf8JsonReader json, ReadOnlyMemory<byte> body, List<ChatEvent> events)
    {
        var tool = ConverseToolUse.Read(ref json, body);
        if (tool.Type is not null)
        {
            _novel ??= tool.Type;
            return;
        }

        events.Add(ConverseAnswer.ToolCall(_toolCalls, tool, call.Request));
        events.Add(ChatEvent.Arguments(_toolCalls++, tool.Input.IsEmpty ? ConverseAnswer.NoArguments : tool.Input));
    }

    // {"reasoningText":{"text":…,"signature":…}} or {"redactedContent":…}
    private void ReadReasoning(ref Utf8JsonReader json, ReadOnlyMemory<byte> body, List<ChatEvent> events)
    {
        ReadOnlyMemory<byte> text = default, signature = default, redacted = default;
        string? novel = null;
        var depth = json.CurrentDepth;
        while (json.Read() && !(json.TokenType == JsonTokenType.EndObject && json.CurrentDepth == depth))
        {
            if (json.TokenType != JsonTokenType.PropertyName) continue;
            if (json.ValueTextEquals("text"u8)) text = ReadUtf8(ref json, body);
            else if (json.ValueTextEquals("signature"u8)) signature = ReadUtf8(ref json, body);
            else if (json.ValueTextEquals("redactedContent"u8)) redacted = ReadUtf8(ref json, body);
            else if (!json.ValueTextEquals("reasoningText"u8)) novel ??= json.GetString();
        }

        if (text.IsEmpty && signature.IsEmpty && redacted.IsEmpty) _novel ??= novel;

        if (!text.IsEmpty) events.Add(ChatEvent.Reasoning(text));
        if (!signature.IsEmpty) events.Add(ChatEvent.Signature(signature));
        if (!redacted.IsEmpty) events.Add(ChatEvent.Redacted(redacted));
    }

    private ReadOnlyMemory<byte> ReadUtf8(ref Utf8JsonReader json, ReadOnlyMemory<byte> body)
    {
        json.Read();
        if (json.TokenType == JsonTokenType.String) return _text.Of(json, body);
        json.Skip();
        return default;
    }
}
