using System.Text.Json;
using Routing.Simulator.Calls;

namespace Routing.Simulator.Bedrock;

/// <summary>How Amazon Nova 2 is told to reason: <c>reasoningConfig</c> with an effort. What it thinks is charged for, and never shown.</summary>
internal static class NovaReasoning
{
    /// <summary>Stands where the reasoning would.</summary>
    public const string Hidden = "[REDACTED]";

    /// <summary>The sentence of a ValidationException; null when there is nothing against the request.</summary>
    public static string? Check(JsonElement root, string model)
    {
        if (Config(root) is not { } config) return null;
        if (!model.Contains("amazon.nova-2", StringComparison.Ordinal)) return "Malformed input request: #: extraneous key [reasoningConfig] is not permitted, please reformat your input and try again.";
        if (config.Text("type") == "disabled") return null;
        if (config.Text("type") != "enabled") return "Malformed input request: #/reasoningConfig/type: it must be enabled or disabled, please reformat your input and try again.";
        if (config.Text("maxReasoningEffort") is not ("low" or "medium" or "high")) return "Malformed input request: #/reasoningConfig/maxReasoningEffort: it must be low, medium or high, please reformat your input and try again.";
        return config.Text("maxReasoningEffort") == "high" && IsLimited(root.Get("inferenceConfig"))
            ? "temperature, topP and maxTokens cannot be used with a maxReasoningEffort of high." : null;
    }

    /// <summary>Null unless reasoning is switched on.</summary>
    public static int? Tokens(JsonElement root) => Config(root) is { } config && config.Text("type") == "enabled"
        ? config.Text("maxReasoningEffort") switch { "low" => 16, "medium" => 64, _ => 256 } : null;

    private static bool IsLimited(JsonElement? limits) => limits?.Get("maxTokens") is not null || limits?.Get("temperature") is not null || limits?.Get("topP") is not null;

    private static JsonElement? Config(JsonElement root) => root.Get("additionalModelRequestFields")?.Get("reasoningConfig");
}
