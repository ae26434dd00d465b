using Routing.Core.Llm;

namespace Routing.Core.Providers.Anthropic;

/// <summary>What the messages wire makes of calls, whichever door it is behind.</summary>
internal static class MessagesSupport
{
    private const Capabilities Translated =
        Capabilities.Text | Capabilities.Streaming | Capabilities.SystemPrompt | Capabilities.Tools | Capabilities.JsonSchema | Capabilities.Vision
        | Capabilities.ImageUrls | Capabilities.Documents | Capabilities.Reasoning | Capabilities.TopK | Capabilities.StopSequences
        | Capabilities.ToolChoiceNone | Capabilities.ToolChoiceForced | Capabilities.SerialToolCalls | Capabilities.StrictTools
        | Capabilities.ToolResultImages | Capabilities.ToolErrors | Capabilities.HighTemperature | Capabilities.EndUser | Capabilities.Metadata
        | Capabilities.PromptCacheKey | Capabilities.CacheControl | Capabilities.ReasoningBudget | Capabilities.ReasoningHistory
        | Capabilities.AssistantPrefill | Capabilities.ReasoningSummary | Capabilities.ParticipantNames | Capabilities.ImageDetail;

    private static readonly WireSupport Chat = WireSupport.Of(Translated,
        new(Capabilities.HighTemperature, "temperature lowered to 1"),
        new(Capabilities.Metadata, "metadata not sent"),
        new(Capabilities.ReasoningHistory, "earlier reasoning of other models not sent"),
        new(Capabilities.ParticipantNames, "messages.name not sent"),
        new(Capabilities.ImageDetail, "image_url.detail not sent"),
        new(Capabilities.PromptCacheKey, "prompt_cache_key not sent"));

    // The caller's own wire: its bytes go through, whatever is in them.
    private static readonly WireSupport Messages = WireSupport.Of(
        Translated | Capabilities.Audio | Capabilities.SameWireFields | CapabilityNames.WireFields);

    private static readonly WireSupport Count = WireSupport.Of(Messages.Carries | Capabilities.TokenCounting);

    public static WireSupport Of(CallerApi api) => api switch
    {
        CallerApi.ChatCompletions or CallerApi.Responses => Chat,
        CallerApi.Messages => Messages,
        CallerApi.CountTokens => Count,
        _ => WireSupport.None,
    };

    public static bool IsSameWire(ChatCall call) => call.Api is CallerApi.Messages or CallerApi.CountTokens && call.Original is not null;

    public static string Accept(bool stream) => stream ? "text/event-stream" : "application/json";

    public static ChatAnswerReader Reader(ChatCall call, bool stream, AnthropicFailures failures) => (call.Api, IsSameWire(call), stream) switch
    {
        (CallerApi.CountTokens, _, _) => new TokenCountReader("input_tokens"),
        (_, true, true) => new MessagesForwarder(failures),
        (_, true, false) => new MessagesAnswerForwarder(failures),
        (_, false, true) => new MessagesEventReader(failures),
        _ => new MessagesAnswerReader(failures),
    };
}
