using System.Collections.Immutable;

namespace ControlPlane.Web.Insights;

/// <summary>Money of one currency in micro-units, and how much of it rests on estimated tokens.</summary>
public sealed record Spend(string Currency, long Micros, long EstimatedMicros);

/// <summary>What one model endpoint did in a range, copies of calls included; probes are left out.</summary>
/// <param name="Failures">Attempts by failure kind.</param>
/// <param name="Unpriced">Attempts that used tokens and had no price: their cost is unknown, not zero.</param>
public sealed record EndpointTraffic(
    string ModelEndpoint,
    long Attempts,
    long Answered,
    long Failed,
    ImmutableSortedDictionary<string, long> Failures,
    int? FirstTokenP50Ms,
    int? FirstTokenP90Ms,
    int? DurationP50Ms,
    int? DurationP90Ms,
    ImmutableArray<Spend> Spend,
    long Unpriced,
    ImmutableArray<double?> FirstTokenP90Line)
{
    /// <summary>Share of attempts that were not answered for the endpoint's reasons; null without traffic.</summary>
    public double? ErrorShare => Attempts == 0 ? null : (double)Failed / Attempts;
}

/// <summary>One step of an endpoint's charts.</summary>
public sealed record EndpointPoint(
    DateTimeOffset At,
    long Attempts,
    long ServerErrors,
    long RateLimited,
    long Timeouts,
    long OtherErrors,
    int? FirstTokenP50Ms,
    int? FirstTokenP90Ms,
    int? FirstTokenP99Ms,
    int? DurationP50Ms,
    int? DurationP90Ms,
    long PrimaryMicros,
    long OtherMicros)
{
    public long Errors => ServerErrors + RateLimited + Timeouts + OtherErrors;
}

/// <summary>What callers of one feature saw in a range, after failover, and what it cost; copies of their calls are left out.</summary>
/// <param name="ServedBy">Answers by model endpoint, most first.</param>
/// <param name="ResilienceMicros">Part of the spend that went into retries, failovers, hedges and continuations.</param>
public sealed record FeatureTraffic(
    string Feature,
    long Requests,
    long Answered,
    long Cancelled,
    long FailedOver,
    int? FirstTokenP50Ms,
    int? FirstTokenP90Ms,
    ImmutableArray<(string ModelEndpoint, long Answers)> ServedBy,
    ImmutableArray<Spend> Spend,
    long ResilienceMicros,
    long Unpriced)
{
    /// <summary>Answered of those who stayed to the end; null without traffic.</summary>
    public double? AnsweredShare => Requests - Cancelled == 0 ? null : (double)Answered / (Requests - Cancelled);

    public double? BackupShare => Answered == 0 ? null : (double)FailedOver / Answered;
}

/// <summary>All features together.</summary>
public sealed record PlaneTraffic(
    long Requests, long Answered, long Cancelled, long FailedOver, int? FirstTokenP50Ms, int? FirstTokenP90Ms,
    ImmutableArray<Spend> Spend, long ResilienceMicros, long ProbeMicros, long Unpriced)
{
    /// <summary>The part of the range about which anything is known: from its first roll-up, probes included, to its end. Rates are averaged over it.</summary>
    public required TimeSpan Seen { get; init; }

    /// <summary>Part of the spend that went into copies of calls, whose answers nobody got.</summary>
    public long ShadowMicros { get; init; }

    /// <summary>Requests that were refused because their feature's budget was spent: not answered, and nobody's failure.</summary>
    public long Refused { get; init; }

    public double? RefusedShare => Requests - Cancelled == 0 ? null : (double)Refused / (Requests - Cancelled);

    /// <summary>Not answered for any other reason.</summary>
    public double? FailedShare => 1 - AnsweredShare - RefusedShare;

    public double? AnsweredShare => Requests - Cancelled == 0 ? null : (double)Answered / (Requests - Cancelled);

    public double? BackupShare => Answered == 0 ? null : (double)FailedOver / Answered;
}

/// <summary>Something that happened, newest first in lists.</summary>
/// <param name="Kind"><c>revision</c>, <c>breaker</c> or <c>edge</c>.</param>
/// <param name="Subject">Revision number, model endpoint or edge.</param>
public sealed record Change(DateTimeOffset At, string Kind, string Subject, string Sentence);
