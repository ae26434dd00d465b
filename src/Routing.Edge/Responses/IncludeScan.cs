using System.Text.Json;
using Routing.Core.Llm;
using Routing.Edge.Json;

namespace Routing.Edge.Responses;

/// <summary>Checks <c>include</c>. Sealed reasoning is always in the answer; most of the rest is about tools that OpenAI runs itself.</summary>
internal static class IncludeScan
{
    private const int Most = 32;

    public static void Read(ref Utf8JsonReader json, ref Needs needs)
    {
        if (!JsonValue.TryBeginArray(ref json, At.Root, "include")) return;
        for (var count = 0; JsonValue.NextItem(ref json, At.Root, "include", count, Most); count++)
        {
            var at = At.Item("include", count);
            JsonValue.String(ref json, at, "");
            if (json.ValueTextEquals("reasoning.encrypted_content"u8)) continue;
            needs.AddValue(json.ValueTextEquals("message.output_text.logprobs"u8) ? Capabilities.Logprobs : Capabilities.SameWireFields, at, "", ref json);
        }
    }
}
