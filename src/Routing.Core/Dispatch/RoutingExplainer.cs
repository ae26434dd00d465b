using System.Collections.Immutable;
using System.Globalization;
using Routing.Core.Dispatch.Choice;
using Routing.Core.Health;
using Routing.Core.Llm;
using Routing.Core.Snapshots;
using Routing.Core.Tables;

namespace Routing.Core.Dispatch;

/// <summary>
/// Answers where a call would go, by the same table and the same breakers as the dispatcher, without sending anything and without
/// taking a permit from anybody. For people and tools, not for the hot path.
/// </summary>
public static class RoutingExplainer
{
    /// <param name="at">The prices of that moment count.</param>
    public static RoutingExplanation Explain(FeatureRoute route, ChatCall asked, DateTimeOffset at) => Explain(route, asked, at, static e => e.Health.View());

    /// <summary>The same with the health that somebody else has told of: an edge, for whoever routes nothing itself.</summary>
    public static RoutingExplanation Explain(FeatureRoute route, ChatCall asked, DateTimeOffset at, Func<ModelEndpoint, EndpointHealthView> viewOf)
    {
        ArgumentNullException.ThrowIfNull(route);
        ArgumentNullException.ThrowIfNull(viewOf);
        var isContinued = Continuation.IsFor(route, asked);
        var call = isContinued ? asked.Canonical() : asked;
        var views = route.Candidates.Select(c => viewOf(c.Endpoint)).ToArray();
        var refusals = route.Candidates.Select(c => Refusal(call, c)).ToArray();
        var verdicts = route.Candidates.Select((c, i) => Unfit(route, call, at, i, refusals[i]) ?? Judge(views[i])).ToArray();
        if (!verdicts.Any(IsAsked) && !route.IsShadow) FailOpen(views, verdicts);
        NoCredential(route, verdicts);
        var refusal = Refusal(route, call, at, verdicts);
        var first = 0u; // Of a call that is refused nobody is asked.
        var choice = refusal is null ? ChoiceSentence.Of(route, Mask(route, verdicts), call, at, views, out first) : null;
        var candidates = route.Candidates.Select((c, i) => Explain(route, call, at, verdicts, i, views[i], (first & (1u << i)) != 0, refusals[i])).ToImmutableArray();
        var delivery = route.Delivery == DeliveryMode.Continued && call.Stream && !isContinued ? DeliveryMode.Immediate : route.Delivery;
        return new RoutingExplanation(route.Name, route.MaxAttempts, delivery, candidates, choice, refusal, [.. route.Shadows.Select(s => Shadow(s, route.ShadowPercent, asked, at, viewOf))]);
    }

    private static ShadowExplanation Shadow(FeatureRoute shadow, int percent, ChatCall call, DateTimeOffset at, Func<ModelEndpoint, EndpointHealthView> viewOf)
    {
        var candidate = Explain(shadow, call, at, viewOf).Candidates[0];
        var share = string.Create(CultureInfo.InvariantCulture, $"Gets a copy of {percent} % of the answered calls; its answer goes to nobody.");
        var isSent = IsAsked(candidate.Verdict) && candidate.Verdict != CandidateVerdict.NoCredential;
        return new ShadowExplanation(candidate.Endpoint, candidate.Provider, percent, candidate.Verdict, isSent ? share : $"Gets no copy of this call. {candidate.Reason}");
    }

    /// <summary>Those of the first tier of which anybody takes calls.</summary>
    private static uint Mask(FeatureRoute route, CandidateVerdict[] verdicts)
    {
        var mask = 0u;
        for (var i = 0; i < verdicts.Length; i++) mask |= IsAsked(verdicts[i]) ? 1u << i : 0;
        return mask == 0 ? 0 : route.LowestTier(mask);
    }

    private static CandidateVerdict? Unfit(FeatureRoute route, ChatCall call, DateTimeOffset at, int index, string? refusal)
    {
        if (route.IsOutside(index)) return CandidateVerdict.OutsideResidency;
        if (refusal is not null) return CandidateVerdict.Incapable;
        return route.MaxCostMicros > 0 && CallCost.AtMost(call, route.Candidates[index].Endpoint, at) > route.MaxCostMicros ? CandidateVerdict.TooDear : null;
    }

