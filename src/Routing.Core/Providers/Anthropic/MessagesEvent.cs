using System.Text.Json;

namespace Routing.Core.Providers.Anthropic;

internal enum MessagesEventType : byte { Other, MessageStart, BlockStart, BlockDelta, BlockStop, MessageDelta, MessageStop, Error }

internal enum MessagesPiece : byte { None, Text, Arguments, Thinking, Signature }

internal enum MessagesBlock : byte { Other, ToolUse, RedactedThinking }

/// <summary>One event of a messages stream, read in one pass. Its pieces are slices of the input, valid as long as that is.</summary>
internal struct MessagesEvent
{
    public MessagesEventType Type;
    public MessagesPiece Piece;

    /// <summary>Text, arguments, thinking, signature, or the data of redacted thinking.</summary>
    public ReadOnlyMemory<byte> Utf8;
    public MessagesBlock Block;
    public string? BlockId;
    public string? BlockName;
    public string? MessageId;
    public string? Stop;

    public readonly bool HasContent => Type switch
    {
        MessagesEventType.BlockStart => Block != MessagesBlock.Other,
        MessagesEventType.BlockDelta => Piece != MessagesPiece.None && !Utf8.IsEmpty,
        _ => false,
    };

    /// <exception cref="JsonException">Not JSON.</exception>
    /// <param name="usage">What is known so far; figures of this event are taken over.</param>
    public static MessagesEvent Read(ReadOnlyMemory<byte> data, ref JsonText text, ref MessagesUsage usage)
    {
        var read = new MessagesEvent();
        var json = new Utf8JsonReader(data.Span);
        if (!json.Read() || json.TokenType != JsonTokenType.StartObject) throw new JsonException("Not an object.");
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            if (json.ValueTextEquals("type"u8)) read.Type = TypeOf(ref json);
            else if (json.ValueTextEquals("delta"u8)) read.ReadDelta(ref json, data, ref text);
            else if (json.ValueTextEquals("content_block"u8)) read.ReadBlock(ref json, data, ref text);
            else if (json.ValueTextEquals("message"u8)) read.ReadMessage(ref json, ref usage);
            else if (json.ValueTextEquals("usage"u8)) usage.Read(ref json);
            else MessagesJson.Skip(ref json);
        }

        return read;
    }

    private static MessagesEventType TypeOf(ref Utf8JsonReader json)
    {
        json.Read();
        if (json.TokenType != JsonTokenType.String) { json.Skip(); return MessagesEventType.Other; }
        return json.ValueTextEquals("content_block_delta"u8) ? MessagesEventType.BlockDelta
            : json.ValueTextEquals("content_block_start"u8) ? MessagesEventType.BlockStart
            : json.ValueTextEquals("content_block_stop"u8) ? MessagesEventType.BlockStop
            : json.ValueTextEquals("message_start"u8) ? MessagesEventType.MessageStart
            : json.ValueTextEquals("message_delta"u8) ? MessagesEventType.MessageDelta
            : json.ValueTextEquals("message_stop"u8) ? MessagesEventType.MessageStop
            : json.ValueTextEquals("error"u8) ? MessagesEventType.Error
            : MessagesEventType.Other;
    }

    private void ReadDelta(ref Utf8JsonReader json, ReadOnlyMemory<byte> data, ref JsonText text)
    {
        json.Read();
        if (json.TokenType != JsonTokenType.StartObject) { json.Skip(); return; }
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            if (json.ValueTextEquals("stop_reason"u8)) { Stop = MessagesJson.Text(ref json); continue; }
            var piece = json.ValueTextEquals("text"u8) ? MessagesPiece.Text
                : json.ValueTextEquals("partial_json"u8) ? MessagesPiece.Arguments
                : json.ValueTextEquals("thinking"u8) ? MessagesPiece.Thinking
                : json.ValueTextEquals("signature"u8) ? MessagesPiece.Signature
                : MessagesPiece.None;
            json.Read();
            if (piece != MessagesPiece.None && json.TokenType == JsonTokenType.String) (Piece, Utf8) = (piece, text.Of(json, data));
            else json.Skip();
        }
    }

    private void ReadBlock(ref Utf8JsonReader json, ReadOnlyMemory<byte> data, ref JsonText text)
    {
        json.Read();
        if (json.TokenType != JsonTokenType.StartObject) { json.Skip(); return; }
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            if (json.ValueTextEquals("type"u8)) Block = BlockOf(ref json);
            else if (json.ValueTextEquals("id"u8)) BlockId = MessagesJson.Text(ref json);
            else if (json.ValueTextEquals("name"u8)) BlockName = MessagesJson.Text(ref json);
            else if (json.ValueTextEquals("data"u8)) ReadSealed(ref json, data, ref text);
            else MessagesJson.Skip(ref json);
        }
    }

    private void ReadSealed(ref Utf8JsonReader json, ReadOnlyMemory<byte> data, ref JsonText text)
    {
        json.Read();
        if (json.TokenType == JsonTokenType.String) Utf8 = text.Of(json, data);
        else json.Skip();
    }

    private static MessagesBlock BlockOf(ref Utf8JsonReader json)
    {
        json.Read();
        if (json.TokenType != JsonTokenType.String) { json.Skip(); return MessagesBlock.Other; }
        return json.ValueTextEquals("tool_use"u8) ? MessagesBlock.ToolUse
            : json.ValueTextEquals("redacted_thinking"u8) ? MessagesBlock.RedactedThinking
            : MessagesBlock.Other;
    }

    private void ReadMessage(ref Utf8JsonReader json, ref MessagesUsage usage)
    {
        json.Read();
        if (json.TokenType != JsonTokenType.StartObject) { json.Skip(); return; }
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            if (json.ValueTextEquals("id"u8)) MessageId = MessagesJson.Text(ref json);
            else if (json.ValueTextEquals("usage"u8)) usage.Read(ref json);
            else MessagesJson.Skip(ref json);
        }
    }
}
