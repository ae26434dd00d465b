using System.Collections.Immutable;
using System.Text.Json.Serialization;
using Routing.Core.Llm;
using Routing.Core.Providers;

namespace Routing.Core.Snapshots;

[JsonConverter(typeof(SnakeCaseEnumConverter<CapacityClass>))]
public enum CapacityClass : byte { OnDemand, Reserved, Priority, Flex }

/// <summary>A model behind a provider account: account × region × model × capacity class.</summary>
public sealed record ModelEndpointConfig
{
    public required string Id { get; init; }

    /// <summary>Model's name for people, for example "Claude Sonnet 4.5".</summary>
    public string DisplayName { get; init; } = "";
    public required string Account { get; init; }

    /// <summary>As the provider writes it; empty where it has none.</summary>
    public string Region { get; init; } = "";

    /// <summary>Where what it is sent stays, as the company calls it, for example eu; up to 32 of a-z, 0-9, '-'; empty: nowhere in particular.</summary>
    public string Residency { get; init; } = "";

    /// <summary>Model id, inference profile, ARN or deployment name.</summary>
    public required string Model { get; init; }
    public CapacityClass CapacityClass { get; init; }

    /// <summary>Which of the provider's wires the model speaks; needed where its name is an ARN or a deployment of one's own.</summary>
    public ModelFamily Family { get; init; }

    /// <summary>In what its host differs from OpenAI; only for <c>openai_compatible</c> and <c>azure_openai</c>. Null: by the account's host.</summary>
    public QuirksConfig? Quirks { get; init; }

    /// <summary>Names of <see cref="Capabilities"/> in snake_case; empty means all that the adapter carries.</summary>
    public ImmutableArray<string> Capabilities { get; init; } = [];

    /// <summary>Tokens of input and output together; 0 = unknown.</summary>
    public int ContextTokens { get; init; }

    /// <summary>Sent when the caller sets no limit; with room for its thoughts beside it where a model counts them against it. 1 to 1,000,000.</summary>
    public int MaxOutputTokens { get; init; } = 4096;

    /// <summary>Our quota at it for all edges together, where its answers do not tell what is left: each edge counts against its part; 0 = not counted.</summary>
    public int RequestsPerMinute { get; init; }

    /// <summary>As <see cref="RequestsPerMinute"/>, in tokens of input and output; 0 = not counted.</summary>
    public int TokensPerMinute { get; init; }

    /// <summary>Id of the breaker policy; empty = the built-in defaults.</summary>
    public string Breaker { get; init; } = "";

    /// <summary>Whether the control plane may spend a few tokens on probing it.</summary>
    public bool Probe { get; init; } = true;
}
