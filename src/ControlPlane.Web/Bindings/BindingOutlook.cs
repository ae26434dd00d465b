using System.Collections.Immutable;
using ControlPlane.Web.Budgets;
using ControlPlane.Web.Insights;
using ControlPlane.Web.Ui;
using Routing.Core.Health;
using Routing.Core.Llm;
using Routing.Core.Snapshots;

namespace ControlPlane.Web.Bindings;

/// <summary>What is known of a feature and of the model endpoints it may be bound to, for those who edit the binding.</summary>
/// <param name="Live">The binding edges run; null when the feature is not published.</param>
/// <param name="LastHour">Requests of the feature in the last hour.</param>
/// <param name="LastDay">Requests in the last 24 h; their spend is without that of copies.</param>
/// <param name="Callers">Names of callers that may ask for it.</param>
public sealed record BindingOutlook(
    long LiveRevision,
    FeatureConfig? Live,
    long LastHour,
    long LastDay,
    ImmutableArray<Spend> SpendLastDay,
    long UnpricedLastDay,
    ImmutableArray<string> Callers,
    int Edges,
    ImmutableDictionary<string, EndpointOutlook> Endpoints)
{
    /// <summary>Null where nobody has asked for it.</summary>
    public MonthSpend? Month { get; init; }
}

/// <summary>One model endpoint seen from a feature.</summary>
/// <param name="State">Worst breaker over the edges that are heard; no traffic when none is.</param>
/// <param name="Hour">This feature's attempts on it in the last hour; null without any.</param>
/// <param name="PerThousand">What 1,000 answers cost with the feature's own token mix and today's price; null without a price or without a mix.</param>
/// <param name="Day">Attempts of the last 24 h that tell what to expect; null without any.</param>
public sealed record EndpointOutlook(
    string ModelEndpoint, BreakerView State, HourOfCandidate? Hour, long? PerThousand, string Currency, bool IsPriced, bool HasMix, DayOfEndpoint? Day)
{
    /// <summary>What it did for callers of this feature in the last 24 h; null without any.</summary>
    public AnswersOfDay? Answers { get; init; }

    /// <summary>The same of copies of the feature's calls, which nobody saw.</summary>
    public AnswersOfDay? Copies { get; init; }
}

/// <summary>What one model endpoint did with a feature's calls.</summary>
/// <param name="Calls">Attempts, without those that were stopped.</param>
/// <param name="FirstTokenP50Ms">Of streamed answers; null without any.</param>
/// <param name="InputTokens">Mean of an answer; null without any.</param>
/// <param name="PerThousand">Micro-units for 1,000 answers, failed attempts included; null without answers, a price, or one currency.</param>
public sealed record AnswersOfDay(
    long Calls, long Answered, int? FirstTokenP50Ms, int? FirstTokenP90Ms, int? DurationP50Ms, int? DurationP90Ms, long? InputTokens, long? OutputTokens, long? PerThousand, string Currency)
{
    public double? AnsweredShare => Calls == 0 ? null : (double)Answered / Calls;
}

/// <param name="TrafficShare">Of the feature's answers; null when it had none.</param>
public sealed record HourOfCandidate(long Attempts, double? TrafficShare, int? FirstTokenP50Ms, int? FirstTokenP90Ms, double ErrorShare);

/// <summary>Copies of the feature's calls count: they tell what its callers would have met.</summary>
/// <param name="OfThisFeature">False: the feature never used it, so all features that did stand in.</param>
public sealed record DayOfEndpoint(bool OfThisFeature, long Attempts, double ErrorShare, LatencyHistogram FirstToken);

/// <summary>Mean tokens of one answer of a feature.</summary>
internal readonly record struct TokenMix(long Answers, long Input, long CacheRead, long CacheWrite, long Output)
{
    /// <summary>Of a thousand answers, so that a mean keeps its fractions.</summary>
    public TokenUsage? OfThousand => Answers == 0 ? null : new TokenUsage
    {
        InputTotal = Input * 1000 / Answers, CacheRead = CacheRead * 1000 / Answers, CacheWrite = CacheWrite * 1000 / Answers, OutputTotal = Output * 1000 / Answers,
    };
}
