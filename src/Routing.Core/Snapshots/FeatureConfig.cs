using System.Collections.Immutable;
using System.Text.Json.Serialization;
using Routing.Core.Llm;

namespace Routing.Core.Snapshots;

[JsonConverter(typeof(SnakeCaseEnumConverter<CandidateRole>))]
public enum CandidateRole : byte
{
    Primary,
    Backup,
    Experiment,
    LastResort,

    /// <summary>Never asked for a caller: gets copies of calls, whose answers nobody sees. Its tier and weight mean nothing.</summary>
    Shadow,
}

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

    /// <summary>
    /// As it comes; what breaks after the first content is taken up by another candidate, from the text the caller has, where that candidate can and
    /// the answer is to be nothing but text. Other calls are delivered immediately.
    /// </summary>
    Continued,
}

/// <summary>Who of the candidates of one tier is asked first.</summary>
[JsonConverter(typeof(SnakeCaseEnumConverter<SelectionStrategy>))]
public enum SelectionStrategy : byte
{
    /// <summary>By their weights.</summary>
    Weighted,

    /// <summary>Who lately took the least time to the first token, at p90; those about as fast share the calls.</summary>
    Fastest,

    /// <summary>Whose price for a call like this one is the lowest.</summary>
    Cheapest,

    /// <summary>By speed and price together, both relative to the best.</summary>
    Balanced,
}

/// <summary>Which calls stay with the candidate of their tier that took the one before.</summary>
[JsonConverter(typeof(SnakeCaseEnumConverter<AffinityMode>))]
public enum AffinityMode : byte
{
    None,

    /// <summary>Those of one user or conversation, as the request names it: the same key, the same candidate, on every edge.</summary>
    Key,

    /// <summary>Those of one key, where the strategy put the first of them, for as long as the answers read the provider's prompt cache and that saves money.</summary>
    Cache,
}

/// <summary>What becomes of a feature's calls when its budget for the month is used up.</summary>
[JsonConverter(typeof(SnakeCaseEnumConverter<BudgetAction>))]
public enum BudgetAction : byte
{
    /// <summary>They are answered; people see it in the control plane.</summary>
    Warn,

    /// <summary>They are refused until the next month begins or the budget is raised.</summary>
    Stop,
}

/// <summary>What product code names, and the ordered, weighted model endpoints that may answer for it.</summary>
public sealed record FeatureConfig
{
    /// <summary>1 to 64 of a-z, 0-9, '-', '_', '.'; begins with a letter or digit.</summary>
    public required string Name { get; init; }
    public string Owner { get; init; } = "";
    public string Description { get; init; } = "";
    public RequestLane Lane { get; init; }

    /// <summary>Milliseconds until the first token of one attempt; then the next candidate is tried. 100 to 600,000.</summary>
    public int FirstTokenMs { get; init; } = 10_000;

    /// <summary>Longest silence inside a stream, in ms; 0 = <see cref="FirstTokenMs"/>; else 100 to 600,000.</summary>
    public int IdleMs { get; init; }

    /// <summary>Milliseconds until the answer is complete, over all attempts; 100 to 3,600,000 and not below <see cref="FirstTokenMs"/>.</summary>
    public int TotalMs { get; init; } = 120_000;

    /// <summary>Attempts at most, the first included; 1 to 5.</summary>
    public int MaxAttempts { get; init; } = 3;

    /// <summary>What product owners promise: p90 of the time to the first token in ms; 0 = none. Shown, not enforced.</summary>
    public int SloFirstTokenMs { get; init; }
    public DeliveryMode Delivery { get; init; }
    public SelectionStrategy Selection { get; init; }
    public AffinityMode Affinity { get; init; }

    /// <summary>Share of the calls that go to a backup although it is not needed, so that it is known to work; 0 to 10 %.</summary>
    public int WarmPercent { get; init; }

    /// <summary>
    /// Most calls that may be sent to a second provider when the first is slower to its first token (a whole answer: to its end) than 95 % of its
    /// endpoint's answers lately; 0 = off, to 5 %.
    /// </summary>
    public int HedgePercent { get; init; }

    /// <summary>Share of the answered calls of which every candidate of role shadow gets a copy; 0 to 100 %.</summary>
    public int ShadowPercent { get; init; }

    /// <summary>Whether a call that a provider's content filter refused is put to the next candidate; else the refusal is the answer.</summary>
    public bool FailOverOnContentFilter { get; init; }

    /// <summary>Residency tags of the model endpoints that may answer; none: any may.</summary>
    public ImmutableArray<string> Residency { get; init; } = [];

    /// <summary>Most that one attempt may cost, by the price of its input and the answer it asks for at most, in micro-units of the price's currency; 0 = no limit.</summary>
    public long MaxCostMicros { get; init; }

    /// <summary>Most that all its calls may cost in a calendar month in UTC, in micro-units of <see cref="BudgetCurrency"/>; 0 = no budget.</summary>
    public long BudgetMicros { get; init; }

    /// <summary>ISO 4217, for example USD. What a call costs in another currency cannot be added, and is not counted.</summary>
    public string BudgetCurrency { get; init; } = "USD";
    public BudgetAction BudgetAction { get; init; }
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

    internal bool IsShadow => Role == CandidateRole.Shadow;
}
