using System.Collections.Immutable;
using Routing.Core.Llm;
using Routing.Core.Providers.Bedrock;

namespace Routing.Core.Providers.Anthropic;

/// <summary>What a translated call to one of Anthropic's models leaves out or says otherwise, behind whichever door, and to Converse's other models.</summary>
internal static class ClaudeWarnings
{
    public const string TemperatureLowered = "temperature lowered to 1";
    public const string ForeignReasoning = "earlier reasoning of other models not sent";
    public const string EffortAsBudget = "reasoning effort sent as a thinking budget";
    public const string NearestEffort = "reasoning effort sent as the nearest the model has";
    public const string BudgetAsEffort = "thinking budget sent as an effort";

    public static ImmutableArray<string> Of(ChatRequest request, in BedrockModel model)
    {
        var found = ImmutableArray<string>.Empty;
        if (TurnOrder.MovesSystem(request)) found = found.Add(TurnOrder.SystemMoved);
        if (ConverseReasoning.Warning(request, model) is { } said) found = found.Add(said);
        if (model.Maker == BedrockMaker.Anthropic && TurnOrder.LeavesOutReasoning(request, MessagesParts.Keeps)) found = found.Add(ForeignReasoning);
        return OfSampling(request, ClaudeSampling.Of(request, model), model, found);
    }

    private static ImmutableArray<string> OfSampling(ChatRequest request, in ClaudeSampling sent, in BedrockModel model, ImmutableArray<string> found)
    {
        if (request.Temperature is not null && sent.Temperature is null) found = found.Add("temperature not sent");
        else if (request.Temperature > sent.Temperature) found = found.Add(TemperatureLowered);
        if (request.TopP is not null && sent.TopP is null) found = found.Add("top_p not sent");
        if (model.Maker == BedrockMaker.Anthropic && request.TopK is not null && sent.TopK is null) found = found.Add("top_k not sent");
        return found;
    }
}
