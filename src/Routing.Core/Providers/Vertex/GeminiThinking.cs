using System.Text.Json;
using Routing.Core.Llm;

namespace Routing.Core.Providers.Vertex;

/// <summary>
/// Effort and budget in Gemini's two ways of saying it, by the table of Google's own compatibility layer. What a model cannot do
/// (switch thinking off, think at MINIMAL) becomes the nearest it can, since it would refuse the call. Thoughts count against the limit of
/// tokens: a budget that leaves nothing of it would be paid for an empty answer.
/// </summary>
internal static class GeminiThinking
{
    private const int MostOutput = 65536;
    private const int MostThoughts = 32768;
    private const int MostThoughtsOfFlash = 24576;

    // What 2.5 thinks at most by itself; its Flash-Lite does not think unasked.
    private const int Unasked = 8192;

    private const int PercentOfLimit = 80;

    /// <summary>The caller's limit; else the model endpoint's, which is meant for the answer, with room for the thoughts beside it.</summary>
    public static int Limit(ChatRequest request, ModelTarget target, GeminiModel model)
    {
        if (request.MaxOutputTokens is { } asked) return asked;
        var room = model.Thinking switch
        {
            ThinkingControl.None => 0,
            ThinkingControl.Level => MostThoughts,
            _ => Budget(request, model) ?? (model.IsLite ? 0 : Unasked),
        };
        return Math.Max(target.MaxOutputTokens, (int)Math.Min((long)target.MaxOutputTokens + room, MostOutput));
    }

    /// <summary>Whether the model thinks less than was asked, for the sake of the caller's limit.</summary>
    public static bool IsCut(ChatRequest request, GeminiModel model) =>
        model.Thinking == ThinkingControl.Budget && Wanted(request.Reasoning) is { } wanted && InRange(wanted, model) > Budget(request, model);

    /// <summary>Whether a budget is one the model takes.</summary>
    public static bool IsInRange(Reasoning reasoning, GeminiModel model) => reasoning.BudgetTokens is { } tokens && InRange(tokens, model) == tokens;

    /// <summary>Whether the model can be told not to think; the third generation's least level is only the least.</summary>
    public static bool CanStop(GeminiModel model) => model.Thinking != ThinkingControl.Level && model.IsFlash;

    public static void Write(Utf8JsonWriter json, ChatRequest request, GeminiModel model)
    {
        if (model.Thinking == ThinkingControl.None || request.Reasoning is not { } reasoning) return;
        json.WriteStartObject("thinkingConfig"u8);
        var budget = model.Thinking == ThinkingControl.Budget ? Budget(request, model) : null;
        if (budget is { } tokens) json.WriteNumber("thinkingBudget"u8, tokens);
        else if (Level(reasoning, model) is { } level) json.WriteString("thinkingLevel"u8, level);

        // Thoughts of a model that is not to think may not be asked for.
        if (reasoning.Show && reasoning.Effort != "none" && budget != 0) json.WriteBoolean("includeThoughts"u8, true);
        json.WriteEndObject();
    }

    private static string? Level(Reasoning reasoning, GeminiModel model)
    {
        if (model.Thinking != ThinkingControl.Level) return null;
        var effort = reasoning.Effort ?? reasoning.BudgetTokens switch
        {
            null => null,
            <= 1024 => "low",
            <= 8192 => "medium",
            _ => "high",
        };
        return effort switch
        {
            "none" or "minimal" => model.HasMinimal ? "MINIMAL" : "LOW",
            "low" => "LOW",
            "medium" => model.HasMedium ? "MEDIUM" : "HIGH",
            "high" or "xhigh" or "max" => "HIGH",
            _ => null,
        };
    }

    // An effort is a share of the caller's limit at most; a budget is the caller's own, unless it leaves nothing for the answer.
    private static int? Budget(ChatRequest request, GeminiModel model)
    {
        if (Wanted(request.Reasoning) is not { } wanted) return null;
        var tokens = InRange(wanted, model);
        if (request.MaxOutputTokens is not { } limit || (tokens < limit && request.Reasoning!.BudgetTokens is not null)) return tokens; // Wanted, so there.
        var fitting = (int)((long)limit * PercentOfLimit / 100);
        if (tokens <= fitting) return tokens;
        return fitting < Least(model) && model.IsFlash ? 0 : InRange(fitting, model);
    }

    private static int? Wanted(Reasoning? reasoning) => reasoning?.Effort switch
    {
        null => reasoning?.BudgetTokens,
        "none" => 0,
        "minimal" or "low" => 1024,
        "medium" => 8192,
        "high" or "xhigh" or "max" => 24576,
        _ => null,
    };

    /// <summary>Pro thinks from 128 to 32768 tokens and always; Flash up to 24576; Flash-Lite from 512; both can leave it.</summary>
    private static int InRange(int tokens, GeminiModel model) =>
        tokens <= 0 && model.IsFlash ? 0 : Math.Clamp(tokens, Least(model), model.IsFlash ? MostThoughtsOfFlash : MostThoughts);

    private static int Least(GeminiModel model) => model.IsLite ? 512 : model.IsFlash ? 1 : 128;
}
