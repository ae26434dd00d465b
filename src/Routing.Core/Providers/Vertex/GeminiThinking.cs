using System.Text.Json;
using Routing.Core.Llm;

namespace Routing.Core.Providers.Vertex;

/// <summary>
/// Effort and budget in Gemini's two ways of saying it, by the table of Google's own compatibility layer. What a model cannot do
/// (switch thinking off, think at MINIMAL) becomes the nearest it can, since it would refuse the call.
/// </summary>
internal static class GeminiThinking
{
    public static void Write(Utf8JsonWriter json, Reasoning reasoning, GeminiModel model)
    {
        if (model.Thinking == ThinkingControl.None) return;
        json.WriteStartObject("thinkingConfig"u8);
        if (model.Thinking == ThinkingControl.Level)
        {
            if (Level(reasoning, model) is { } level) json.WriteString("thinkingLevel"u8, level);
        }
        else if (Budget(reasoning, model) is { } tokens)
        {
            json.WriteNumber("thinkingBudget"u8, tokens);
        }

        if (reasoning.Show && reasoning.Effort != "none") json.WriteBoolean("includeThoughts"u8, true);
        json.WriteEndObject();
    }

    private static string? Level(Reasoning reasoning, GeminiModel model)
    {
        var effort = reasoning.Effort ?? reasoning.BudgetTokens switch
        {
            null => null,
            <= 1024 => "low",
            <= 8192 => "medium",
            _ => "high",
        };
        return effort switch
        {
            null => null,
            "none" or "minimal" => model.HasMinimal ? "MINIMAL" : "LOW",
            "low" => "LOW",
            "medium" => model.HasMedium ? "MEDIUM" : "HIGH",
            _ => "HIGH",
        };
    }

    /// <summary>Pro thinks from 128 to 32768 tokens and always; Flash up to 24576; Flash-Lite from 512; both can leave it.</summary>
    private static int? Budget(Reasoning reasoning, GeminiModel model)
    {
        int? wanted = reasoning.Effort switch
        {
            null => reasoning.BudgetTokens,
            "none" => 0,
            "minimal" or "low" => 1024,
            "medium" => 8192,
            _ => 24576,
        };
        if (wanted is not { } tokens) return null;
        if (tokens <= 0 && model.IsFlash) return 0;
        return Math.Clamp(tokens, model.IsLite ? 512 : model.IsFlash ? 1 : 128, model.IsFlash ? 24576 : 32768);
    }
}
