using System.Collections.Immutable;
using System.Text.Json.Serialization;
using Routing.Core.Llm;

namespace Routing.Core.Snapshots;

[JsonConverter(typeof(SnakeCaseEnumConverter<CandidateRole>))]
public enum CandidateRole : byte { Primary, Backup, Experiment, LastResort }

/// <summary>Who goes first when an edge has as many calls as it takes: somebody waits for an interactive answer, a batch can be sent again later.</summary>
[JsonConverter(typeof(SnakeCaseEnumConverter<RequestLane>))]
public enum RequestLane : byte { Interactive, Batch }

/// <summary>When a streamed answer reaches the caller.</summary>
[JsonConverter(typeof(SnakeCaseEnumConverter<DeliveryMode>))]
public enum DeliveryMode : byte
{
    /// <summary>As it comes. What breaks after the first content is broken for the caller too.</summary>
    Immediate,

    /// <summary>Held back until it is whole, so that whatever breaks before, another candidate answers instead. The caller sees nothing until the end.</summary>
    Protected,
}

/// <summary>What product code names, and the ordered, weighted model endpoints that may answer for it.</summary>
public sealed record FeatureConfig
{
    /// <summary>1 to 64 of a-z, 0-9, '-', '_', '.'; begins with a letter or digit.</summary>
    public required string Name { get; init; }
    public string Owner { get; init; } = "";
    public string Description { get; init; } = "";
    public RequestLane Lane { get; init; }

    /// <summary>Milliseconds until the first token of one attempt; then the next candidate is tried. Also the longest silence inside a stream. 100 to 600,000.</summary>
    public int FirstTokenMs { get; init; } = 10_000;

    /// <summary>Milliseconds until the answer is complete, over all attempts; 100 to 3,600,000 and not below <see cref="FirstTokenMs"/>.</summary>
    public int TotalMs { get; init; } = 120_000;

    /// <summary>Attempts at most, the first included; 1 to 5.</summary>
    public int MaxAttempts { get; init; } = 3;

    /// <summary>What product owners promise: p90 of the time to the first token in ms; 0 = none. Shown, not enforced.</summary>
    public int SloFirstTokenMs { get; init; }
    public DeliveryMode Delivery { get; init; }
    public ImmutableArray<CandidateConfig> Candidates { get; init; } = [];
}

public sealed record CandidateConfig
{
    public required string ModelEndpoint { get; init; }

    /// <summary>1 is tried first; candidates of one tier share its traffic by weight. 1 to 9.</summary>
    public int Tier { get; init; } = 1;

    /// <summary>Share of the tier's traffic, in percent, 0 to 100; a tier adds up to 100.</summary>
    public int Weight { get; init; } = 100;
    public CandidateRole Role { get; init; }
}
