namespace Routing.Core.Snapshots;

/// <summary>What a model endpoint costs from a moment on. Micro-units of the currency per million tokens.</summary>
public sealed record PriceConfig
{
    public required string ModelEndpoint { get; init; }
    public required DateTimeOffset From { get; init; }

    /// <summary>ISO 4217, for example USD.</summary>
    public string Currency { get; init; } = "USD";
    public required long Input { get; init; }

    /// <summary>Null: priced as <see cref="Input"/>.</summary>
    public long? CacheRead { get; init; }
    public long? CacheWrite { get; init; }
    public required long Output { get; init; }
}
