using System.Collections.Immutable;
using Routing.Core.Llm;

namespace Routing.Core.Providers.Vertex;

/// <summary>What a translated call says otherwise to Gemini than its caller said it.</summary>
internal static class GeminiWarnings
{
    public const string ForeignReasoning = "earlier reasoning of other models left out";
    public const string EffortAsBudget = "reasoning effort translated to a thinking budget";
    public const string EffortAsLevel = "reasoning effort translated to a thinking level";
    public const string BudgetAsLevel = "reasoning budget translated to a thinking level";
    public const string BudgetFitted = "reasoning budget fitted to the range of the model";

    public static ImmutableArray<string> Of(ChatRequest request, GeminiModel model)
    {
        var found = ImmutableArray<string>.Empty;
        if (TurnOrder.MovesSystem(request)) found = found.Add(TurnOrder.SystemMoved);
        if (TurnOrder.LeavesOutReasoning(request, GeminiPartWriter.Keeps)) found = found.Add(ForeignReasoning);
        if (OfReasoning(request.Reasoning, model) is { } said) found = found.Add(said);
        return GeminiThinking.IsCut(request, model) ? found.Add("thinking budget lowered to leave room for the answer") : found;
    }

    private static string? OfReasoning(Reasoning? reasoning, GeminiModel model)
    {
        if (model.Thinking == ThinkingControl.None || reasoning is null or { Effort: null, BudgetTokens: null }) return null;
        if (reasoning.Effort == "none") return GeminiThinking.CanStop(model) ? null : "thinking cannot be switched off; the least of the model is asked for";
        var asLevel = model.Thinking == ThinkingControl.Level;
        if (reasoning.Effort is not null) return asLevel ? EffortAsLevel : EffortAsBudget;
        return asLevel ? BudgetAsLevel : GeminiThinking.IsInRange(reasoning, model) ? null : BudgetFitted;
    }
}
