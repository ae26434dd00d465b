using System.Text.Json;
using Routing.Core.Llm;

namespace Routing.Core.Providers.OpenAI;

/// <summary>Reads the content of a chunk's delta or of a whole message into events; keeps which tool calls have begun.</summary>
internal sealed class ChatContent
{
    private static readonly byte[] NoArguments = [.. "{}"u8];

    // Where each call stands in the provider's count, its id there, and whether it has arguments; by our own count.
    private readonly List<(int Index, string? Id, bool HasArguments)> _calls = [];
    private JsonText _text = new();
    private int _complete;
    private bool _refused;

    /// <summary>What was given out before is no longer needed.</summary>
    public void Begin() => _text.Reset();

    /// <exception cref="JsonException">It is not JSON, or a text is not UTF-8.</exception>
    public void Read(ReadOnlyMemory<byte> document, string? responseId, List<ChatEvent> events)
    {
        var json = new Utf8JsonReader(document.Span);
        json.Read();
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            var isChoices = json.ValueTextEquals("choices"u8);
            json.Read();
            if (isChoices && json.TokenType == JsonTokenType.StartArray) ReadChoices(ref json, document, responseId, events);
            else json.Skip();
        }
    }

    /// <summary>
    /// A model that refuses in words, or that was made to call one tool by name, stops like any other here; other wires say which it was.
    /// </summary>
    public StopReason Judge(StopReason stop) => stop != StopReason.End ? stop
        : _refused ? StopReason.SafetyFiltered
        : _calls.Count > 0 ? StopReason.ToolCall
        : stop;

    /// <summary>A tool without parameters may be called without any arguments; other wires want an object.</summary>
    public void CompleteCalls(List<ChatEvent> events)
    {
        for (; _complete < _calls.Count; _complete++)
        {
            if (!_calls[_complete].HasArguments) events.Add(ChatEvent.Arguments(_complete, NoArguments));
        }
    }

    private void ReadChoices(ref Utf8JsonReader json, ReadOnlyMemory<byte> document, string? responseId, List<ChatEvent> events)
    {
        while (json.Read() && json.TokenType != JsonTokenType.EndArray)
        {
            if (json.TokenType != JsonTokenType.StartObject) { json.Skip(); continue; }
            while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
            {
                var isMessage = json.ValueTextEquals("delta"u8) || json.ValueTextEquals("message"u8);
                json.Read();
                if (isMessage && json.TokenType == JsonTokenType.StartObject) ReadMessage(ref json, document, responseId, events);
                else json.Skip();
            }
        }
    }

    // Reasoning comes before the text it led to, and calls come last, however the provider orders its members.
    private void ReadMessage(ref Utf8JsonReader json, ReadOnlyMemory<byte> document, string? responseId, List<ChatEvent> events)
    {
        ReadOnlyMemory<byte> reasoning = default, text = default, refusal = default;
        Utf8JsonReader parts = default, calls = default;
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            if (json.ValueTextEquals("content"u8)) text = TextOrArray(ref json, document, ref parts);
            else if (json.ValueTextEquals("reasoning_content"u8)) reasoning = Text(ref json, document);
            else if (json.ValueTextEquals("reasoning"u8) && reasoning.IsEmpty) reasoning = Text(ref json, document);
            else if (json.ValueTextEquals("refusal"u8)) refusal = Text(ref json, document);
            else if (json.ValueTextEquals("tool_calls"u8)) TextOrArray(ref json, document, ref calls);
            else Skip(ref json);
        }

        if (!reasoning.IsEmpty) events.Add(ChatEvent.Reasoning(reasoning));
        if (!text.IsEmpty) events.Add(ChatEvent.Text(text));
        if (parts.TokenType == JsonTokenType.StartArray) ReadParts(ref parts, document, isThinking: false, events);
        if (!refusal.IsEmpty)
        {
            _refused = true;
            events.Add(ChatEvent.Text(refusal));
        }

        if (calls.TokenType == JsonTokenType.StartArray) ReadCalls(ref calls, document, responseId, events);
    }

    // Mistral's reasoning models answer in pieces: texts, and thinking with texts inside.
    private void ReadParts(ref Utf8JsonReader json, ReadOnlyMemory<byte> document, bool isThinking, List<ChatEvent> events)
    {
        while (json.Read() && json.TokenType != JsonTokenType.EndArray)
        {
            if (json.TokenType != JsonTokenType.StartObject) { json.Skip(); continue; }
            ReadOnlyMemory<byte> text = default;
            Utf8JsonReader thinking = default;
            while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
            {
                if (json.ValueTextEquals("text"u8)) text = Text(ref json, document);
                else if (json.ValueTextEquals("thinking"u8)) TextOrArray(ref json, document, ref thinking);
                else Skip(ref json);
            }

            if (thinking.TokenType == JsonTokenType.StartArray) ReadParts(ref thinking, document, isThinking: true, events);
            if (!text.IsEmpty) events.Add(isThinking ? ChatEvent.Reasoning(text) : ChatEvent.Text(text));
        }
    }

    private void ReadCalls(ref Utf8JsonReader json, ReadOnlyMemory<byte> document, string? responseId, List<ChatEvent> events)
    {
        for (var position = 0; json.Read() && json.TokenType != JsonTokenType.EndArray; position++)
        {
            if (json.TokenType != JsonTokenType.StartObject) { json.Skip(); continue; }
            var call = new CallPiece { Index = position };
            while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
            {
                if (json.ValueTextEquals("index"u8)) call.Index = Number(ref json, position);
                else if (json.ValueTextEquals("id"u8)) call.Id = String(ref json);
                else if (json.ValueTextEquals("function"u8)) ReadFunction(ref json, document, ref call);
                else Skip(ref json);
            }

            Add(call, responseId, events);
        }
    }

    private void ReadFunction(ref Utf8JsonReader json, ReadOnlyMemory<byte> document, ref CallPiece call)
    {
        json.Read();
        if (json.TokenType != JsonTokenType.StartObject) { json.Skip(); return; }
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            if (json.ValueTextEquals("name"u8)) call.Name = String(ref json);
            else if (json.ValueTextEquals("arguments"u8)) call.Arguments = TextOrObject(ref json, document);
            else Skip(ref json);
        }
    }

    // A call begins with a place or an id not seen before: some hosts give every call of an answer the place 0, and repeat a call's id in each piece.
    private void Add(in CallPiece piece, string? responseId, List<ChatEvent> events)
    {
        var at = Find(piece.Index, piece.Id);
        if (at < 0)
        {
            at = _calls.Count;
            _calls.Add((piece.Index, piece.Id, false));
            events.Add(ChatEvent.ToolCall(at, piece.Id ?? $"call_{responseId}_{at}", piece.Name ?? ""));
        }

        if (piece.Arguments.IsEmpty) return;
        _calls[at] = _calls[at] with { HasArguments = true };
        events.Add(ChatEvent.Arguments(at, piece.Arguments));
    }

    private int Find(int index, string? id)
    {
        for (var at = _calls.Count - 1; at >= 0; at--)
        {
            if (_calls[at].Index == index && (id is null || _calls[at].Id == id)) return at;
        }

        return -1;
    }

    private ReadOnlyMemory<byte> Text(ref Utf8JsonReader json, ReadOnlyMemory<byte> document)
    {
        Utf8JsonReader ignored = default;
        return TextOrArray(ref json, document, ref ignored);
    }

    /// <param name="array">A reader that stands on the array, when the value is one.</param>
    private ReadOnlyMemory<byte> TextOrArray(ref Utf8JsonReader json, ReadOnlyMemory<byte> document, ref Utf8JsonReader array)
    {
        json.Read();
        if (json.TokenType == JsonTokenType.String) return _text.Of(json, document);
        if (json.TokenType == JsonTokenType.StartArray) array = json;
        json.Skip();
        return default;
    }

    private ReadOnlyMemory<byte> TextOrObject(ref Utf8JsonReader json, ReadOnlyMemory<byte> document)
    {
        json.Read();
        if (json.TokenType == JsonTokenType.String) return _text.Of(json, document);
        var start = (int)json.TokenStartIndex;
        var isObject = json.TokenType == JsonTokenType.StartObject;
        json.Skip();
        return isObject ? document[start..(int)json.BytesConsumed] : default;
    }

    private static string? String(ref Utf8JsonReader json)
    {
        json.Read();
        if (json.TokenType == JsonTokenType.String) return json.ValueSpan.Length > 0 ? json.GetString() : null;
        json.Skip();
        return null;
    }

    private static int Number(ref Utf8JsonReader json, int otherwise)
    {
        json.Read();
        if (json.TokenType == JsonTokenType.Number && json.TryGetInt32(out var value)) return value;
        json.Skip();
        return otherwise;
    }

    private static void Skip(ref Utf8JsonReader json)
    {
        json.Read();
        json.Skip();
    }

    private struct CallPiece
    {
        public int Index;
        public string? Id;
        public string? Name;
        public ReadOnlyMemory<byte> Arguments;
    }
}