    /// <summary>Why a candidate cannot take the call: it has no place for a field, or for what its adapter finds in this very call. Null when it can.</summary>
    private static string? Refusal(ChatCall call, Candidate candidate) => CapabilityRefusal.Missing(call, candidate) != Capabilities.None
        ? $"It {CapabilityRefusal.Why(call, candidate)}."
        : candidate.Endpoint.Adapter.Refuse(call, candidate.Endpoint.Target)?.Message;

    private static bool IsAsked(CandidateVerdict verdict) => verdict is CandidateVerdict.Eligible or CandidateVerdict.Partial or CandidateVerdict.FailOpen or CandidateVerdict.NoCredential;

    private static bool IsUnfit(CandidateVerdict verdict) => verdict is CandidateVerdict.Incapable or CandidateVerdict.OutsideResidency or CandidateVerdict.TooDear;

    private static CandidateVerdict Judge(EndpointHealthView view)
    {
        if (view.State == BreakerState.Isolated) return CandidateVerdict.Isolated;
        if (view.QuotaUntil is not null) return CandidateVerdict.QuotaClosed;
        return view.State switch
        {
            BreakerState.Open => CandidateVerdict.Open,
            BreakerState.PartialOpen => CandidateVerdict.Partial,
            _ => CandidateVerdict.Eligible,
        };
    }

    /// <summary>As the dispatcher does when nobody gives a permit: the least bad one that can, is not isolated and has quota.</summary>
    private static void FailOpen(EndpointHealthView[] views, CandidateVerdict[] verdicts)
    {
        var (best, least) = (-1, double.PositiveInfinity);
        for (var i = 0; i < verdicts.Length; i++)
        {
            if (IsUnfit(verdicts[i]) || verdicts[i] is CandidateVerdict.Isolated or CandidateVerdict.QuotaClosed) continue;
            if (views[i].Badness is var badness && badness < least) (best, least) = (i, badness);
        }

        if (best >= 0) verdicts[best] = CandidateVerdict.FailOpen;
    }

    /// <summary>Whom the dispatcher asks all the same: only the attempt finds out.</summary>
    private static void NoCredential(FeatureRoute route, CandidateVerdict[] verdicts)
    {
        for (var i = 0; i < verdicts.Length; i++)
        {
            if (IsAsked(verdicts[i]) && route.Candidates[i].Endpoint.Credentials.IsMissing) verdicts[i] = CandidateVerdict.NoCredential;
        }
    }

    private static CandidateExplanation Explain(
        FeatureRoute route, ChatCall call, DateTimeOffset at, CandidateVerdict[] verdicts, int index, EndpointHealthView view, bool first, string? refusal)
    {
        var (candidate, verdict) = (route.Candidates[index], verdicts[index]);
        var price = candidate.Endpoint.Prices.At(at);
        return new(
            candidate.Endpoint.Id, candidate.Endpoint.Adapter.Kind, candidate.Tier, candidate.Role, verdict, WeightPercent(route, verdicts, index),
            view.State, view.SharePercent, view.Answered, view.Failed, view.WindowSeconds,
            IsAsked(verdict) ? null : view.QuotaUntil ?? view.Until, first, view.SpeedP90Ms is > 0 and var p90 ? p90 : null,
            price is null ? null : CallCost.Expected(route, call, price), price is null ? null : CallCost.AtMost(call, candidate.Endpoint, price), price?.Currency,
            call.Api == CallerApi.Canonical ? Continuation.CanGoOn(route, index, call) : null,
            verdict switch
            {
                CandidateVerdict.Incapable => refusal ?? "",
                CandidateVerdict.OutsideResidency => Outside(route, candidate),
                CandidateVerdict.TooDear when price is not null => $"It {CostRefusal.Estimate(call, candidate.Endpoint, price)}; the feature allows {CostRefusal.Limit(route, at)} for one attempt.",
                CandidateVerdict.NoCredential => "The credential of its account could not be found or used: calls to it fail before they are sent.",
                _ when price is null && route.MaxCostMicros > 0 => $"{Reason(verdict, view)} It has no price, so that the feature's limit of the cost of an attempt is not judged for it.",
                _ => Reason(verdict, view),
            });
    }

