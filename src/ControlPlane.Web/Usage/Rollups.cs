using System.ComponentModel.DataAnnotations;
using Routing.Core.Usage;

namespace ControlPlane.Web.Usage;

public enum RollupStep { Minute, Hour, Day }

/// <summary>
/// Attempts of one minute, hour or day: features × endpoints × causes × currencies, however many requests there were.
/// Always recomputed from the level below, never added to.
/// </summary>
internal sealed class AttemptRollup
{
    public required RollupStep Step { get; init; }
    public required DateTimeOffset Start { get; init; }
    [MaxLength(64)]
    public required string Feature { get; init; }
    [MaxLength(100)]
    public required string ModelEndpoint { get; init; }
    public required AttemptCause Cause { get; init; }

    /// <summary>Empty for unpriced attempts: money of two currencies never meets.</summary>
    [MaxLength(3)]
    public required string Currency { get; init; }

    public long Attempts { get; set; }
    public long Answered { get; set; }
    public long Failed { get; set; }
    public long Interrupted { get; set; }
    public long Cancelled { get; set; }

    /// <summary>Counts by failure kind: <c>rate_limited=3;transport=1</c>.</summary>
    [MaxLength(1000)]
    public string Failures { get; set; } = "";
    public long InputTokens { get; set; }
    public long CacheReadTokens { get; set; }
    public long CacheWriteTokens { get; set; }
    public long OutputTokens { get; set; }
    public long ReasoningTokens { get; set; }
    public long CostMicros { get; set; }

    /// <summary>Part of <see cref="CostMicros"/> that rests on estimated tokens.</summary>
    public long EstimatedCostMicros { get; set; }

    /// <summary>Attempts that used tokens and had no price.</summary>
    public long Unpriced { get; set; }

    /// <summary>Histograms of answered attempts, time to first token and whole duration.</summary>
    public byte[] FirstToken { get; set; } = [];
    public byte[] Duration { get; set; } = [];
}

/// <summary>Requests as callers saw them, after failover; probes and copies are left out.</summary>
internal sealed class RequestRollup
{
    public required RollupStep Step { get; init; }
    public required DateTimeOffset Start { get; init; }
    [MaxLength(64)]
    public required string Feature { get; init; }

    /// <summary>Empty: nobody served it.</summary>
    [MaxLength(100)]
    public required string ServedBy { get; init; }
    public long Requests { get; set; }
    public long Answered { get; set; }
    public long Failed { get; set; }
    public long Interrupted { get; set; }
    public long Cancelled { get; set; }

    /// <summary>Answered by somebody else than the one asked first, which had failed or was slow.</summary>
    public long FailedOver { get; set; }
    public byte[] FirstToken { get; set; } = [];
    public byte[] Total { get; set; } = [];
}
