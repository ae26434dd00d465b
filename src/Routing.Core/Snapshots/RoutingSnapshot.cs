using System.Collections.Immutable;

namespace Routing.Core.Snapshots;

/// <summary>
/// A whole published configuration. Immutable; the same document whether it comes from the control plane or from a file.
/// Fields are added, never renamed or reused: a stored document reads for ever.
/// </summary>
public sealed record RoutingSnapshot
{
    public const int CurrentSchema = 1;

    public int SchemaVersion { get; init; } = CurrentSchema;

    /// <summary>Grows by one with each publication; 0 for a file.</summary>
    public long Revision { get; init; }
    public DateTimeOffset PublishedAt { get; init; }
    public string Note { get; init; } = "";

    public ImmutableArray<ProviderAccountConfig> Accounts { get; init; } = [];
    public ImmutableArray<ModelEndpointConfig> ModelEndpoints { get; init; } = [];
    public ImmutableArray<BreakerPolicyConfig> Breakers { get; init; } = [];
    public ImmutableArray<FeatureConfig> Features { get; init; } = [];
    public ImmutableArray<CallerConfig> Callers { get; init; } = [];
    public ImmutableArray<PriceConfig> Prices { get; init; } = [];
}
