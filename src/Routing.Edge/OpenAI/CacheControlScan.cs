using System.Text.Json;
using Routing.Core.Llm;
using Routing.Edge.Json;

namespace Routing.Edge.OpenAI;

/// <summary>Checks <c>cache_control</c>, which OpenAI's wire does not have but callers of cached prompts send: Anthropic's mark on a part or a tool.</summary>
internal static class CacheControlScan
{
    public static void Read(ref Utf8JsonReader json, in At place, ref Needs needs)
    {
        var at = place.In("cache_control");
        if (!JsonValue.TryBeginObject(ref json, at)) return;
        var hasType = false;
        var seen = new MemberNames();
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            var name = seen.Take(ref json, at);
            json.Read();
            if (name == "type") hasType = OneOf(ref json, at, name, "ephemeral"u8, "ephemeral"u8, "must be ephemeral.");
            else if (name == "ttl") OneOf(ref json, at, name, "5m"u8, "1h"u8, "must be 5m or 1h.");
            else throw RequestFault.Unsupported(at.Of(name), "is not known; there are type and ttl.");
        }

        if (!hasType) throw RequestFault.Missing(at.Of("type"));
        needs.Add(Capabilities.CacheControl, at);
        needs.Add(Rewrites.Extensions);
    }

    private static bool OneOf(ref Utf8JsonReader json, in At at, string name, ReadOnlySpan<byte> one, ReadOnlySpan<byte> other, string otherwise)
    {
        JsonValue.String(ref json, at, name);
        return json.ValueTextEquals(one) || json.ValueTextEquals(other) ? true : throw RequestFault.Value(at.Of(name), otherwise);
    }
}
