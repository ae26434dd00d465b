using System.Diagnostics;
using System.Text.Json;
using Routing.Core.Llm;
using Routing.Core.Providers.Anthropic;

namespace Routing.Core.Providers.Bedrock;

/// <summary>How a caller's wish for reasoning is said to each maker's models.</summary>
internal static class ConverseReasoning
{
    /// <summary>Anthropic's least budget.</summary>
    public const int LeastBudget = 1024;

    // What each of Anthropic's models that think writes at least when it is let.
    private const int MostOutput = 32000;

    /// <summary>Whether anything is said at all: without a word none of these models thinks, or each thinks as it always does.</summary>
    public static bool IsAsked(ChatRequest request, in BedrockModel model) => IsWished(request, model) && !IsLeftOut(request, model);

    /// <summary>
    /// Thinking by a budget goes on within a turn only behind the thinking that the turn began with, and most callers do not hand that
    /// back: from their second step on the model answers without.
    /// </summary>
    public static bool IsLeftOut(ChatRequest request, in BedrockModel model) =>
        model.Maker == BedrockMaker.Anthropic && IsWished(request, model) && AsBudget(request.Reasoning!, model) && OpenTurn.LacksThinking(request); // Wished, so there.

    /// <summary>The caller's limit; else the model endpoint's, which is meant for the answer, with room for Anthropic's thinking beside it, which counts against it.</summary>
    public static int Limit(ChatRequest request, ModelTarget target, in BedrockModel model)
    {
        if (request.MaxOutputTokens is { } asked) return asked;
        var own = target.MaxOutputTokens;
        if (model.Maker != BedrockMaker.Anthropic || !IsAsked(request, model)) return own;
        return Math.Max(own, Math.Min(own + Budget(request.Reasoning!, own), MostOutput)); // Asked, so there.
    }

    /// <summary>The part that goes into the additional fields.</summary>
    /// <param name="limit">What the budget is a share of: the caller's limit, else the model endpoint's own.</param>
    public static void WriteFields(Utf8JsonWriter json, Reasoning reasoning, in BedrockModel model, int limit)
    {
        switch (model.Maker)
        {
            case BedrockMaker.Anthropic when AsBudget(reasoning, model):
                json.WriteStartObject("thinking"u8);
                json.WriteString("type"u8, "enabled"u8);
                json.WriteNumber("budget_tokens"u8, Budget(reasoning, limit));
                json.WriteEndObject();
                break;
            case BedrockMaker.Anthropic:
                json.WriteStartObject("thinking"u8);
                json.WriteString("type"u8, "adaptive"u8);
                if (reasoning.Show) json.WriteString("display"u8, "summarized"u8);
                json.WriteEndObject();
                break;
            case BedrockMaker.Nova:
                json.WriteStartObject("reasoningConfig"u8);
                json.WriteString("type"u8, "enabled"u8);
                json.WriteString("maxReasoningEffort"u8, Nearest(reasoning.Effort));
                json.WriteEndObject();
                break;
            case BedrockMaker.OpenAI:
                json.WriteString("reasoning_effort"u8, Nearest(reasoning.Effort));
                break;
        }
    }

    /// <summary>Anthropic's effort, which has its place in <c>outputConfig</c>; null where there is none to send.</summary>
    public static string? OutputEffort(ChatRequest request, in BedrockModel model)
    {
        if (!model.TakesEffort || request.Reasoning is not { } reasoning || reasoning.Effort == "none" || AsBudget(reasoning, model)) return null;
        return reasoning switch
        {
            { BudgetTokens: <= 4096 } => "low",
            { BudgetTokens: <= 16384 } => "medium",
            { BudgetTokens: not null } => "high",
            { Effort: "xhigh" } when model.TakesBudget => "high",
            { Effort: "minimal" } => "low",
            { Effort: var effort } => effort,
            _ => null,
        };
    }

    /// <summary>What of a caller's wish is said otherwise than it was, or not; null when nothing is.</summary>
    public static string? Warning(ChatRequest request, in BedrockModel model)
    {
        if (!model.IsReasoning || request.Reasoning is not { } reasoning) return null;
        if (IsLeftOut(request, model)) return "reasoning not sent; the thinking this turn began with was not handed back";
        var isClaude = model.Maker == BedrockMaker.Anthropic;
        if (isClaude && !reasoning.Thinks && !model.TakesEffort) return "effort not sent; this model has none apart from its thinking";
        if (reasoning.BudgetTokens is not null) return isClaude && !AsBudget(reasoning, model) ? ClaudeWarnings.BudgetAsEffort : null;
        if (reasoning.Effort is not { } effort || effort == "none") return null;
        if (isClaude && AsBudget(reasoning, model)) return ClaudeWarnings.EffortAsBudget;
        return effort == (isClaude ? OutputEffort(request, model) : Nearest(effort)) ? null : ClaudeWarnings.NearestEffort;
    }

    private static bool IsWished(ChatRequest request, in BedrockModel model) =>
        model.IsReasoning && request.Reasoning is { } reasoning && (reasoning.Thinks || model.Maker != BedrockMaker.Anthropic) && (reasoning.BudgetTokens is not null || reasoning.Effort is not (null or "none"));

    private static bool AsBudget(Reasoning reasoning, in BedrockModel model) => !model.TakesEffort || (model.TakesBudget && reasoning.BudgetTokens is not null);

    // A share of the limit where only an effort was said.
    private static int Budget(Reasoning reasoning, int limit)
    {
        if (reasoning.BudgetTokens is { } asked) return asked;
        var percent = reasoning.Effort switch { "minimal" => 10, "low" => 20, "medium" => 50, "high" => 80, "xhigh" or "max" => 90, _ => throw Unknown() };
        return Math.Max((int)((long)limit * percent / 100), LeastBudget);
    }

    private static string Nearest(string? effort) => effort switch { "minimal" or "low" => "low", "medium" => "medium", "high" or "xhigh" or "max" => "high", _ => throw Unknown() };

    private static UnreachableException Unknown() => new("A call of an unknown effort is refused before it is written.");
}