    private static string Outside(FeatureRoute route, Candidate candidate) =>
        $"It keeps what it is sent {(candidate.Endpoint.Residency.Length == 0 ? "nowhere in particular" : $"in {candidate.Endpoint.Residency}")}; the feature allows {string.Join(" or ", route.Residency)}.";

    private static int WeightPercent(FeatureRoute route, CandidateVerdict[] verdicts, int index)
    {
        if (!IsAsked(verdicts[index])) return 0;
        var (own, all) = (route.Candidates[index], 0);
        for (var i = 0; i < verdicts.Length; i++)
        {
            if (route.Candidates[i].Tier == own.Tier && IsAsked(verdicts[i])) all += route.Candidates[i].Weight;
        }

        return all == 0 ? 100 : own.Weight * 100 / all;
    }

    private static string Reason(CandidateVerdict verdict, EndpointHealthView view) => verdict switch
    {
        CandidateVerdict.Eligible => $"Takes calls: {view.Failed} of {view.Failed + view.Answered} failed in the last {view.WindowSeconds} s.",
        CandidateVerdict.Partial => $"Coming back: takes {view.SharePercent} % of normal traffic; the rest goes to the next candidate.",
        CandidateVerdict.FailOpen => "Asked all the same, a few calls at a time, because no other candidate is left.",
        CandidateVerdict.Open => $"Open after failures{Until(view.Until)}.",
        CandidateVerdict.Isolated => $"Taken out of service by an operator or for a fault of its configuration{Until(view.Until)}.",
        _ => $"Its quota is used up{Until(view.QuotaUntil)}.",
    };

    private static string Until(DateTimeOffset? moment) =>
        moment is { Year: < 9999 } at ? string.Create(CultureInfo.InvariantCulture, $", until {at.UtcDateTime:yyyy-MM-dd HH:mm:ss} UTC") : "";

    private static Failure? Refusal(FeatureRoute route, ChatCall call, DateTimeOffset at, CandidateVerdict[] verdicts)
    {
        if (BudgetRefusal.Find(route, call, at) is { } spent) return spent;
        if (verdicts.Any(IsAsked)) return null;
        if (verdicts.All(IsUnfit) && verdicts.Contains(CandidateVerdict.TooDear)) return CostRefusal.Of(route, call, at, Reasons(verdicts));
        if (verdicts.Length > 0 && verdicts.All(v => v == CandidateVerdict.Incapable)) return Incapable(route, call);
        return Failure.Of(FailureKind.NoEligibleEndpoint, $"Feature '{route.Name}' cannot be served: no candidate that could take the request is in service.");
    }

    private static CandidateReasons Reasons(CandidateVerdict[] unfit)
    {
        var reasons = new CandidateReasons();
        for (var i = 0; i < unfit.Length; i++)
        {
            reasons[i] = unfit[i] switch
            {
                CandidateVerdict.OutsideResidency => CandidateReason.OutsideResidency,
                CandidateVerdict.TooDear => CandidateReason.TooDear,
                _ => CandidateReason.Incapable,
            };
        }

        return reasons;
    }

    /// <summary>As the dispatcher says it: of those that are asked and whose adapters refuse, the first.</summary>
    private static Failure Incapable(FeatureRoute route, ChatCall call)
    {
        foreach (var candidate in route.Candidates)
        {
            if (CapabilityRefusal.Missing(call, candidate) != Capabilities.None) continue;
            if (candidate.Endpoint.Adapter.Refuse(call, candidate.Endpoint.Target) is { } refusal) return CapabilityRefusal.By(route, call, candidate, refusal);
        }

        return CapabilityRefusal.Of(route, call);
    }
}
