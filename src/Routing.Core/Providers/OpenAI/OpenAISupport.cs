using System.Collections.Immutable;
using Routing.Core.Llm;

namespace Routing.Core.Providers.OpenAI;

/// <summary>What OpenAI's wire makes of calls, whoever hosts it.</summary>
internal static class OpenAISupport
{
    private const int MostStops = 4;

    // The caller's own wire: every field goes through as its own bytes.
    private const Capabilities Chat =
        Capabilities.Text | Capabilities.Streaming | Capabilities.SystemPrompt | Capabilities.Tools | Capabilities.JsonObject
        | Capabilities.JsonSchema | Capabilities.Vision | Capabilities.ImageUrls | Capabilities.Documents | Capabilities.Logprobs
        | Capabilities.MultipleChoices | Capabilities.Seed | Capabilities.Penalties | Capabilities.Reasoning | Capabilities.SameWireFields
        | CapabilityNames.WireFields;

    private static readonly WireSupport Responses = WireSupport.Of(Chat | Capabilities.Responses,
        new Approximation(Capabilities.ReasoningHistory, "earlier reasoning of other models not sent"));

    private static readonly Approximation[] OfStrict =
    [
        new(Capabilities.CacheControl, "cache_control not sent"),
        new(Capabilities.ReasoningHistory, "earlier reasoning not sent"),
    ];

    private const Capabilities Embeddings = Capabilities.Embeddings | Capabilities.Dimensions | Capabilities.EndUser | Capabilities.SameWireFields;

    // Built as chat completions from the canonical request.
    private const Capabilities Translated =
        Capabilities.Text | Capabilities.Streaming | Capabilities.SystemPrompt | Capabilities.Tools | Capabilities.JsonObject
        | Capabilities.JsonSchema | Capabilities.Vision | Capabilities.ImageUrls | Capabilities.Documents | Capabilities.Seed
        | Capabilities.Penalties | Capabilities.Reasoning | Capabilities.StopSequences | Capabilities.ToolChoiceNone
        | Capabilities.ToolChoiceForced | Capabilities.SerialToolCalls | Capabilities.StrictTools | Capabilities.ToolResultImages
        | Capabilities.ToolErrors | Capabilities.HighTemperature | Capabilities.EndUser | Capabilities.Metadata | Capabilities.ServiceTier
        | Capabilities.Verbosity | Capabilities.PromptCacheKey | Capabilities.CacheControl | Capabilities.ReasoningBudget
        | Capabilities.ReasoningHistory | Capabilities.ReasoningSummary | Capabilities.ImageDetail | Capabilities.EmptyTurns;

    public static WireSupport Of(CallerApi api, ModelTarget model) => (api, model.Family) switch
    {
        // A model does one of the two: asked for the other, its provider would say that there is no such model.
        (CallerApi.Embeddings, ModelFamily.Embedding) => WireSupport.Of(Embeddings),
        (_, ModelFamily.Embedding) or (CallerApi.Embeddings, _) => WireSupport.None,
        (CallerApi.ChatCompletions, _) => Without(model.Quirks, Chat, model.Quirks.IsStrict ? [.. OfStrict] : []),
        (CallerApi.Responses, _) when model.Quirks.Responses => Responses,
        (CallerApi.Responses or CallerApi.Messages or CallerApi.Canonical, _) => OfTranslation(model.Quirks),
        _ => WireSupport.None,
    };

    /// <summary>Whether a call's own bytes go on, around what routing changes.</summary>
    public static bool IsSameWire(ChatCall call, ModelTarget model) => call.Original is not null && call.Api switch
    {
        CallerApi.ChatCompletions or CallerApi.Embeddings => true,
        CallerApi.Responses => model.Quirks.Responses,
        _ => false,
    };

    public static string Path(CallerApi api, ModelTarget model) => api switch
    {
        CallerApi.Embeddings => "/embeddings",
        CallerApi.Responses when model.Quirks.Responses => "/responses",
        _ => "/chat/completions",
    };

