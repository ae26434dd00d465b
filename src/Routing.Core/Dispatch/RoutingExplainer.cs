using System.Collections.Immutable;
using System.Globalization;
using Routing.Core.Health;
using Routing.Core.Llm;
using Routing.Core.Tables;

namespace Routing.Core.Dispatch;

/// <summary>
/// Answers where a call would go, from the same table and the same breakers as the dispatcher, without sending anything and without
/// taking a permit from anybody. For people and tools, not for the hot path.
/// </summary>
public static class RoutingExplainer
{
    public static RoutingExplanation Explain(FeatureRoute route, ChatCall call)
    {
        var views = route.Candidates.Select(c => c.Endpoint.Health.View()).ToArray();
        var refusals = route.Candidates.Select(c => Refusal(call, c)).ToArray();
        var verdicts = route.Candidates.Select((c, i) => Judge(refusals[i], views[i])).ToArray();
        if (!verdicts.Any(TakesCalls)) FailOpen(route, verdicts);
        var candidates = route.Candidates.Select((c, i) => Explain(route, refusals[i], verdicts, i, c, views[i])).ToImmutableArray();
        return new RoutingExplanation(route.Name, route.MaxAttempts, route.Delivery, candidates, Refusal(route, call, verdicts));
    }

    /// <summary>Why a candidate cannot take the call: it has no place for a field, or for what its adapter finds in this very call. Null when it can.</summary>
    private static string? Refusal(ChatCall call, Candidate candidate) => CapabilityRefusal.Missing(call, candidate) != Capabilities.None
        ? $"It {CapabilityRefusal.Why(call, candidate)}."
        : candidate.Endpoint.Adapter.Refuse(call, candidate.Endpoint.Target)?.Message;

    private static bool TakesCalls(CandidateVerdict verdict) => verdict is CandidateVerdict.Eligible or CandidateVerdict.Partial or CandidateVerdict.FailOpen;

    private static CandidateVerdict Judge(string? refusal, EndpointHealthView view)
    {
        if (refusal is not null) return CandidateVerdict.Incapable;
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
    private static void FailOpen(FeatureRoute route, CandidateVerdict[] verdicts)
    {
        var (best, least) = (-1, double.PositiveInfinity);
        for (var i = 0; i < verdicts.Length; i++)
        {
            if (verdicts[i] is CandidateVerdict.Incapable or CandidateVerdict.Isolated or CandidateVerdict.QuotaClosed) continue;
            if (route.Candidates[i].Endpoint.Health.Badness is var badness && badness < least) (best, least) = (i, badness);
        }

        if (best >= 0) verdicts[best] = CandidateVerdict.FailOpen;
    }

    private static CandidateExplanation Explain(FeatureRoute route, string? refusal, CandidateVerdict[] verdicts, int index, Candidate candidate, EndpointHealthView view) => new(
        candidate.Endpoint.Id, candidate.Endpoint.Adapter.Kind, candidate.Tier, candidate.Role, verdicts[index], WeightPercent(route, verdicts, index),
        view.State, view.SharePercent, view.Answered, view.Failed, view.WindowSeconds,
        TakesCalls(verdicts[index]) ? null : view.QuotaUntil ?? view.Until, refusal ?? Reason(verdicts[index], view));

    private static int WeightPercent(FeatureRoute route, CandidateVerdict[] verdicts, int index)
    {
        if (!TakesCalls(verdicts[index])) return 0;
        var (own, all) = (route.Candidates[index], 0);
        for (var i = 0; i < verdicts.Length; i++)
        {
            if (route.Candidates[i].Tier == own.Tier && TakesCalls(verdicts[i])) all += route.Candidates[i].Weight;
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

    private static Failure? Refusal(FeatureRoute route, ChatCall call, CandidateVerdict[] verdicts)
    {
        if (verdicts.Any(TakesCalls)) return null;
        if (verdicts.Length > 0 && verdicts.All(v => v == CandidateVerdict.Incapable)) return Incapable(route, call);
        return Failure.Of(FailureKind.NoEligibleEndpoint, $"Feature '{route.Name}' cannot be served: no candidate that could take the request is in service.");
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
