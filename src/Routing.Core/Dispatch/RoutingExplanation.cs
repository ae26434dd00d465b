using System.Collections.Immutable;
using System.Text.Json.Serialization;
using Routing.Core.Health;
using Routing.Core.Llm;
using Routing.Core.Providers;
using Routing.Core.Snapshots;

namespace Routing.Core.Dispatch;

/// <summary>What would happen to a candidate in a request.</summary>
[JsonConverter(typeof(SnakeCaseEnumConverter<CandidateVerdict>))]
public enum CandidateVerdict : byte
{
    /// <summary>Takes calls.</summary>
    Eligible,

    /// <summary>Coming back: takes only a share of the calls that reach it.</summary>
    Partial,

    /// <summary>Asked although it is open, a few calls at a time, because nobody else is left.</summary>
    FailOpen,

    /// <summary>Does not serve this API, or cannot take a field of the request.</summary>
    Incapable,
    Open,
    Isolated,

    /// <summary>Our own quota at it is used up for now.</summary>
    QuotaClosed,

    /// <summary>Keeps what it is sent where the feature does not allow.</summary>
    OutsideResidency,

    /// <summary>The call might cost more there than the feature allows.</summary>
    TooDear,

    /// <summary>Asked when its turn comes, which fails before anything is sent: its account's credential could not be found or used.</summary>
    NoCredential,
}

/// <summary>One candidate of a feature as a request sent now would find it. Holds nothing of the account behind it.</summary>
/// <param name="WeightPercent">Share of its tier's weight among those that take calls; 0 when it takes none.</param>
/// <param name="SharePercent">Share of normal traffic its breaker lets through.</param>
/// <param name="Until">When it is tried again; null when it takes calls, or nobody knows.</param>
/// <param name="AskedFirst">Whether it, or one of several of which this is true, would be asked first.</param>
/// <param name="FirstTokenP90Ms">Of late; null when too few answers were streamed to tell.</param>
/// <param name="ExpectedMicros">What this call would cost with an answer as long as the feature's are; null without a price.</param>
/// <param name="MostMicros">The same with the longest answer that may come.</param>
/// <param name="CanContinue">Whether it would go on from an answer that another one began; null for a call whose answer is not continued.</param>
/// <param name="Reason">For people.</param>
public sealed record CandidateExplanation(
    string Endpoint, ProviderKind Provider, int Tier, CandidateRole Role, CandidateVerdict Verdict, int WeightPercent, BreakerState State, int SharePercent,
    int Answered, int Failed, int WindowSeconds, DateTimeOffset? Until, bool AskedFirst, int? FirstTokenP90Ms, long? ExpectedMicros, long? MostMicros, string? Currency,
    bool? CanContinue, string Reason);

/// <summary>Where a request sent now would go: the feature's candidates in the order in which they are asked.</summary>
/// <param name="Delivery">Of this call: of a feature whose answers are continued, one that cannot be is delivered immediately.</param>
/// <param name="Choice">What decides who is asked first, for people; null when nobody would be.</param>
/// <param name="Failure">Why it would be refused without asking anybody; null when it would be tried.</param>
/// <param name="Shadows">Who would get a copy of it once it is answered, if it is of the share that is copied.</param>
public sealed record RoutingExplanation(
    string Feature, int MaxAttempts, DeliveryMode Delivery, ImmutableArray<CandidateExplanation> Candidates, string? Choice, Failure? Failure, ImmutableArray<ShadowExplanation> Shadows);

/// <summary>One shadow of a feature as the copy of a request sent now would find it.</summary>
/// <param name="Percent">Share of the feature's answered calls of which it gets a copy.</param>
/// <param name="Reason">For people.</param>
public sealed record ShadowExplanation(string Endpoint, ProviderKind Provider, int Percent, CandidateVerdict Verdict, string Reason);
