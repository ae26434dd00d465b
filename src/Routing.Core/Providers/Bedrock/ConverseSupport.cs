using System.Collections.Immutable;
using Routing.Core.Llm;
using Routing.Core.Providers.Anthropic;
using Routing.Core.Snapshots;

namespace Routing.Core.Providers.Bedrock;

/// <summary>What Converse makes of chat calls, by the model's maker. The three chat APIs are all translated, so they fare alike.</summary>
internal static class ConverseSupport
{
    private const Capabilities Always =
        Capabilities.Text | Capabilities.Streaming | Capabilities.SystemPrompt | Capabilities.Tools | Capabilities.Vision
        | Capabilities.Documents | Capabilities.StopSequences | Capabilities.ToolChoiceNone | Capabilities.ToolErrors
        | Capabilities.HighTemperature | Capabilities.EndUser | Capabilities.Metadata | Capabilities.ServiceTier | Capabilities.PromptCacheKey
        | Capabilities.CacheControl | Capabilities.ReasoningHistory | Capabilities.ParticipantNames | Capabilities.ImageDetail;

    public static WireSupport Of(ModelTarget target)
    {
        var model = BedrockModel.Of(target);
        var nearly = ImmutableArray.CreateBuilder<Approximation>();
        nearly.Add(Approximation.OfValue(Capabilities.HighTemperature, ClaudeWarnings.TemperatureLowered));
        nearly.Add(Approximation.OfValue(Capabilities.ToolChoiceNone, ConverseTools.NotSent));
        nearly.Add(new(Capabilities.EndUser, "user sent as request metadata only"));
        nearly.Add(Approximation.OfValue(Capabilities.Metadata, RequestMetadata.Changed));
        nearly.Add(new(Capabilities.PromptCacheKey, "prompt_cache_key not sent"));
        nearly.Add(new(Capabilities.ParticipantNames, "messages.name not sent"));
        nearly.Add(new(Capabilities.ImageDetail, "image_url.detail not sent"));
        nearly.Add(model.Maker == BedrockMaker.Anthropic
            ? Approximation.OfValue(Capabilities.ReasoningHistory, ClaudeWarnings.ForeignReasoning)
            : new(Capabilities.ReasoningHistory, "earlier reasoning not sent"));
        if (target.CapacityClass != CapacityClass.OnDemand) nearly.Add(new(Capabilities.ServiceTier, "service_tier decided by the model endpoint"));
        if (model.Maker == BedrockMaker.Nova) nearly.Add(Approximation.OfValue(Capabilities.CacheControl, ConverseWarnings.CacheOfNova));
        if (!model.Caches) nearly.Add(new(Capabilities.CacheControl, "cache_control not sent"));
        if (model.Maker is BedrockMaker.Other or BedrockMaker.OpenAI) nearly.Add(new(Capabilities.ToolErrors, "tool errors sent as plain results"));
        var schemas = model.TakesSchema ? Capabilities.JsonSchema | Capabilities.StrictTools : Capabilities.None;
        return new WireSupport(Always | schemas | OfMaker(model) | OfReasoning(model, nearly), nearly.ToImmutable());
    }

    /// <summary>Bedrock counts for Anthropic's models only, and by their own names.</summary>
    public static WireSupport Counting(ModelTarget target)
    {
        if (BedrockModel.CountedName(target.Model) is null) return WireSupport.None;
        var chat = Of(target);
        return chat with { Carries = chat.Carries | Capabilities.TokenCounting };
    }

    private static Capabilities OfMaker(in BedrockModel model) => model.Maker switch
    {
        BedrockMaker.Anthropic => Capabilities.ToolChoiceForced | Capabilities.SerialToolCalls | Capabilities.ToolResultImages
            | (model.TakesTopK ? Capabilities.TopK : Capabilities.None) | (model.TakesPrefill ? Capabilities.AssistantPrefill : Capabilities.None),
        BedrockMaker.Nova => Capabilities.ToolChoiceForced | Capabilities.ToolResultImages,
        _ => Capabilities.None,
    };

    private static Capabilities OfReasoning(in BedrockModel model, ImmutableArray<Approximation>.Builder nearly)
    {
        if (!model.IsReasoning) return Capabilities.None;
        if (model.Maker != BedrockMaker.Anthropic)
        {
            nearly.Add(Approximation.OfValue(Capabilities.Reasoning, ClaudeWarnings.NearestEffort));
            return Capabilities.Reasoning | Capabilities.ReasoningSummary;
        }

        nearly.Add(Approximation.OfValue(Capabilities.Reasoning, model.TakesEffort ? ClaudeWarnings.NearestEffort : ClaudeWarnings.EffortAsBudget));
        if (!model.TakesBudget) nearly.Add(Approximation.OfValue(Capabilities.ReasoningBudget, ClaudeWarnings.BudgetAsEffort));
        return Capabilities.Reasoning | Capabilities.ReasoningBudget | Capabilities.ReasoningSummary;
    }
}
