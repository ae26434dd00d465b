using System.Text.Json.Serialization;

namespace Routing.Core.Llm;

/// <summary>Where a usage figure comes from.</summary>
[JsonConverter(typeof(SnakeCaseEnumConverter<UsageSource>))]
public enum UsageSource : byte
{
    /// <summary>No usage: the call never reached the model.</summary>
    None,

    /// <summary>Counted or guessed by us, because the provider's figure never arrived.</summary>
    Estimated,

    /// <summary>Reported by the provider in its answer.</summary>
    Reported,
}

/// <summary>
/// Tokens of one attempt. Totals are inclusive: cache reads and writes are part of <see cref="InputTotal"/>,
/// reasoning is part of <see cref="OutputTotal"/>, whatever the provider's own convention.
/// </summary>
public readonly record struct TokenUsage
{
    public long InputTotal { get; init; }
    public long CacheRead { get; init; }
    public long CacheWrite { get; init; }
    public long OutputTotal { get; init; }
    public long Reasoning { get; init; }
    public UsageSource Source { get; init; }

    /// <summary>The provider's word for the capacity class that served the call (tier, traffic type), if it said one.</summary>
    public string? CapacityClass { get; init; }

    [JsonIgnore]
    public long Total => InputTotal + OutputTotal;

    /// <summary>Both together, as reported as the less certain of the two.</summary>
    public TokenUsage Plus(in TokenUsage other) => other.Source == UsageSource.None ? this : new()
    {
        InputTotal = InputTotal + other.InputTotal, CacheRead = CacheRead + other.CacheRead, CacheWrite = CacheWrite + other.CacheWrite,
        OutputTotal = OutputTotal + other.OutputTotal, Reasoning = Reasoning + other.Reasoning,
        Source = Source == UsageSource.Estimated ? Source : other.Source, CapacityClass = CapacityClass ?? other.CapacityClass,
    };

    /// <summary>Input that was neither read from nor written to a cache.</summary>
    [JsonIgnore]
    public long InputUncached => InputTotal - CacheRead - CacheWrite;
}
