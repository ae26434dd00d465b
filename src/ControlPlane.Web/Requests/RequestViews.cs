using System.Collections.Immutable;
using ControlPlane.Web.Ui;
using Routing.Core.Dispatch;
using Routing.Core.Llm;
using Routing.Core.Usage;

namespace ControlPlane.Web.Requests;

/// <summary>A request in the list.</summary>
public sealed record RequestSummary(
    Guid Id, DateTimeOffset At, string Caller, string Feature, RequestOutcome Outcome, FailureKind? Failure, string ServedBy,
    int Attempts, bool Streamed, int? FirstTokenMs, int TotalMs)
{
    public RequestCost Cost { get; init; } = RequestCost.None;

    /// <summary>Why the first attempt was not the last; null when it was.</summary>
    public AttemptCause? After { get; init; }
}

/// <summary>What a request's attempts cost together.</summary>
/// <param name="Unpriced">An attempt used tokens and had no price: the sum is not the whole.</param>
/// <param name="Mixed">Attempts were paid in several currencies, which cannot be added up.</param>
public sealed record RequestCost(long Micros, string Currency, UsageSource Source, bool Unpriced, bool Mixed)
{
    public static readonly RequestCost None = new(0, "USD", UsageSource.None, false, false);

    /// <summary>Where the sum comes from; null when nothing was used.</summary>
    public Confidence? Confidence => Unpriced ? Ui.Confidence.Unpriced : Source switch
    {
        UsageSource.Reported => Ui.Confidence.Reported,
        UsageSource.Estimated => Ui.Confidence.Estimated,
        _ => null,
    };

    /// <summary>Null: there is no one figure to show.</summary>
    public long? Shown => Mixed || (Unpriced && Micros == 0) ? null : Micros;

    internal static RequestCost Of(IReadOnlyCollection<(long? Micros, string? Currency, UsageSource Source, long Tokens)> attempts)
    {
        string[] currencies = [.. attempts.Where(a => a.Micros > 0).Select(a => a.Currency ?? "").Distinct(StringComparer.Ordinal)];
        UsageSource source = attempts.Any(a => a.Source == UsageSource.Estimated) ? UsageSource.Estimated : attempts.Select(a => a.Source).DefaultIfEmpty().Max();
        return new RequestCost(
            attempts.Sum(a => a.Micros ?? 0), currencies.FirstOrDefault() ?? "USD", source,
            attempts.Any(a => a.Micros is null && a.Tokens > 0), currencies.Length > 1);
    }
}

/// <summary>What a list can be narrowed to: names that carried traffic while single requests were kept.</summary>
public sealed record RequestFacets(ImmutableArray<string> Features, ImmutableArray<string> Endpoints, ImmutableArray<string> Callers);

/// <summary>One request with everything that is kept of it.</summary>
public sealed record RequestView
{
    private static readonly AttemptCause[] WorstFirst = [AttemptCause.Continuation, AttemptCause.Failover, AttemptCause.Retry, AttemptCause.Hedge];

    public required Guid Id { get; init; }
    public required DateTimeOffset At { get; init; }

    /// <summary>Name of the edge; its id once it is gone.</summary>
    public required string Edge { get; init; }
    public required string Caller { get; init; }
    public required string Feature { get; init; }
    public long Revision { get; init; }
    public long Overlay { get; init; }
    public bool Streamed { get; init; }
    public bool Probe { get; init; }

    /// <summary>The request of which this is a copy; null for a caller's own.</summary>
    public Guid? ShadowOf { get; init; }
    public RequestOutcome Outcome { get; init; }
    public FailureKind? Failure { get; init; }
    public required string ServedBy { get; init; }
    public int? FirstTokenMs { get; init; }
    public int TotalMs { get; init; }
    public ImmutableArray<AttemptView> Attempts { get; init; } = [];

    /// <summary>In the order in which they would be asked.</summary>
    public ImmutableArray<CandidateView> Candidates { get; init; } = [];

    /// <summary>Copies of it that shadows got, each with its one attempt; whose answers nobody did.</summary>
    public ImmutableArray<RequestView> Copies { get; init; } = [];
    public RequestCost Cost { get; init; } = RequestCost.None;

    /// <summary>Why the first attempt was not the last; null when it was.</summary>
    public AttemptCause? After => Worst(Attempts.Select(a => a.Cause));

    internal static AttemptCause? Worst(IEnumerable<AttemptCause> causes)
    {
        HashSet<AttemptCause> all = [.. causes];
        return WorstFirst.Where(all.Contains).Cast<AttemptCause?>().FirstOrDefault();
    }
}

public sealed record AttemptView
{
    public required int Number { get; init; }
    public required string ModelEndpoint { get; init; }

    /// <summary>For people, as the revision had it.</summary>
    public required string Name { get; init; }
    public AttemptCause Cause { get; init; }
    public AttemptOutcome Outcome { get; init; }

    /// <summary>It was stopped because the one beside it was there first, or had the last word.</summary>
    public bool IsOvertaken { get; init; }
    public FailureKind? Failure { get; init; }
    public string? RawCode { get; init; }
    public int HttpStatus { get; init; }

    /// <summary>From the request's arrival to the attempt's start.</summary>
    public int OffsetMs { get; init; }
    public int? FirstTokenMs { get; init; }
    public int DurationMs { get; init; }
    public long InputTokens { get; init; }
    public long CacheReadTokens { get; init; }
    public long OutputTokens { get; init; }
    public long ReasoningTokens { get; init; }
    public UsageSource Source { get; init; }
    public StopReason Stop { get; init; }
    public string? RawStop { get; init; }
    public long? CostMicros { get; init; }
    public string? Currency { get; init; }
    public DateTimeOffset? PriceFrom { get; init; }
    public string? ProviderRequestId { get; init; }
}

/// <summary>A candidate as the request met it.</summary>
/// <param name="Name">As the revision had it; the id when the revision is not there.</param>
/// <param name="Place">Tier, weight and role; empty when the revision is not there.</param>
/// <param name="State">Of its breaker on that edge; null when nothing tells.</param>
/// <param name="Reason">Null: not kept.</param>
/// <param name="Decision">Tried and failed, answered, not asked: in two or three words.</param>
/// <param name="Why">The sentence behind it.</param>
public sealed record CandidateView(
    string ModelEndpoint, string Name, string Place, BreakerView? State, CandidateReason? Reason, string Decision, string Why, bool Answered);
