using System.Collections.Frozen;
using Routing.Core.Snapshots;

namespace Routing.Core.Providers.OpenAI;

/// <summary>
/// Known hosts of OpenAI's wire, as their documents described them in November 2026. A host that is not listed takes what OpenAI takes,
/// but for the Responses API.
/// </summary>
public static class QuirkPresets
{
    private const string Other = "compatible";

    private static readonly WireQuirks Plain = new() { Responses = false, MaxTokens = MaxTokensField.MaxTokens, SystemRole = InstructionRole.System, CallIds = CallIdForm.Any };

    private static readonly FrozenDictionary<string, WireQuirks> ByName = new Dictionary<string, WireQuirks>(StringComparer.Ordinal)
    {
        ["openai"] = WireQuirks.OpenAI,
        [Other] = new() { Responses = false, CallIds = CallIdForm.Any },
        ["mistral"] = Plain with
        {
            StreamOptions = false, Seed = SeedField.RandomSeed, CallIds = CallIdForm.NineLetters, Prefill = PrefillMode.Prefix,
            Refuses = ["user", "safety_identifier", "prompt_cache_key", "store", "service_tier", "verbosity", "logit_bias", "logprobs", "top_logprobs"],
        },
        ["together"] = Plain with { TopK = true, ReasoningField = ReasoningField.Reasoning, Refuses = ["service_tier", "verbosity"] },
        ["vllm"] = Plain with
        {
            TopK = true, ReasoningField = ReasoningField.ReasoningContent, Prefill = PrefillMode.ContinueFinalMessage, Refuses = ["service_tier", "verbosity"],
        },
        ["ollama"] = Plain with { Refuses = ["n", "logit_bias", "user", "safety_identifier", "metadata", "service_tier", "verbosity", "parallel_tool_calls"] },

        // The API of 2023: hosts that have followed OpenAI no further, as GooseAI.
        ["basic"] = Plain with
        {
            StreamOptions = false,
            Refuses =
            [
                "safety_identifier", "metadata", "prompt_cache_key", "store", "service_tier", "verbosity", "seed", "logprobs", "top_logprobs",
                "tools", "tool_choice", "parallel_tool_calls", "response_format", "reasoning_effort",
            ],
        },
    }.ToFrozenDictionary(StringComparer.Ordinal);

    private static readonly FrozenDictionary<string, string> ByHost = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase)
    {
        ["api.openai.com"] = "openai", ["api.mistral.ai"] = "mistral", ["api.together.xyz"] = "together", ["api.together.ai"] = "together", ["ollama.com"] = "ollama", ["api.goose.ai"] = "basic",
    }.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);

    public static IReadOnlyCollection<string> Names { get; } = [.. ByName.Keys.Order(StringComparer.Ordinal)];

    /// <summary>The preset of a host, where a document names none.</summary>
    public static string NameFor(string host) => ByHost.GetValueOrDefault(host, Other);

    public static bool IsKnown(string name) => ByName.ContainsKey(name);

    /// <summary>The preset's quirks with the document's own over them.</summary>
    /// <param name="host">Of the account's address; names the preset where the document names none.</param>
    /// <exception cref="KeyNotFoundException">Not a preset; the validator refuses such a document.</exception>
    public static WireQuirks Of(QuirksConfig? config, string host)
    {
        var own = config ?? new QuirksConfig();
        return Over(ByName[own.Preset.Length > 0 ? own.Preset : NameFor(host)], own);
    }

    /// <summary>Azure OpenAI's, with the document's own over them. It has the Responses API at its v1 path only.</summary>
    public static WireQuirks OfAzure(QuirksConfig? config, bool isV1)
    {
        var own = config ?? new QuirksConfig();
        var quirks = Over(ByName[own.Preset.Length > 0 ? own.Preset : "openai"], own);
        return quirks with { Responses = quirks.Responses && isV1 };
    }

    private static WireQuirks Over(WireQuirks preset, QuirksConfig own)
    {
        var quirks = preset with
        {
            BasePath = own.BasePath switch { "" => preset.BasePath, "/" => "", var path => path }, MaxTokens = own.MaxTokens ?? preset.MaxTokens, Seed = own.Seed ?? preset.Seed,
            StreamOptions = own.StreamOptions ?? preset.StreamOptions, SystemRole = own.SystemRole ?? preset.SystemRole,
            ReasoningField = own.ReasoningField ?? preset.ReasoningField, Prefill = own.Prefill ?? preset.Prefill,
            Responses = own.Responses ?? preset.Responses, TopK = own.TopK ?? preset.TopK,
            Refuses = [.. preset.Refuses.Union(own.Refuses, StringComparer.Ordinal)],
        };
        return quirks.Compiled();
    }
}
