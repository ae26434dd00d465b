using System.Text.Json;
using System.Text.Unicode;
using Routing.Core.Llm;

namespace Routing.Core.Providers.Vertex;

/// <summary>
/// Reads one GenerateContentResponse after the other, each in one pass. Content becomes events at once; text is a slice of the input where
/// nothing is escaped, so nothing is allocated for it. What is said of the whole answer stays in the properties until the next one.
/// </summary>
internal sealed class GeminiChunk
{
    private static readonly byte[] NoArguments = "{}"u8.ToArray();

    private JsonText _text = new();
    private ReadOnlyMemory<byte> _data;
    private long _prompt, _toolPrompt, _cached, _candidates, _thoughts;
    private bool _hasUsage;
    private bool _afterThought;
    private bool _hasMarks;
    private GeminiTextFrame _frame;

    public string? Finish { get; private set; }
    public string? BlockReason { get; private set; }
    public bool HasError { get; private set; }

    /// <summary>Tool calls of the answer so far.</summary>
    public int Calls { get; private set; }

    /// <summary>The first one said stays: every response of an answer repeats it.</summary>
    public string? ResponseId { get; private set; }

    /// <summary>The last one said stays.</summary>
    public string? TrafficType { get; private set; }

    /// <summary>Google reports thinking beside the answer; ours is inside the output.</summary>
    public TokenUsage? Usage => !_hasUsage ? null : new TokenUsage
    {
        InputTotal = _prompt + _toolPrompt,
        CacheRead = _cached,
        OutputTotal = _candidates + _thoughts,
        Reasoning = _thoughts,
        Source = UsageSource.Reported,
        CapacityClass = TrafficType,
    };

    /// <summary>Bytes of earlier events are no longer needed.</summary>
    public void Rewind() => _text.Reset();

    /// <summary>
    /// A tool call's event has no id yet, which a later member decides; its bytes are the signature of the thinking before it.
    /// </summary>
    /// <exception cref="JsonException">Not such a response.</exception>
    public void Read(ReadOnlyMemory<byte> data, List<ChatEvent> events)
    {
        _data = data;
        (Finish, BlockReason, HasError, _hasUsage) = (null, null, false, false);
        _prompt = _toolPrompt = _cached = _candidates = _thoughts = 0;
        if (_frame.TryRead(data, out var text, out var rest))
        {
            AddText(text, default, events);
            if (!_frame.EndsAsBefore(rest.Span)) ReadEnd(rest, events);
            return;
        }

        _frame.ForgetEnd();
        var json = new Utf8JsonReader(data.Span);
        if (!json.Read() || json.TokenType != JsonTokenType.StartObject) throw new JsonException("Not an object.");
        ReadMembers(ref json, events);
    }

    // Counts that stay the same need no second report.
    private void ReadEnd(ReadOnlyMemory<byte> rest, List<ChatEvent> events)
    {
        _data = rest;
        _frame.ForgetEnd();
        var before = events.Count;
        var json = GeminiTextFrame.GoOn(rest.Span);
        ReadMembers(ref json, events);
        if (Finish is null && BlockReason is null && !HasError && events.Count == before) _frame.KeepEnd(rest.Span);
    }

    private void ReadMembers(ref Utf8JsonReader json, List<ChatEvent> events)
    {
        for (var first = true; json.Read() && json.TokenType == JsonTokenType.PropertyName; first = false)
        {
            if (json.ValueTextEquals("candidates"u8)) ReadCandidates(ref json, events, mayLearn: first && !_frame.IsLearned);
            else if (json.ValueTextEquals("usageMetadata"u8)) ReadUsage(ref json);
            else if (json.ValueTextEquals("promptFeedback"u8)) ReadFeedback(ref json);
            else if (ResponseId is null && json.ValueTextEquals("responseId"u8)) ResponseId = Text(ref json);
            else if (json.ValueTextEquals("error"u8)) { HasError = true; Skip(ref json); }
            else Skip(ref json);
        }
    }