    public static string Accept(bool stream) => stream ? "text/event-stream" : "application/json";

    public static ChatAnswerReader Reader(ChatCall call, ModelTarget model, bool stream, OpenAIFailureTable failures) => (call.Api, IsSameWire(call, model), stream) switch
    {
        (CallerApi.Embeddings, _, _) => new OpenAIEmbeddingReader(failures),
        (CallerApi.Responses, true, true) => new ResponsesForwarder(failures),
        (CallerApi.Responses, true, false) => new ResponsesAnswerForwarder(failures),
        (_, true, true) => new OpenAIStreamReader(call.IncludeUsage, failures),
        (_, true, false) => new OpenAIUnaryReader(failures),
        (_, false, true) => new ChatEventReader(failures),
        _ => new ChatAnswerTranslator(failures),
    };

    /// <summary>What of this very call the wire has no place for.</summary>
    public static Failure? Refuse(ChatCall call, ModelTarget model)
    {
        if (IsSameWire(call, model) || call.Embedding is not null) return null;
        if ((call.Needs & Capabilities.StopSequences) != Capabilities.None && call.Request.StopSequences.Length > MostStops)
        {
            return Refuse("stop_sequences", $"OpenAI's wire takes {MostStops} stop sequences at most; this call has {call.Request.StopSequences.Length}.");
        }

        return (call.Needs & (Capabilities.Tools | Capabilities.Documents)) == (Capabilities.Tools | Capabilities.Documents) && HasFileOfATool(call.Request)
            ? Refuse("messages", "OpenAI's wire takes what a tool gave back as text; a PDF has no place there.")
            : null;
    }

    public static ImmutableArray<string> Warnings(ChatCall call, ModelTarget model)
    {
        if (IsSameWire(call, model) || call.Embedding is not null) return [];
        if (!ChatRequestBuilder.IsSaid(call)) return ["thinking disabled not sent"];
        return call.Request.Reasoning?.Effort == ChatRequestBuilder.Most ? ["reasoning effort max sent as high"] : [];
    }

    private static bool HasFileOfATool(ChatRequest request)
    {
        foreach (var message in request.Messages)
        {
            foreach (var part in message.Parts)
            {
                if (part is ToolResultPart { HasFile: true }) return true;
            }
        }

        return false;
    }

    private static Failure Refuse(string param, string message) => Failure.Of(FailureKind.CapabilityUnsupported, message) with { Param = param };

    private static WireSupport OfTranslation(WireQuirks quirks)
    {
        var carries = Translated;
        if (quirks.TopK) carries |= Capabilities.TopK;
        if (quirks.Prefill != PrefillMode.None) carries |= Capabilities.AssistantPrefill;
        List<Approximation> nearly =
        [
            new(Capabilities.ToolResultImages, "images of tool results moved into a user message"),
            new(Capabilities.ToolErrors, "is_error of tool results not sent"),
            new(Capabilities.ReasoningBudget, "reasoning budget sent as an effort"),
            new(Capabilities.ReasoningSummary, "reasoning summary not asked for"),
            new(Capabilities.CacheControl, "cache_control not sent"),
            new(Capabilities.PromptCacheKey, "prompt_cache_key not sent"),
        ];
        nearly.Add(quirks.ReasoningField == ReasoningField.None
            ? new(Capabilities.ReasoningHistory, "earlier reasoning not sent")
            : new(Capabilities.ReasoningHistory, "earlier reasoning sent without its signature"));
        return Without(quirks, carries, nearly);
    }

    private static WireSupport Without(WireQuirks quirks, Capabilities carries, List<Approximation> nearly)
    {
        foreach (var name in quirks.Refuses)
        {
            var field = RefusedFields.Of(name);
            if (!field.MayBeLeftOut) carries &= ~field.Needs;
            else if (field.Needs != Capabilities.None && !nearly.Exists(n => n.Need == field.Needs)) nearly.Add(new(field.Needs, field.Warning));
        }

        return WireSupport.Of(carries, [.. nearly]);
    }
}
