using System.Text.Json;
using Routing.Core.Llm;
using Routing.Edge.Json;
using Routing.Edge.OpenAI;

namespace Routing.Edge.Responses;

/// <summary>
/// The members of a Responses request, checked as they come by. What would need something stored is refused here; members nobody knows
/// need an endpoint of the caller's own wire.
/// </summary>
internal struct ResponsesBodyScan(Needs needs)
{
    private const int MostTokens = 10_000_000;
    private const int LongestId = 1024;
    private const string NothingStored = "needs something stored, and nothing is stored behind this API. Send the whole conversation in 'input'.";

    private MemberNames _seen = default;
    private Needs _needs = needs;
    private InputScan _input = new();
    private ResponsesToolScan _tools = new();
    private bool _hasInput;
    private bool _hasOptions;
    private bool _serialCalls;
    private CallKey _key;

    public ModelName Model { get; private set; }
    public bool Stream { get; private set; }
    public int FirstMember { get; private set; }
    public Range? Store { get; private set; }
    public int? MaxOutputTokens { get; private set; }
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
        if (!_hasInput) throw RequestFault.Missing("input");
        if (_hasOptions && !Stream) throw RequestFault.Value("stream_options", "is only allowed when 'stream' is true.");
        if (Stream) _needs.Add(Capabilities.Streaming, At.Root, "stream");
        _tools.End(ref _needs);
        if (_serialCalls && _tools.Any) _needs.Add(Capabilities.SerialToolCalls, At.Root, "parallel_tool_calls");
    }

    private void Member(string name, ref Utf8JsonReader json)
    {
        switch (name)
        {
            case "model": Model = ModelName.Read(ref json); return;
            case "input":
                _input.Read(ref json, ref _needs);
                _hasInput = true;
                return;
            case "stream": Stream = JsonValue.Bool(ref json, At.Root, name) ?? false; return;
            case "stream_options": ReadStreamOptions(ref json); return;
            case "store": ReadStore(ref json); return;
            case "max_output_tokens": MaxOutputTokens = (int?)JsonValue.Whole(ref json, At.Root, name, 1, MostTokens); return;
            case "top_p": JsonValue.Number(ref json, At.Root, name, 0, 1); return;
            case "tools": _tools.Read(ref json, ref _needs); return;
            case "tool_choice": _tools.ReadChoice(ref json, ref _needs); return;
            case "parallel_tool_calls": _serialCalls = JsonValue.Bool(ref json, At.Root, name) == false; return;
            case "text": TextConfigScan.Read(ref json, ref _needs); return;
            case "reasoning": ReasoningConfigScan.Read(ref json, ref _needs); return;
            case "include": IncludeScan.Read(ref json, ref _needs); return;
            case "previous_response_id" or "conversation" or "prompt":
                if (json.TokenType != JsonTokenType.Null) throw RequestFault.Incapable(name, NothingStored);
                return;
            case "background":
                if (JsonValue.Bool(ref json, At.Root, name) == true) throw RequestFault.Incapable(name, "must be false: an answer that is fetched later would have to be stored.");
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
            case "instructions": return JsonValue.Text(ref json, At.Root, name) ? Capabilities.SystemPrompt : default;
            case "temperature": return JsonValue.Number(ref json, At.Root, name, 0, 2) > 1 ? Capabilities.HighTemperature : default;
            case "top_logprobs": return JsonValue.Whole(ref json, At.Root, name, 0, 20) > 0 ? Capabilities.Logprobs : default;
            case "user" or "safety_identifier": return JsonValue.Text(ref json, At.Root, name, LongestId) ? Capabilities.EndUser : default;
            case "prompt_cache_key": return JsonValue.Text(ref json, At.Root, name, LongestId) ? Capabilities.PromptCacheKey : default;
            case "metadata": return MetadataScan.Read(ref json);

            // "auto" is what every provider does without being told.
            case "service_tier":
                return JsonValue.Text(ref json, At.Root, name, LongestId) && !json.ValueTextEquals("auto"u8) ? Capabilities.ServiceTier : default;
            case "truncation": return Truncation(ref json);
            default:
                if (json.TokenType == JsonTokenType.Null) return default;
                json.Skip();
                return Capabilities.SameWireFields;
        }
    }

    // Which items may be forgotten is the provider's own judgement: nobody else's conversation is cut here.
    private static Capabilities Truncation(ref Utf8JsonReader json)
    {
        if (!JsonValue.Text(ref json, At.Root, "truncation") || json.ValueTextEquals("disabled"u8)) return default;
        return json.ValueTextEquals("auto"u8) ? Capabilities.SameWireFields : throw RequestFault.Value("truncation", "must be auto or disabled.");
    }

    private void ReadStore(ref Utf8JsonReader json)
    {
        if (JsonValue.Bool(ref json, At.Root, "store") == true) throw RequestFault.Incapable("store", "must be false: nothing is stored behind this API.");
        Store = (int)json.TokenStartIndex..(int)json.BytesConsumed;
    }

    private void ReadStreamOptions(ref Utf8JsonReader json)
    {
        var at = At.Root.In("stream_options");
        if (!JsonValue.TryBeginObject(ref json, at)) return;
        _hasOptions = true;
        var seen = new MemberNames();
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            var name = seen.Take(ref json, at);
            json.Read();
            if (name != "include_obfuscation") throw RequestFault.Unsupported(at.Of(name), "is not known; there is include_obfuscation.");
            if (JsonValue.Bool(ref json, at, name) == true) _needs.Add(Capabilities.SameWireFields, at, name);
        }
    }
}
