using System.Text.Json;
using Routing.Simulator.Calls;

namespace Routing.Simulator.Anthropic;

/// <summary>What the version a request names allows.</summary>
internal static class ApiVersion
{
    /// <summary>The first version since 2023-06-01; it takes no sampling parameters, no documents from the assistant, no citations from the user.</summary>
    public const string October2026 = "2026-10-21";

    private static readonly string[] Removed = ["temperature", "top_p", "top_k"];

    /// <summary>The sentence of an invalid_request_error; null when the version has nothing against the request.</summary>
    public static string? Check(JsonElement root, string version)
    {
        if (version != October2026) return null;
        foreach (var name in Removed)
            if (root.Get(name) is not null) return $"{name}: Extra inputs are not permitted";
        foreach (var message in root.Get("messages").Items())
        {
            var fromAssistant = message.Text("role") == "assistant";
            foreach (var block in message.Get("content").Items())
            {
                if (fromAssistant && block.Text("type") == "document") return "messages: `document` blocks are not permitted in assistant messages.";
                if (!fromAssistant && block.Get("citations") is { ValueKind: JsonValueKind.Array } citations && citations.GetArrayLength() > 0) return "messages: `citations` are not permitted in user messages.";
            }
        }

        return null;
    }
}
