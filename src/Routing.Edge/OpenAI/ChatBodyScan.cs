using System.Text;
using System.Text.Json;
using Routing.Core.Llm;

namespace Routing.Edge.OpenAI;

/// <summary>The members of a chat completion, checked as they come by. Members nobody knows need an endpoint of the caller's own wire.</summary>
internal struct ChatBodyScan()
{
    // OpenAI's own limits where it has one; the rest keep a request from being all overhead.
    private const int MostTokens = 10_000_000;
    private const int MostStops = 4;
    private const int MostChoices = 128;
    private const int MostTools = 128;
    private const int MostBiases = 1024;
    private const int LongestModel = 256;

    private MemberNames _seen;

    public string? Model { get; private set; }
    public Range ModelRange { get; private set; }
    public bool Stream { get; private set; }
    public bool IncludeUsage { get; private set; }
    public Range? StreamOptionsRange { get; private set; }
    public int FirstMember { get; private set; }
    public int? MaxOutputTokens { get; private set; }
    public Capabilities Needs { get; private set; } = Capabilities.Text;

    private bool _messages;
    private bool _hasTools;
    private Range? _nullOptions;

    public void Read(ref Utf8JsonReader json)
    {
        if (!json.Read() || json.TokenType != JsonTokenType.StartObject) throw RequestFault.Json("it begins with something else than '{'.");
        FirstMember = (int)json.BytesConsumed;
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            var name = _seen.Take(ref json, At.Root);
            if (!json.Read()) break;
            Member(name, ref json);
        }

        if (json.TokenType != JsonTokenType.EndObject || json.Read()) throw RequestFault.Json("something follows its closing brace.");
        if (Model is null) throw RequestFault.Missing("model");
        if (!_messages) throw RequestFault.Missing("messages");
        if (StreamOptionsRange is not null && !Stream) throw RequestFault.Value("stream_options", "is only allowed when 'stream' is true.");
        if (Stream)
        {
            Needs |= Capabilities.Streaming;
            StreamOptionsRange ??= _nullOptions;
        }

        if (_hasTools) Needs |= Capabilities.Tools;
    }

    private void Member(string name, ref Utf8JsonReader json)
    {
        switch (name)
        {
            case "model": ReadModel(ref json); return;
            case "messages": Needs |= MessageScan.Read(ref json); _messages = true; return;
            case "stream": Stream = JsonValue.Bool(ref json, name) ?? false; return;
            case "stream_options": ReadStreamOptions(ref json); return;
            case "max_tokens" or "max_completion_tokens":
                if (JsonValue.Whole(ref json, name, 1, MostTokens) is { } most) MaxOutputTokens = (int)most;
                return;
            case "temperature": JsonValue.Number(ref json, name, 0, 2); return;
            case "top_p": JsonValue.Number(ref json, name, 0, 1); return;
            case "stop": JsonValue.StringOrStrings(ref json, name, MostStops); return;
            case "store":
                if (JsonValue.Bool(ref json, name) == true) throw RequestFault.Unsupported(name, "must be false: nothing is stored behind this API.");
                return;

            // About the caller, not about the answer: dropped where a wire has no place for them.
            case "user" or "safety_identifier" or "prompt_cache_key": JsonValue.Text(ref json, name, 1024); return;
            case "metadata": JsonValue.Object(ref json, name); return;
            default: Needs |= Feature(name, ref json); return;
        }
    }

    /// <summary>Members that not every wire can carry.</summary>
    private Capabilities Feature(string name, ref Utf8JsonReader json)
    {
        switch (name)
        {
            case "n": return JsonValue.Whole(ref json, name, 1, MostChoices) > 1 ? Capabilities.MultipleChoices : default;
            case "seed": return JsonValue.Whole(ref json, name, long.MinValue, long.MaxValue) is null ? default : Capabilities.Seed;
            case "presence_penalty" or "frequency_penalty": return JsonValue.Number(ref json, name, -2, 2) is null or 0 ? default : Capabilities.Penalties;
            case "logprobs": return JsonValue.Bool(ref json, name) == true ? Capabilities.Logprobs : default;
            case "top_logprobs": return JsonValue.Whole(ref json, name, 0, 20) is null ? default : Capabilities.Logprobs;
            case "logit_bias": return JsonValue.Object(ref json, name, MostBiases) > 0 ? Capabilities.SameWireFields : default;
            case "reasoning_effort": return JsonValue.Text(ref json, name, 32) ? Capabilities.Reasoning : default;
            case "response_format": return ResponseFormatScan.Read(ref json);
            case "tools":
                _hasTools |= JsonValue.Array(ref json, name, MostTools) > 0;
                return default;
            case "tool_choice" or "parallel_tool_calls":
                json.Skip();
                return default;
            case "modalities": return Modalities(ref json);
            default:
                json.Skip();
                return Capabilities.SameWireFields;
        }
    }

    private static Capabilities Modalities(ref Utf8JsonReader json)
    {
        var audio = false;
        JsonValue.StringOrStrings(ref json, "modalities", 8, (ref Utf8JsonReader word) => audio |= !word.ValueTextEquals("text"u8));
        return audio ? Capabilities.Audio : default;
    }

    private void ReadModel(ref Utf8JsonReader json)
    {
        if (json.TokenType != JsonTokenType.String) throw RequestFault.Type("model", "a string", JsonValue.Word(json.TokenType));
        if (json.ValueSpan.Length == 0) throw RequestFault.Value("model", "is empty. Name a feature; GET /v1/models lists them.");
        if (json.ValueSpan.Length > LongestModel) throw RequestFault.TooLong("model", json.ValueSpan.Length, LongestModel);
        Model = json.ValueIsEscaped ? json.GetString()! : Encoding.UTF8.GetString(json.ValueSpan);
        ModelRange = (int)json.TokenStartIndex..(int)json.BytesConsumed;
    }

    private void ReadStreamOptions(ref Utf8JsonReader json)
    {
        if (json.TokenType == JsonTokenType.Null)
        {
            // Kept as a place to write to: a second member of that name would be a duplicate.
            _nullOptions = (int)json.TokenStartIndex..(int)json.BytesConsumed;
            return;
        }

        if (json.TokenType != JsonTokenType.StartObject) throw RequestFault.Type("stream_options", "an object", JsonValue.Word(json.TokenType));
        var start = (int)json.TokenStartIndex;
        var seen = new MemberNames();
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            var name = seen.Take(ref json, new At(Inside: "stream_options"));
            json.Read();
            if (name == "include_usage") IncludeUsage = JsonValue.Bool(ref json, "stream_options.include_usage") ?? false;
            else json.Skip();
        }

        StreamOptionsRange = start..(int)json.BytesConsumed;
    }
}
