using System.Collections.Frozen;
using Routing.Core.Llm;

namespace Routing.Core.Providers.OpenAI;

/// <summary>
/// Members of a chat request that some hosts refuse, and what becomes of a call that has one. Where it only tells the host something about
/// the call it is left out and the caller is told; else the call needs another candidate. One that says the default is always left out.
/// </summary>
public static class RefusedFields
{
    private static readonly FrozenDictionary<string, RefusedField> ByName = new RefusedField[]
    {
        new("user", Capabilities.EndUser, MayBeLeftOut: true),
        new("safety_identifier", Capabilities.EndUser, MayBeLeftOut: true),
        new("metadata", Capabilities.Metadata, MayBeLeftOut: true),
        new("prompt_cache_key", Capabilities.PromptCacheKey, MayBeLeftOut: true),
        new("store", Capabilities.None, MayBeLeftOut: true),
        new("service_tier", Capabilities.ServiceTier, MayBeLeftOut: false),
        new("verbosity", Capabilities.Verbosity, MayBeLeftOut: false),
        new("seed", Capabilities.Seed, MayBeLeftOut: false),
        new("stop", Capabilities.StopSequences, MayBeLeftOut: false),
        new("n", Capabilities.MultipleChoices, MayBeLeftOut: false),
        new("presence_penalty", Capabilities.Penalties, MayBeLeftOut: false),
        new("frequency_penalty", Capabilities.Penalties, MayBeLeftOut: false),
        new("logit_bias", Capabilities.LogitBias, MayBeLeftOut: false),
        new("logprobs", Capabilities.Logprobs, MayBeLeftOut: false),
        new("top_logprobs", Capabilities.Logprobs, MayBeLeftOut: false),
        new("tools", Capabilities.Tools, MayBeLeftOut: false),
        new("tool_choice", Capabilities.ToolChoiceForced | Capabilities.ToolChoiceNone, MayBeLeftOut: false),
        new("parallel_tool_calls", Capabilities.SerialToolCalls, MayBeLeftOut: false),
        new("response_format", Capabilities.JsonObject | Capabilities.JsonSchema, MayBeLeftOut: false),
        new("reasoning_effort", Capabilities.Reasoning | Capabilities.ReasoningBudget, MayBeLeftOut: false),
    }.ToFrozenDictionary(f => f.Name, StringComparer.Ordinal);

    public static IReadOnlyCollection<string> Names { get; } = [.. ByName.Keys.Order(StringComparer.Ordinal)];

    public static bool IsKnown(string name) => ByName.ContainsKey(name);

    /// <exception cref="KeyNotFoundException">Not a known field; the validator refuses such a document.</exception>
    internal static RefusedField Of(string name) => ByName[name];
}

internal sealed record RefusedField(string Name, Capabilities Needs, bool MayBeLeftOut)
{
    public string Warning { get; } = $"{Name} not sent";
}
