using System.ComponentModel.DataAnnotations;
using Routing.Core.Health;
using Routing.Core.Llm;
using Routing.Core.Usage;

namespace ControlPlane.Web.Usage;

/// <summary>One request as its edge reported it. Holds no prompt, answer or key. Kept for days.</summary>
internal sealed class RequestRow
{
    public required Guid Id { get; init; }
    public required DateTimeOffset At { get; init; }

    /// <summary>Start of the minute of <see cref="At"/>, what roll-ups select by.</summary>
    public required DateTimeOffset Minute { get; init; }
    [MaxLength(64)]
    public required string EdgeId { get; init; }
    [MaxLength(64)]
    public required string Caller { get; init; }
    [MaxLength(64)]
    public required string Feature { get; init; }
    public long Revision { get; init; }
    public long Overlay { get; init; }
    public bool Streamed { get; init; }
    public bool Probe { get; init; }
    public RequestOutcome Outcome { get; init; }
    public FailureKind? Failure { get; init; }
    [MaxLength(100)]
    public required string ServedBy { get; init; }
    public int? FirstTokenMs { get; init; }
    public int TotalMs { get; init; }
    public int AttemptCount { get; init; }

    /// <summary>Answered by somebody else than the one asked first, which had failed or was slow; false in rows older than the column.</summary>
    public bool FailedOver { get; init; }

    /// <summary>JSON array of <see cref="CandidateNote"/>, at most 32 of them; null for the ordinary decision, and for rows older than the column.</summary>
    public string? Candidates { get; init; }

    /// <summary>The request of which this is a copy; null for a caller's own.</summary>
    public Guid? ShadowOf { get; init; }
}

/// <summary>One call to one model endpoint.</summary>
internal sealed class AttemptRow
{
    public required Guid RequestId { get; init; }
    public required int Number { get; init; }
    public required DateTimeOffset StartedAt { get; init; }
    public required DateTimeOffset Minute { get; init; }
    [MaxLength(64)]
    public required string Feature { get; init; }
    [MaxLength(100)]
    public required string ModelEndpoint { get; init; }
    public AttemptCause Cause { get; init; }
    public AttemptOutcome Outcome { get; init; }
    public FailureKind? Failure { get; init; }
    [MaxLength(100)]
    public string? RawCode { get; init; }
    public int HttpStatus { get; init; }
    public int? FirstTokenMs { get; init; }
    public int DurationMs { get; init; }
    public bool Streamed { get; init; }
    public BreakerState Breaker { get; init; }
    public long InputTokens { get; init; }
    public long CacheReadTokens { get; init; }
    public long CacheWriteTokens { get; init; }
    public long OutputTokens { get; init; }
    public long ReasoningTokens { get; init; }
    public UsageSource UsageSource { get; init; }
    public StopReason Stop { get; init; }
    [MaxLength(60)]
    public string? RawStop { get; init; }

    /// <summary>Null: unpriced, which is not zero.</summary>
    public long? CostMicros { get; init; }
    [MaxLength(3)]
    public string? Currency { get; init; }
    public DateTimeOffset? PriceFrom { get; init; }
    [MaxLength(200)]
    public string? ProviderRequestId { get; init; }
}

/// <summary>An event that could not be counted (too old, in the future, impossible values): kept where people see it, never counted.</summary>
internal sealed class QuarantinedEvent
{
    public required Guid Id { get; init; }
    [MaxLength(64)]
    public required string EdgeId { get; init; }
    public required DateTimeOffset ReceivedAt { get; init; }
    [MaxLength(500)]
    public required string Reason { get; init; }

    /// <summary>The event as JSON, cut to 8,000 characters.</summary>
    [MaxLength(8000)]
    public required string Body { get; init; }
}

/// <summary>A roll-up that must be computed again. Only ever added and deleted, so that two writers never wait for one row.</summary>
internal sealed class DirtyMark
{
    public required Guid Id { get; init; }
    public required RollupStep Step { get; init; }
    public required DateTimeOffset Start { get; init; }
}

/// <summary>A move of a breaker on one edge; stored once however often it is reported.</summary>
internal sealed class TransitionRow
{
    public required Guid Id { get; init; }
    [MaxLength(64)]
    public required string EdgeId { get; init; }
    [MaxLength(100)]
    public required string ModelEndpoint { get; init; }
    public required DateTimeOffset At { get; init; }
    public BreakerState From { get; init; }
    public BreakerState To { get; init; }
    public int SharePercent { get; init; }
    public TransitionCause Cause { get; init; }
    public int Failures { get; init; }
    public int Samples { get; init; }
    public int Observed { get; init; }
    public int Limit { get; init; }
    public DateTimeOffset? Until { get; init; }
    [MaxLength(500)]
    public string Sentence { get; init; } = "";
}