    private void ReadCandidates(ref Utf8JsonReader json, List<ChatEvent> events, bool mayLearn)
    {
        json.Read();
        if (json.TokenType != JsonTokenType.StartArray) { json.Skip(); return; }
        var (first, before) = (true, events.Count);
        _hasMarks = false;
        while (json.Read() && json.TokenType != JsonTokenType.EndArray)
        {
            // Only one candidate is ever asked for.
            if (first && json.TokenType == JsonTokenType.StartObject) ReadCandidate(ref json, events);
            else json.Skip();
            first = false;
        }

        if (mayLearn && !_hasMarks && Finish is null && events.Count == before + 1) LearnFrame(events[before].Utf8, (int)json.BytesConsumed);
    }

    private void LearnFrame(ReadOnlyMemory<byte> text, int end)
    {
        var data = _data.Span;
        if (data.Overlaps(text.Span, out var at)) _frame.Learn(data, at..(at + text.Length), end);
    }

    private void ReadCandidate(ref Utf8JsonReader json, List<ChatEvent> events)
    {
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            if (json.ValueTextEquals("content"u8)) ReadContent(ref json, events);
            else if (json.ValueTextEquals("finishReason"u8)) Finish = Text(ref json);
            else Skip(ref json);
        }
    }

    private void ReadContent(ref Utf8JsonReader json, List<ChatEvent> events)
    {
        json.Read();
        if (json.TokenType != JsonTokenType.StartObject) { json.Skip(); return; }
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            if (!json.ValueTextEquals("parts"u8)) { Skip(ref json); continue; }
            json.Read();
            if (json.TokenType != JsonTokenType.StartArray) { json.Skip(); continue; }
            while (json.Read() && json.TokenType != JsonTokenType.EndArray)
            {
                if (json.TokenType == JsonTokenType.StartObject) ReadPart(ref json, events);
                else json.Skip();
            }
        }
    }

    // The marks of a part may come before or after what they mark.
    private void ReadPart(ref Utf8JsonReader json, List<ChatEvent> events)
    {
        ReadOnlyMemory<byte> text = default, signature = default, arguments = default;
        string? call = null;
        var isThought = false;
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            if (json.ValueTextEquals("text"u8)) text = Slice(ref json);
            else if (json.ValueTextEquals("thought"u8)) { _hasMarks = true; isThought = json.Read() && json.TokenType == JsonTokenType.True; json.Skip(); }
            else if (json.ValueTextEquals("thoughtSignature"u8)) { _hasMarks = true; signature = Slice(ref json); }
            else if (json.ValueTextEquals("functionCall"u8)) (call, arguments) = ReadCall(ref json);
            else Skip(ref json);
        }

        if (call is not null) AddCall(call, arguments, signature, events);
        else if (isThought) AddThought(text, signature, events);
        else AddText(text, signature, events);
    }

    private void AddCall(string name, ReadOnlyMemory<byte> arguments, ReadOnlyMemory<byte> signature, List<ChatEvent> events)
    {
        events.Add(ChatEvent.ToolCall(Calls, "", name) with { Utf8 = signature });
        events.Add(ChatEvent.Arguments(Calls, arguments));
        Calls++;
        _afterThought = false;
    }

    private void AddThought(ReadOnlyMemory<byte> text, ReadOnlyMemory<byte> signature, List<ChatEvent> events)
    {
        if (!text.IsEmpty) events.Add(ChatEvent.Reasoning(text));
        _afterThought |= !text.IsEmpty;
        AddSignature(signature, events);
    }

    // A signature on answer text signs the thinking before it. Where no thinking is shown there is nothing to hang it on, and Google
    // asks for it back only on calls.
    private void AddText(ReadOnlyMemory<byte> text, ReadOnlyMemory<byte> signature, List<ChatEvent> events)
    {
        AddSignature(signature, events);
        if (text.IsEmpty) return;
        events.Add(ChatEvent.Text(text));
        _afterThought = false;
    }

    private void AddSignature(ReadOnlyMemory<byte> signature, List<ChatEvent> events)
    {
        if (!_afterThought || signature.IsEmpty) return;
        events.Add(ChatEvent.Signature(GeminiSignatures.Marked(signature.Span)));
        _afterThought = false;
    }

    private (string Name, ReadOnlyMemory<byte> Arguments) ReadCall(ref Utf8JsonReader json)
    {
        string? name = null;
        ReadOnlyMemory<byte> arguments = NoArguments;
        json.Read();
        if (json.TokenType != JsonTokenType.StartObject) throw new JsonException("A function call that is no object.");
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            if (json.ValueTextEquals("name"u8)) name = Text(ref json);
            else if (json.ValueTextEquals("args"u8)) arguments = ReadArguments(ref json);
            else Skip(ref json);
        }

        return (name ?? throw new JsonException("A function call without a name."), arguments);
    }

    private ReadOnlyMemory<byte> ReadArguments(ref Utf8JsonReader json)
    {
        json.Read();
        if (json.TokenType == JsonTokenType.Null) return NoArguments;
        if (json.TokenType != JsonTokenType.StartObject) throw new JsonException("Arguments that are no object.");
        var start = (int)json.TokenStartIndex;
        json.Skip();
        var arguments = _data[start..(int)json.BytesConsumed];
        return Utf8.IsValid(arguments.Span) ? arguments : throw new JsonException("The arguments are not UTF-8.");
    }

    private void ReadUsage(ref Utf8JsonReader json)
    {
        json.Read();
        if (json.TokenType != JsonTokenType.StartObject) { json.Skip(); return; }
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            if (json.ValueTextEquals("promptTokenCount"u8)) _prompt = Count(ref json);
            else if (json.ValueTextEquals("toolUsePromptTokenCount"u8)) _toolPrompt = Count(ref json);
            else if (json.ValueTextEquals("cachedContentTokenCount"u8)) _cached = Count(ref json);
            else if (json.ValueTextEquals("candidatesTokenCount"u8)) _candidates = Count(ref json);
            else if (json.ValueTextEquals("thoughtsTokenCount"u8)) _thoughts = Count(ref json);
            else if (json.ValueTextEquals("trafficType"u8)) ReadTraffic(ref json);
            else Skip(ref json);
        }
    }

    // The same word on every chunk: no new string for it.
    private void ReadTraffic(ref Utf8JsonReader json)
    {
        json.Read();
        if (json.TokenType != JsonTokenType.String) json.Skip();
        else if (TrafficType is null || !json.ValueTextEquals(TrafficType)) TrafficType = json.GetString();
    }

    private void ReadFeedback(ref Utf8JsonReader json)
    {
        json.Read();
        if (json.TokenType != JsonTokenType.StartObject) { json.Skip(); return; }
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            if (json.ValueTextEquals("blockReason"u8)) BlockReason = Text(ref json);
            else Skip(ref json);
        }
    }

    // Chunks before the last may name only the traffic type: that is no report of zero tokens.
    private long Count(ref Utf8JsonReader json)
    {
        _hasUsage = true;
        return WireNumbers.Tokens(ref json);
    }

    private ReadOnlyMemory<byte> Slice(ref Utf8JsonReader json)
    {
        json.Read();
        if (json.TokenType == JsonTokenType.String) return _text.Of(json, _data);
        json.Skip();
        return default;
    }

    private static string? Text(ref Utf8JsonReader json)
    {
        json.Read();
        if (json.TokenType == JsonTokenType.String) return json.GetString();
        json.Skip();
        return null;
    }

    private static void Skip(ref Utf8JsonReader json)
    {
        json.Read();
        json.Skip();
    }
}
