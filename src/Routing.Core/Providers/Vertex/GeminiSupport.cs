using Routing.Core.Llm;

namespace Routing.Core.Providers.Vertex;

/// <summary>
/// What generateContent carries. The callers' three chat APIs are all translated, so it is the same for each. Not carried, because
/// Gemini has no place for it or none that means the same: log probabilities, logit bias, several choices, at most one tool call,
/// verbosity, audio, and an assistant's turn at the end, which Vertex AI refuses.
/// </summary>
internal static class GeminiSupport
{
    private const Capabilities Chat = Capabilities.Text | Capabilities.Streaming | Capabilities.SystemPrompt | Capabilities.Tools
        | Capabilities.JsonObject | Capabilities.JsonSchema | Capabilities.Vision | Capabilities.ImageUrls | Capabilities.Documents
        | Capabilities.Seed | Capabilities.Penalties | Capabilities.TopK | Capabilities.StopSequences | Capabilities.HighTemperature
        | Capabilities.ToolChoiceNone | Capabilities.ToolChoiceForced | Capabilities.StrictTools | Capabilities.ToolErrors
        | Capabilities.EndUser | Capabilities.Metadata | Capabilities.ServiceTier | Capabilities.CacheControl | Capabilities.PromptCacheKey
        | Capabilities.ReasoningHistory | Capabilities.ParticipantNames | Capabilities.ImageDetail;

    private const Capabilities Thoughts = Capabilities.Reasoning | Capabilities.ReasoningBudget | Capabilities.ReasoningSummary;

    private static readonly Approximation[] Nearly =
    [
        new(Capabilities.ImageUrls, "image type taken from the ending of its address"),
        new(Capabilities.StrictTools, "strict tool schemas are shown to the model but not enforced"),
        new(Capabilities.EndUser, "user sent as a billing label in lower case"),
        new(Capabilities.Metadata, "metadata sent as billing labels in lower case"),
        new(Capabilities.ServiceTier, "service tier left to the capacity class of the endpoint"),
        new(Capabilities.CacheControl, "cache marks left out; Gemini caches prefixes by itself"),
        new(Capabilities.PromptCacheKey, "prompt cache key left out; Gemini caches prefixes by itself"),
        Approximation.OfValue(Capabilities.ReasoningHistory, GeminiWarnings.ForeignReasoning),
        new(Capabilities.ParticipantNames, "messages.name not sent"),
        new(Capabilities.ImageDetail, "image_url.detail not sent"),
    ];

    private static readonly WireSupport WithoutThinking = WireSupport.Of(Chat, [.. Nearly]);

    private static readonly WireSupport WithBudget = WireSupport.Of(Chat | Thoughts,
    [
        .. Nearly,
        Approximation.OfValue(Capabilities.Reasoning, GeminiWarnings.EffortAsBudget),
        Approximation.OfValue(Capabilities.ReasoningBudget, GeminiWarnings.BudgetFitted),
    ]);

    private static readonly WireSupport WithLevel = WireSupport.Of(Chat | Thoughts | Capabilities.ToolResultImages,
    [
        .. Nearly,
        Approximation.OfValue(Capabilities.Reasoning, GeminiWarnings.EffortAsLevel),
        Approximation.OfValue(Capabilities.ReasoningBudget, GeminiWarnings.BudgetAsLevel),
    ]);

    public static WireSupport Of(CallerApi api, string model) => api switch
    {
        CallerApi.ChatCompletions or CallerApi.Responses or CallerApi.Messages or CallerApi.Canonical => Of(model),
        CallerApi.CountTokens => Of(model) with { Carries = Of(model).Carries | Capabilities.TokenCounting },
        _ => WireSupport.None,
    };

    private static WireSupport Of(string model) => GeminiModel.Of(model).Thinking switch
    {
        ThinkingControl.None => WithoutThinking,
        ThinkingControl.Budget => WithBudget,
        _ => WithLevel,
    };
}
