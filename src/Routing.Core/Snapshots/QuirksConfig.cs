using System.Collections.Immutable;
using Routing.Core.Providers.OpenAI;

namespace Routing.Core.Snapshots;

/// <summary>In what the host of a model differs from OpenAI itself: a preset by name, and what is different still. Only for OpenAI's wire.</summary>
public sealed record QuirksConfig
{
    /// <summary>One of <see cref="QuirkPresets.Names"/>; empty is the one for the account's host.</summary>
    public string Preset { get; init; } = "";

    /// <summary>What stands before <c>/chat/completions</c>, for example <c>/openai/v1</c>; <c>/</c> is nothing, empty is the preset's.</summary>
    public string BasePath { get; init; } = "";

    public MaxTokensField? MaxTokens { get; init; }
    public SeedField? Seed { get; init; }

    /// <summary>Whether the host takes <c>stream_options</c>.</summary>
    public bool? StreamOptions { get; init; }
    public InstructionRole? SystemRole { get; init; }
    public ReasoningField? ReasoningField { get; init; }
    public PrefillMode? Prefill { get; init; }

    /// <summary>Whether the host has the Responses API.</summary>
    public bool? Responses { get; init; }

    /// <summary>Whether the host takes <c>top_k</c>.</summary>
    public bool? TopK { get; init; }

    /// <summary>Members the host refuses, besides the preset's; see <see cref="RefusedFields.Names"/>.</summary>
    public ImmutableArray<string> Refuses { get; init; } = [];
}
