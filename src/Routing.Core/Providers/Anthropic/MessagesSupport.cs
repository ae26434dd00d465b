using System.Collections.Immutable;
using Routing.Core.Llm;
using Routing.Core.Providers.Bedrock;

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
        | Capabilities.ReasoningSummary | Capabilities.ParticipantNames | Capabilities.ImageDetail;

    private const Capabilities Thinking = Capabilities.Reasoning | Capabilities.ReasoningBudget | Capabilities.ReasoningSummary;

    private static readonly Approximation[] Nearly =
    [
        Approximation.OfValue(Capabilities.HighTemperature, ClaudeWarnings.TemperatureLowered),
        new(Capabilities.Metadata, "metadata not sent"),
        Approximation.OfValue(Capabilities.ReasoningHistory, ClaudeWarnings.ForeignReasoning),
        new(Capabilities.ParticipantNames, "messages.name not sent"),
        new(Capabilities.ImageDetail, "image_url.detail not sent"),
        new(Capabilities.PromptCacheKey, "prompt_cache_key not sent"),
    ];

    // Models that do not think, or whose name does not tell that they do.
    private static readonly WireSupport Thoughtless = WireSupport.Of(Translated & ~Thinking, [.. Nearly]);

    private static readonly WireSupport WithBudget = WireSupport.Of(Translated,
        [.. Nearly, Approximation.OfValue(Capabilities.Reasoning, ClaudeWarnings.EffortAsBudget)]);

    private static readonly WireSupport WithEither = WireSupport.Of(Translated,
        [.. Nearly, Approximation.OfValue(Capabilities.Reasoning, ClaudeWarnings.NearestEffort)]);

    private static readonly WireSupport WithEffort = WireSupport.Of(Translated,
    [
        .. Nearly,
        Approximation.OfValue(Capabilities.Reasoning, ClaudeWarnings.NearestEffort),
        Approximation.OfValue(Capabilities.ReasoningBudget, ClaudeWarnings.BudgetAsEffort),
    ]);

    // The caller's own wire: its bytes go through, whatever is in them.
    private static readonly WireSupport Messages = WireSupport.Of(
        Translated | Capabilities.Audio | Capabilities.SameWireFields | CapabilityNames.WireFields);

    private static readonly WireSupport Count = WireSupport.Of(Messages.Carries | Capabilities.TokenCounting);

    public static WireSupport Of(CallerApi api, ModelTarget target) => api switch
    {
        CallerApi.ChatCompletions or CallerApi.Responses or CallerApi.Canonical => Chat(ModelOf(target)),
        CallerApi.Messages => Messages,
        CallerApi.CountTokens => Count,
        _ => WireSupport.None,
    };

    /// <summary>What a call asks of the model that it cannot do together; a same-wire call is the provider's to judge.</summary>
    public static Failure? Refuse(ChatCall call, ModelTarget target) => IsSameWire(call) ? null
        : ConverseRefusals.OfReasoning(call.Request, ModelOf(target));

    public static ImmutableArray<string> Warnings(ChatCall call, ModelTarget target) => IsSameWire(call) ? [] : ClaudeWarnings.Of(call.Request, ModelOf(target));

    /// <summary>Everything behind these doors is Anthropic's.</summary>
    public static BedrockModel ModelOf(ModelTarget target) => BedrockModel.Of(target with { Family = ModelFamily.Claude });

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

    // The newest refuse a turn that they are to continue.
    private static WireSupport Chat(in BedrockModel model)
    {
        var support = ByThinking(model);
        return model.TakesPrefill ? support with { Carries = support.Carries | Capabilities.AssistantPrefill } : support;
    }

    private static WireSupport ByThinking(in BedrockModel model) => (model.TakesBudget, model.TakesEffort) switch
    {
        (true, true) => WithEither,
        (true, false) => WithBudget,
        (false, true) => WithEffort,
        _ => Thoughtless,
    };
}
