using System.Buffers;
using System.Buffers.Text;
using System.Text.Json;
using Routing.Core.Llm;

namespace Routing.Core.Providers.OpenAI;

/// <summary>
/// Copies a caller's own request member by member for a host that does not take every one. A member that is kept is copied as its bytes;
/// only those that routing or a quirk changes are written anew, renamed or left out.
/// </summary>
internal ref struct MemberCopy
{
    private const int LongestNumber = 11;

    private readonly ReadOnlySpan<byte> _source;
    private readonly IBufferWriter<byte> _body;
    private Utf8JsonReader _json;
    private int _nameStart;
    private bool _any;

    private MemberCopy(ReadOnlySpan<byte> source, IBufferWriter<byte> body)
    {
        _source = source;
        _body = body;
        _json = new Utf8JsonReader(source);
        _json.Read();
    }

    public static void Write(ChatCall call, ModelTarget model, IBufferWriter<byte> body)
    {
        var original = call.Original!; // A same-wire call has its bytes.
        var copy = new MemberCopy(original.Json.Span, body);
        body.Write("{"u8);
        if (call.Stream && model.Quirks.StreamOptions) copy.Write("stream_options"u8, OpenAIRequestWriter.StreamOptions(original));
        var bounds = OpenAIRequestWriter.Bounds(call, model);
        if (bounds) copy.Limit(model.Quirks.MaxTokens == MaxTokensField.MaxTokens ? "max_tokens"u8 : "max_completion_tokens"u8, model.MaxOutputTokens);
        while (copy.Next())
        {
            if (bounds && copy.IsLimit()) copy.Leave();
            else copy.ChatMember(model, original.Rewrites);
        }

        body.Write("}"u8);
    }

    /// <summary>Without the reasoning items of other wires, which an edge sealed, and with the limit of the answer where one is to be set.</summary>
    public static void WriteResponses(ChatCall call, ModelTarget model, IBufferWriter<byte> body)
    {
        var copy = new MemberCopy(call.Original!.Json.Span, body); // A same-wire call has its bytes.
        var (bounds, hasSealed) = (OpenAIRequestWriter.Bounds(call, model), (call.Needs & Capabilities.ReasoningHistory) != Capabilities.None);
        body.Write("{"u8);
        copy.Write("store"u8, "false"u8);
        if (bounds) copy.Limit("max_output_tokens"u8, model.MaxOutputTokens);
        while (copy.Next())
        {
            if (copy._json.ValueTextEquals("model"u8)) copy.Model(model.Model);
            else if (copy._json.ValueTextEquals("store"u8) || (bounds && copy.IsLimit())) copy.Leave();
            else if (hasSealed && copy._json.ValueTextEquals("input"u8)) copy.Input();
            else copy.Keep();
        }

        body.Write("}"u8);
    }

    private void ChatMember(ModelTarget model, Rewrites rewrites)
    {
        var quirks = model.Quirks;
        if (_json.ValueTextEquals("model"u8)) Model(model.Model);
        else if (_json.ValueTextEquals("stream_options"u8) || IsRefused(quirks)) Leave();
        else if (_json.ValueTextEquals("messages"u8)) Messages(quirks);
        else if (_json.ValueTextEquals("tools"u8) && quirks.IsStrict && (rewrites & Rewrites.Extensions) != Rewrites.None) Tools(quirks);
        else if (_json.ValueTextEquals("max_tokens"u8) && (rewrites & Rewrites.BothLimits) != Rewrites.None) Leave();
        else if (_json.ValueTextEquals("max_completion_tokens"u8) && quirks.MaxTokens == MaxTokensField.MaxTokens) Rename("max_tokens"u8);
        else if (_json.ValueTextEquals("seed"u8) && quirks.Seed == SeedField.RandomSeed) Rename("random_seed"u8);
        else Keep();
    }

    private bool Next()
    {
        if (!_json.Read() || _json.TokenType != JsonTokenType.PropertyName) return false;
        _nameStart = (int)_json.TokenStartIndex;
        return true;
    }

    /// <summary>One that is null: the caller set none.</summary>
    private readonly bool IsLimit() => _json.ValueTextEquals("max_tokens"u8) || _json.ValueTextEquals("max_completion_tokens"u8) || _json.ValueTextEquals("max_output_tokens"u8);

    private readonly bool IsRefused(WireQuirks quirks)
    {
        foreach (var name in quirks.Refuses)
        {
            if (_json.ValueTextEquals(name)) return true;
        }

        return false;
    }

    private void Keep()
    {
        Separate();
        Leave();
        _body.Write(_source[_nameStart..(int)_json.BytesConsumed]);
    }

    private void Leave()
    {
        _json.Read();
        _json.Skip();
    }

    private void Rename(ReadOnlySpan<byte> name)
    {
        _json.Read();
        if (_json.TokenType == JsonTokenType.Null) return; // As good as absent, and the other name may be there too.
        var start = (int)_json.TokenStartIndex;
        _json.Skip();
        Write(name, _source[start..(int)_json.BytesConsumed]);
    }

    private void Model(string model)
    {
        Leave();
        Name("model"u8);
        OpenAIRequestWriter.WriteString(model, _body);
    }

    // A call with such items has an array: a text holds none.
    private void Input()
    {
        Name("input"u8);
        _json.Read();
        _body.Write("["u8);
        for (var any = false; _json.Read() && _json.TokenType != JsonTokenType.EndArray;)
        {
            var start = (int)_json.TokenStartIndex;
            if (IsSealed()) continue;
            if (any) _body.Write(","u8);
            _body.Write(_source[start..(int)_json.BytesConsumed]);
            any = true;
        }

        _body.Write("]"u8);
    }

    /// <summary>Leaves the reader at the item's end.</summary>
    private bool IsSealed()
    {
        if (_json.TokenType != JsonTokenType.StartObject) return false;
        var isSealed = false;
        while (_json.Read() && _json.TokenType == JsonTokenType.PropertyName)
        {
            var mayBe = _json.ValueTextEquals("encrypted_content"u8);
            _json.Read();
            isSealed |= mayBe && _json.TokenType == JsonTokenType.String && _json.ValueSpan.StartsWith(ReasoningSeal.Prefix);
            _json.Skip();
        }

        return isSealed;
    }

    private void Messages(WireQuirks quirks)
    {
        Separate();
        _json.Read();
        var edits = new BodyEdits();
        if (_json.TokenType == JsonTokenType.StartArray) new ChatHistory(quirks, edits).Read(ref _json);
        edits.Write(_source, _nameStart, (int)_json.BytesConsumed, _body);
    }

    private void Tools(WireQuirks quirks)
    {
        Separate();
        var edits = new BodyEdits();
        new ChatHistory(quirks, edits).Unmarked(ref _json);
        edits.Write(_source, _nameStart, (int)_json.BytesConsumed, _body);
    }

    private void Limit(ReadOnlySpan<byte> name, int tokens)
    {
        Name(name);
        Utf8Formatter.TryFormat(tokens, _body.GetSpan(LongestNumber), out var length);
        _body.Advance(length);
    }

    private void Write(ReadOnlySpan<byte> name, ReadOnlySpan<byte> value)
    {
        Name(name);
        _body.Write(value);
    }

    private void Name(ReadOnlySpan<byte> name)
    {
        Separate();
        _body.Write("\""u8);
        _body.Write(name);
        _body.Write("\":"u8);
    }

    private void Separate()
    {
        if (_any) _body.Write(","u8);
        _any = true;
    }
}
