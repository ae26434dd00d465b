using System.Text.Json.Serialization;
using Routing.Core.Health;
using Routing.Core.Llm;

namespace Routing.Core.Usage;

/// <summary>Why the attempt was made.</summary>
[JsonConverter(typeof(SnakeCaseEnumConverter<AttemptCause>))]
public enum AttemptCause : byte
{
    Primary,
    Retry,

    /// <summary>Somebody stood in: for one that had failed, or for one whose breaker or quota took no call.</summary>
    Failover,
    Probe,

    /// <summary>A caller's call that went to a backup which was not needed, so that it is known to work.</summary>
    Warm,

    /// <summary>Sent beside a first attempt that was slow; the one of both that came second is cancelled.</summary>
    Hedge,

    /// <summary>A copy of a call that somebody else had answered, to see how a model would; nobody got the answer.</summary>
    Shadow,

    /// <summary>Went on from the text that the caller had of an answer which then broke off.</summary>
    Continuation,
}

[JsonConverter(typeof(SnakeCaseEnumConverter<AttemptOutcome>))]
public enum AttemptOutcome : byte { Answered, Failed, Interrupted, Cancelled }

/// <summary>One call to one model endpoint: what it cost and how it ended.</summary>
public sealed record AttemptRecord
{
    public required int Number { get; init; }
    public required string ModelEndpoint { get; init; }
    public AttemptCause Cause { get; init; }
    public AttemptOutcome Outcome { get; init; }
    public FailureKind? Failure { get; init; }

    /// <summary>Provider's own error code, at most 100 characters.</summary>
    public string? RawCode { get; init; }
    public int HttpStatus { get; init; }
    public required DateTimeOffset StartedAt { get; init; }

    /// <summary>To the first content, tool or reasoning delta; for a unary call, to the end of the body.</summary>
    public int? FirstTokenMs { get; init; }
    public int DurationMs { get; init; }
    public bool Streamed { get; init; }

    /// <summary>State of the breaker that let the attempt through.</summary>
    public BreakerState Breaker { get; init; }
    public TokenUsage Usage { get; init; }
    public StopReason Stop { get; init; }
    public string? RawStop { get; init; }

    /// <summary>Micro-units of <see cref="Currency"/>; null = unpriced, which is not zero.</summary>
    public long? CostMicros { get; init; }
    public string? Currency { get; init; }

    /// <summary>Start of validity of the price used.</summary>
    public DateTimeOffset? PriceFrom { get; init; }
    public string? ProviderRequestId { get; init; }
}
