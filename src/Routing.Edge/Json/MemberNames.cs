using System.Collections.Frozen;
using System.Text.Json;

namespace Routing.Edge.Json;

/// <summary>Names of the members of one object as they come by: interned when known, refused when there twice.</summary>
internal struct MemberNames
{
    private const int LongestName = 256;

    // The known names: a bit each, and no allocation for any of them.
    private static readonly string[] Known =
    [
        "model", "messages", "stream", "stream_options", "include_usage", "max_tokens", "max_completion_tokens", "temperature", "top_p", "stop", "store",
        "user", "safety_identifier", "prompt_cache_key", "metadata", "n", "seed", "presence_penalty", "frequency_penalty", "logprobs", "top_logprobs",
        "logit_bias", "reasoning_effort", "response_format", "tools", "tool_choice", "parallel_tool_calls", "modalities", "role", "content", "name",
        "tool_calls", "tool_call_id", "type", "text", "image_url", "input_audio", "url", "detail", "refusal", "function", "arguments", "id", "index",
        "description", "parameters", "strict", "json_schema", "schema", "file", "file_data", "filename", "file_id", "data", "format", "reasoning_content",
        "thinking_blocks", "thinking", "signature", "tool_calls_before", "service_tier", "verbosity", "cache_control", "ttl", "audio", "include_obfuscation",
        "input", "dimensions", "encoding_format", "instructions", "reasoning", "effort", "summary", "include", "truncation", "max_output_tokens", "call_id",
        "output", "encrypted_content", "status", "annotations", "user_id",
    ];

    private static readonly FrozenDictionary<string, int>.AlternateLookup<ReadOnlySpan<char>> Index =
        Known.Select((name, i) => (name, i)).ToFrozenDictionary(p => p.name, p => p.i, StringComparer.Ordinal).GetAlternateLookup<ReadOnlySpan<char>>();

    private UInt128 _known;
    private HashSet<string>? _others;

    /// <summary>The name the reader stands on.</summary>
    public string Take(ref Utf8JsonReader json, in At at)
    {
        if (json.ValueSpan.Length > LongestName) throw RequestFault.Json($"a member name has {json.ValueSpan.Length} bytes; at most {LongestName}.");
        Span<char> chars = stackalloc char[LongestName];
        var name = chars[..json.CopyString(chars)];
        if (Index.TryGetValue(name, out var index))
        {
            var bit = UInt128.One << index;
            if ((_known & bit) != UInt128.Zero) throw RequestFault.Duplicate(at.Of(Known[index]));
            _known |= bit;
            return Known[index];
        }

        var other = name.ToString();
        if (!(_others ??= new HashSet<string>(StringComparer.Ordinal)).Add(other)) throw RequestFault.Duplicate(at.Of(other));
        return other;
    }
}
