using System.Text.Json;
using Routing.Core.Llm;
using Routing.Edge.Json;
using Routing.Edge.OpenAI;

namespace Routing.Edge.Anthropic;

/// <summary>The members of a message request, checked as they come by. Members nobody knows need an endpoint of the caller's own wire.</summary>
internal struct MessagesBodyScan(bool isCount, Needs needs)
{
    // Anthropic's own limits where it has one; the rest keep a request from being all overhead.
    private const int MostTokens = 10_000_000;
    private const int MostStops = 8191;
    private const int MostTopK = 1_000_000;
    private const int LongestUserId = 512;

    private MemberNames _seen = default;
    private Needs _needs = needs;
    private MessagesToolScan _tools = new();
    private bool _messages;
    private CallKey _key;

    public ModelName Model { get; private set; }
    public bool Stream { get; private set; }
    public int FirstMember { get; private set; }
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
        if (!_messages) throw RequestFault.Missing("messages");
        if (!isCount && MaxOutputTokens is null) throw RequestFault.Missing("max_tokens");
        if (Stream) _needs.Add(Capabilities.Streaming, At.Root, "stream");
        _tools.End(ref _needs);
    }

    private void Member(string name, ref Utf8JsonReader json)
    {
        switch (name)
        {
            case "model": Model = ModelName.Read(ref json); return;
            case "messages":
                MessagesScan.Read(ref json, ref _needs);
                _messages = true;
                return;
            case "max_tokens": MaxOutputTokens = (int?)JsonValue.Whole(ref json, At.Root, name, 1, MostTokens); return;
            case "stream" when !isCount: Stream = JsonValue.Bool(ref json, At.Root, name) ?? false; return;
            case "system": BlockScan.ReadSystem(ref json, ref _needs); return;
            case "temperature": JsonValue.Number(ref json, At.Root, name, 0, 1); return;
            case "top_p": JsonValue.Number(ref json, At.Root, name, 0, 1); return;
            case "tools": _tools.Read(ref json, ref _needs); return;
            case "tool_choice": _tools.ReadChoice(ref json, ref _needs); return;
            case "thinking": ThinkingConfigScan.Read(ref json, ref _needs); return;
            case "output_config": OutputConfigScan.Read(ref json, ref _needs); return;
            case "cache_control": CacheControlScan.Read(ref json, At.Root, ref _needs); return;
            case "metadata": ReadMetadata(ref json); return;
            case "top_k":
                if (JsonValue.Whole(ref json, At.Root, name, 0, MostTopK) is not null) _needs.Add(Capabilities.TopK, At.Root, name);
                return;
            case "stop_sequences": ReadStops(ref json); return;
            case "service_tier":
                // "auto" is what Anthropic does without being told.
                if (JsonValue.Text(ref json, At.Root, name, LongestUserId) && !json.ValueTextEquals("auto"u8)) _needs.Add(Capabilities.ServiceTier, At.Root, name);
                return;
            default: UnknownMember.Skip(ref json, At.Root, name, ref _needs); return;
        }
    }

    private void ReadStops(ref Utf8JsonReader json)
    {
        if (!JsonValue.TryBeginArray(ref json, At.Root, "stop_sequences")) return;
        var count = 0;
        for (; JsonValue.NextItem(ref json, At.Root, "stop_sequences", count, MostStops); count++)
        {
            JsonValue.String(ref json, At.Item("stop_sequences", count), "");
        }

        if (count > 0) _needs.Add(Capabilities.StopSequences, At.Root, "stop_sequences");
    }

    private void ReadMetadata(ref Utf8JsonReader json)
    {
        var at = At.Root.In("metadata");
        if (!JsonValue.TryBeginObject(ref json, at)) return;
        var seen = new MemberNames();
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            var name = seen.Take(ref json, at);
            json.Read();
            if (name != "user_id") UnknownMember.Skip(ref json, at, name, ref _needs);
            else if (JsonValue.Text(ref json, at, name, LongestUserId))
            {
                _needs.Add(Capabilities.EndUser, at, name);
                _key.Take(name, ref json);
            }
        }
    }
}
