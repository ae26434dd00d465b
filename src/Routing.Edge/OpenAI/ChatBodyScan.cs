using System.Text.Json;
using Routing.Core.Llm;
using Routing.Edge.Json;

namespace Routing.Edge.OpenAI;

/// <summary>The members of a chat completion, checked as they come by. Members nobody knows need an endpoint of the caller's own wire.</summary>
internal ref struct ChatBodyScan(ReadOnlySpan<byte> document, Needs needs)
{
    // OpenAI's own limits where it has one; the rest keep a request from being all overhead.
    private const int MostTokens = 10_000_000;
    private const int MostStops = 4;
    private const int MostChoices = 128;
    private const int MostBiases = 1024;
    private const int LongestId = 1024;

    private MemberNames _seen = default;
    private Needs _needs = needs;
    private ToolScan _tools = new(document);
    private MessageScan _conversation = new(document);
    private bool _messages;
    private bool _serialCalls;
    private CallKey _key;
    private long? _mostTokens;
    private Range? _nullOptions;

    public ModelName Model { get; private set; }
    public bool Stream { get; private set; }
    public bool IncludeUsage { get; private set; }
    public bool? Obfuscation { get; private set; }
    public Range? StreamOptionsRange { get; private set; }
    public int FirstMember { get; private set; }
    public int? MaxOutputTokens { get; private set; }
    public int Choices { get; private set; } = 1;
    public readonly string LimitName => _mostTokens is null ? "max_completion_tokens" : "max_tokens";
    public readonly ulong Key => _key.Value;
    public readonly Capabilities Needs => Capabilities.Text | _needs.All;
    public readonly Rewrites Rewrites => _needs.Rewrites;
    public readonly IReadOnlyDictionary<Capabilities, NeededField> Fields => _needs.Fields;

    public void Read(ref Utf8JsonReader json)
    {
        FirstMember = RequestReader.Open(ref json);
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            var name = _seen.Take(ref json, At.Root);
            if (!json.Read()) break;
            Member(name, ref json);
        }

        RequestReader.Close(ref json);
        if (Model.Name is null) throw RequestFault.Missing("model");
        if (!_messages) throw RequestFault.Missing("messages");
        if (StreamOptionsRange is not null && !Stream) throw RequestFault.Value("stream_options", "is only allowed when 'stream' is true.");
        if (Stream)
        {
            _needs.Add(Capabilities.Streaming, At.Root, "stream");
            StreamOptionsRange ??= _nullOptions;
        }

        Limits();
        _tools.End(ref _needs);
        if (_serialCalls && _tools.Any) _needs.Add(Capabilities.SerialToolCalls, At.Root, "parallel_tool_calls");
    }

    private void Limits()
    {
        if (MaxOutputTokens is not { } limit || _mostTokens is not { } older)
        {
            MaxOutputTokens ??= (int?)_mostTokens;
            return;
        }

        if (limit != older) throw RequestFault.Value("max_tokens", $"is {older} and 'max_completion_tokens' is {limit}: both name one limit. Send one of them.");
        _needs.Add(Rewrites.BothLimits);
    }

    private void Member(string name, ref Utf8JsonReader json)
    {
        switch (name)
        {
            case "model": Model = ModelName.Read(ref json); return;
            case "messages":
                _conversation.Read(ref json, ref _needs);
                _messages = true;
                return;
            case "stream": Stream = JsonValue.Bool(ref json, At.Root, name) ?? false; return;
            case "stream_options": ReadStreamOptions(ref json); return;
            case "max_completion_tokens": MaxOutputTokens = (int?)JsonValue.Whole(ref json, At.Root, name, 1, MostTokens); return;
            case "max_tokens": _mostTokens = JsonValue.Whole(ref json, At.Root, name, 1, MostTokens); return;
            case "top_p": JsonValue.Number(ref json, At.Root, name, 0, 1); return;
            case "tools": _tools.Read(ref json, ref _needs); return;
            case "tool_choice": _tools.ReadChoice(ref json, ref _needs); return;
            case "parallel_tool_calls": _serialCalls = JsonValue.Bool(ref json, At.Root, name) == false; return;
            case "reasoning_effort": EffortWords.OpenAI.Read(ref json, At.Root, name, ref _needs); return;
            case "response_format": ResponseFormatScan.Read(ref json, ref _needs); return;
            case "store":
                if (JsonValue.Bool(ref json, At.Root, name) == true) throw RequestFault.Incapable(name, "must be false: nothing is stored behind this API.");
                return;
            case "n":
                Choices = (int)(JsonValue.Whole(ref json, At.Root, name, 1, MostChoices) ?? 1);
                if (Choices > 1) _needs.Add(Capabilities.MultipleChoices, At.Root, name);
                return;
            case "prompt_cache_key" or "safety_identifier" or "user":
                var named = Field(name, ref json);
                if ((named & _needs.All & Capabilities.EndUser) != Capabilities.None) _needs.Add(Rewrites.BothUsers);
                _needs.Add(named, At.Root, name);
                _key.Take(name, ref json);
                return;
            default: _needs.Add(Field(name, ref json), At.Root, name); return;
        }
    }

    /// <summary>Members that not every wire can carry.</summary>
    private static Capabilities Field(string name, ref Utf8JsonReader json)
    {
        switch (name)
        {
            case "temperature": return JsonValue.Number(ref json, At.Root, name, 0, 2) > 1 ? Capabilities.HighTemperature : default;
            case "stop": return JsonValue.StringOrStrings(ref json, At.Root, name, MostStops) > 0 ? Capabilities.StopSequences : default;
            case "seed": return JsonValue.Whole(ref json, At.Root, name, long.MinValue, long.MaxValue) is null ? default : Capabilities.Seed;
            case "presence_penalty" or "frequency_penalty":
                return JsonValue.Number(ref json, At.Root, name, -2, 2) is null or 0 ? default : Capabilities.Penalties;
            case "logprobs": return JsonValue.Bool(ref json, At.Root, name) == true ? Capabilities.Logprobs : default;
            case "top_logprobs": return JsonValue.Whole(ref json, At.Root, name, 0, 20) is null ? default : Capabilities.Logprobs;
            case "logit_bias": return JsonValue.Object(ref json, At.Root, name, MostBiases) > 0 ? Capabilities.LogitBias : default;
            case "verbosity": return Verbosity(ref json);
            case "user" or "safety_identifier": return JsonValue.Text(ref json, At.Root, name, LongestId) ? Capabilities.EndUser : default;
            case "prompt_cache_key": return JsonValue.Text(ref json, At.Root, name, LongestId) ? Capabilities.PromptCacheKey : default;
            case "metadata": return MetadataScan.Read(ref json);

            // "auto" is what every provider does without being told.
            case "service_tier":
                return JsonValue.Text(ref json, At.Root, name, LongestId) && !json.ValueTextEquals("auto"u8) ? Capabilities.ServiceTier : default;
            case "modalities": return Modalities(ref json);
            case "audio": return JsonValue.Object(ref json, At.Root, name) > 0 ? Capabilities.Audio : default;
            default:
                if (json.TokenType == JsonTokenType.Null) return default;
                json.Skip();
                return Capabilities.SameWireFields;
        }
    }

    private static Capabilities Verbosity(ref Utf8JsonReader json)
    {
        if (!JsonValue.Text(ref json, At.Root, "verbosity")) return default;
        return json.ValueTextEquals("low"u8) || json.ValueTextEquals("medium"u8) || json.ValueTextEquals("high"u8) ? Capabilities.Verbosity
            : throw RequestFault.Value("verbosity", "must be one of low, medium, high.");
    }

    private static Capabilities Modalities(ref Utf8JsonReader json)
    {
        var needs = Capabilities.None;
        JsonValue.StringOrStrings(ref json, At.Root, "modalities", 8, (ref Utf8JsonReader word, int _) =>
        {
            if (word.ValueTextEquals("audio"u8)) needs |= Capabilities.Audio;
            else if (!word.ValueTextEquals("text"u8)) needs |= Capabilities.SameWireFields;
        });
        return needs;
    }

    private void ReadStreamOptions(ref Utf8JsonReader json)
    {
        if (json.TokenType == JsonTokenType.Null)
        {
            // Kept as a place to write to: a second member of that name would be a duplicate.
            _nullOptions = (int)json.TokenStartIndex..(int)json.BytesConsumed;
            return;
        }

        JsonValue.BeginObject(ref json, At.Root, "stream_options");
        var start = (int)json.TokenStartIndex;
        var at = At.Root.In("stream_options");
        var seen = new MemberNames();
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            var name = seen.Take(ref json, at);
            json.Read();
            if (name == "include_usage") IncludeUsage = JsonValue.Bool(ref json, at, name) ?? false;
            else if (name == "include_obfuscation") Obfuscation = JsonValue.Bool(ref json, at, name);
            else throw RequestFault.Unsupported(at.Of(name), "is not known; there are include_usage and include_obfuscation.");
        }

        StreamOptionsRange = start..(int)json.BytesConsumed;
    }
}
