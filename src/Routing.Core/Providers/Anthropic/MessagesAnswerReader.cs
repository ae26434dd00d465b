using System.Text.Json;
using Routing.Core.Llm;

namespace Routing.Core.Providers.Anthropic;

/// <summary>Reads a whole message into events, for a caller of another API.</summary>
internal sealed class MessagesAnswerReader(AnthropicFailures failures) : WholeAnswerReader
{
    private JsonText _text = new();
    private int _toolCalls;

    protected override void ReadWhole(ReadOnlyMemory<byte> body, List<ChatEvent> events)
    {
        var whole = MessagesAnswer.Read(body.Span);
        ResponseId = whole.Id;
        if (whole.Failure(failures, body.Span) is { } failure)
        {
            events.Add(ChatEvent.Failed(failure));
            return;
        }

        var json = new Utf8JsonReader(body.Span);
        json.Read();
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            var isContent = json.ValueTextEquals("content"u8);
            json.Read();
            if (isContent && json.TokenType == JsonTokenType.StartArray) ReadBlocks(ref json, body, events);
            else json.Skip();
        }

        whole.Note(events);
    }

    private void ReadBlocks(ref Utf8JsonReader json, ReadOnlyMemory<byte> body, List<ChatEvent> events)
    {
        while (json.Read() && json.TokenType != JsonTokenType.EndArray)
        {
            if (json.TokenType == JsonTokenType.StartObject) ReadBlock(ref json, body, events);
            else json.Skip();
        }
    }

    private void ReadBlock(ref Utf8JsonReader json, ReadOnlyMemory<byte> body, List<ChatEvent> events)
    {
        string? type = null, id = null, name = null;
        ReadOnlyMemory<byte> text = default, thinking = default, signature = default, data = default, input = default;
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            if (json.ValueTextEquals("type"u8)) type = MessagesJson.Text(ref json);
            else if (json.ValueTextEquals("id"u8)) id = MessagesJson.Text(ref json);
            else if (json.ValueTextEquals("name"u8)) name = MessagesJson.Text(ref json);
            else if (json.ValueTextEquals("text"u8)) text = Utf8(ref json, body);
            else if (json.ValueTextEquals("thinking"u8)) thinking = Utf8(ref json, body);
            else if (json.ValueTextEquals("signature"u8)) signature = Utf8(ref json, body);
            else if (json.ValueTextEquals("data"u8)) data = Utf8(ref json, body);
            else if (json.ValueTextEquals("input"u8)) input = Raw(ref json, body);
            else MessagesJson.Skip(ref json);
        }

        switch (type)
        {
            case "text" when !text.IsEmpty: events.Add(ChatEvent.Text(text)); break;
            case "thinking":
                if (!thinking.IsEmpty) events.Add(ChatEvent.Reasoning(thinking));
                if (!signature.IsEmpty) events.Add(ChatEvent.Signature(signature));
                break;
            case "redacted_thinking": events.Add(ChatEvent.Redacted(data)); break;
            case "tool_use":
                events.Add(ChatEvent.ToolCall(_toolCalls, id ?? "", name ?? ""));
                events.Add(ChatEvent.Arguments(_toolCalls++, input));
                break;
        }
    }

    private ReadOnlyMemory<byte> Utf8(ref Utf8JsonReader json, ReadOnlyMemory<byte> body)
    {
        json.Read();
        if (json.TokenType == JsonTokenType.String) return _text.Of(json, body);
        json.Skip();
        return default;
    }

    private static ReadOnlyMemory<byte> Raw(ref Utf8JsonReader json, ReadOnlyMemory<byte> body)
    {
        json.Read();
        var start = (int)json.TokenStartIndex;
        json.Skip();
        return body[start..(int)json.BytesConsumed];
    }
}
