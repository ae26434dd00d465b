using System.Collections.Immutable;
using System.Text.Json.Serialization;
using Routing.Core.Budgets;
using Routing.Core.Llm;

namespace Routing.Core.Health;

[JsonConverter(typeof(SnakeCaseEnumConverter<BreakerState>))]
public enum BreakerState : byte
{
    /// <summary>All traffic.</summary>
    Closed,

    /// <summary>A share of normal traffic, widened by evidence.</summary>
    PartialOpen,

    /// <summary>No traffic until a moment.</summary>
    Open,

    /// <summary>Out of service by an operator or by a configuration fault.</summary>
    Isolated,
}

[JsonConverter(typeof(SnakeCaseEnumConverter<TransitionCause>))]
public enum TransitionCause : byte
{
    FailureRatio,
    ConsecutiveFailures,
    FirstTokenLatency,
    Duration,
    ConfigFault,
    OpenElapsed,
    Widened,
    SteppedBack,
    Relapsed,
    Recovered,
    Isolated,
    Released,
    Forced,

    /// <summary>The identity fault is over: a credential was obtained.</summary>
    IdentityRestored,
}

/// <summary>One move of a breaker, with the numbers that caused it and a sentence for people.</summary>
public sealed record BreakerTransition
{
    /// <summary>Version 7; ingest stores it once.</summary>
    public required Guid Id { get; init; }
    public required string ModelEndpoint { get; init; }
    public required DateTimeOffset At { get; init; }
    public required BreakerState From { get; init; }
    public required BreakerState To { get; init; }

    /// <summary>Share of normal traffic after the move, in percent.</summary>
    public required int SharePercent { get; init; }
    public required TransitionCause Cause { get; init; }
    public int Failures { get; init; }
    public int Samples { get; init; }

    /// <summary>Observed and limit of the signal that caused it, in the signal's unit (percent or ms); 0 when there is none.</summary>
    public int Observed { get; init; }
    public int Limit { get; init; }
    public DateTimeOffset? Until { get; init; }
    public required string Sentence { get; init; }
}

/// <summary>An endpoint's health on one edge, now.</summary>
public sealed record EndpointHealthView
{
    public required string ModelEndpoint { get; init; }
    public required BreakerState State { get; init; }
    public required int SharePercent { get; init; }

    /// <summary>Step of the ramp, from 0; -1 outside PartialOpen.</summary>
    public int Stage { get; init; } = -1;

    /// <summary>Successes seen on this step, and needed to widen it.</summary>
    public int StageSuccesses { get; init; }
    public int StageNeeded { get; init; }
    public DateTimeOffset Since { get; init; }
    public DateTimeOffset? Until { get; init; }
    public string Reason { get; init; } = "";

    /// <summary>The configuration fault that took it out of service; null when none did. An identity fault is <see cref="FailureKind.CredentialExchangeFailed"/>.</summary>
    public FailureKind? Fault { get; init; }

    /// <summary>When our own quota is there again, as it was told or as we have counted; null when it is.</summary>
    public DateTimeOffset? QuotaUntil { get; init; }
    public int InFlight { get; init; }

    // The sliding window.
    public int WindowSeconds { get; init; }
    public int Answered { get; init; }
    public int Failed { get; init; }
    public int RateLimited { get; init; }
    public int? FirstTokenP50Ms { get; init; }
    public int? FirstTokenP90Ms { get; init; }
    public int? DurationP90Ms { get; init; }

    /// <summary>The p90 by which a choice among candidates goes; 0 = too few streamed answers to tell. It outlives thin traffic, which <see cref="FirstTokenP90Ms"/> does not.</summary>
    public int SpeedP90Ms { get; init; }

    /// <summary>As <see cref="EndpointHealth.Badness"/>.</summary>
    internal double Badness => State == BreakerState.Isolated ? double.PositiveInfinity : (int)State + Wilson.LowerBound(Failed, Failed + Answered);
}

/// <summary>What the control plane answers to a health report.</summary>
/// <param name="Edges">Edges it hears now, the asking one included; 0 when it does not say.</param>
public sealed record HealthReceipt(int Edges)
{
    /// <summary>How far the edge may spend on the features whose calls are refused beyond their budget.</summary>
    public ImmutableArray<BudgetLease> Budgets { get; init; } = [];
}

/// <summary>What an edge tells the control plane about its endpoints, every two seconds and after each transition.</summary>
public sealed record HealthReport
{
    public required DateTimeOffset At { get; init; }
    public ImmutableArray<EndpointHealthView> Endpoints { get; init; } = [];

    /// <summary>Moves since the last acknowledged report; repeated until acknowledged.</summary>
    public ImmutableArray<BreakerTransition> Transitions { get; init; } = [];

    /// <summary>Accounts whose credentials are obtained, one for each.</summary>
    public ImmutableArray<IdentityHealthView> Identities { get; init; } = [];

    /// <summary>Null from an edge that does not count them.</summary>
    public ShedCalls? Shed { get; init; }

    /// <summary>What the edge has spent this month on the features whose calls are refused beyond their budget.</summary>
    public ImmutableArray<BudgetLease> Budgets { get; init; } = [];
}

/// <summary>Calls that a full edge refused within the last five minutes, by lane.</summary>
/// <param name="Copies">Copies to shadows for which it had no room then; 0 also from an edge that does not tell.</param>
public sealed record ShedCalls(long Interactive, long Batch, long Copies = 0)
{
    /// <summary>Without copies: nobody waits for them.</summary>
    public long All => Interactive + Batch;
}
