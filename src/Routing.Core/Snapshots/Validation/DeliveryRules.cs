using Routing.Core.Llm;
using Routing.Core.Providers;
using Routing.Core.Tables;

namespace Routing.Core.Snapshots.Validation;

/// <summary>Whether somebody is there to save an answer that breaks, where the feature's delivery promises it.</summary>
internal static class DeliveryRules
{
    public static void Check(string path, FeatureConfig feature, SnapshotIndex index, ProblemList problems)
    {
        problems.Defined($"{path}.delivery", "Delivery", feature.Delivery);
        if (feature.Delivery is not (DeliveryMode.Protected or DeliveryMode.Continued)) return;
        if (feature.MaxAttempts > 1 && SnapshotIndex.Answering(feature).Length != 1)
        {
            if (feature.Delivery == DeliveryMode.Continued) Takers(path, feature, index, problems);
            return;
        }

        var purpose = feature.Delivery == DeliveryMode.Protected ? "Answers are held back so that another candidate can answer when one breaks" : "Answers that break are to be continued by another candidate";
        problems.Warn($"{path}.delivery", "nobody_to_rescue",
            $"{purpose}, but {(feature.MaxAttempts == 1 ? "only one attempt is made" : "there is one candidate")}. Add a backup and an attempt, or deliver immediately.");
    }

    /// <summary>For each of those that are asked first there should be another one that goes on from what it began.</summary>
    private static void Takers(string path, FeatureConfig feature, SnapshotIndex index, ProblemList problems)
    {
        if (problems.HasErrors) return; // Of accounts and model endpoints, which were judged before: what cannot be compiled cannot be asked.
        var candidates = SnapshotIndex.Answering(feature).OfType<CandidateConfig>().Where(c => MayBeAsked(c, feature, index)).ToArray();
        var takers = candidates.Where(c => TakesUp(index.ModelEndpointsById[c.ModelEndpoint], index)).ToArray();
        var alone = candidates.Where(c => c.Tier == 1 && takers.All(t => t == c)).Select(c => Spoken.Endpoint(index, c.ModelEndpoint)).ToArray();
        if (alone.Length == 0) return;
        problems.Warn($"{path}.delivery", "nobody_to_continue",
            $"When an answer of {Spoken.Either(alone)} breaks, no other candidate can go on from it. Add one that takes up a begun turn: a Claude model before 4.6, or a server with the quirk 'prefill'.");
    }

    private static bool MayBeAsked(CandidateConfig candidate, FeatureConfig feature, SnapshotIndex index) =>
        index.ModelEndpointsById.TryGetValue(candidate.ModelEndpoint ?? "", out var endpoint)
        && (feature.Residency.IsDefaultOrEmpty || feature.Residency.Contains(endpoint.Residency, StringComparer.Ordinal));

    private static bool TakesUp(ModelEndpointConfig endpoint, SnapshotIndex index)
    {
        if (index.AccountOf(endpoint) is not { } account) return false;
        var target = RoutingTableCompiler.Target(endpoint, account, RoutingTableCompiler.Address(endpoint, account));
        return (ProviderAdapters.Of(account.Provider, target.Family).Support(CallerApi.Canonical, target).Carries & Capabilities.AssistantPrefill) != Capabilities.None;
    }
}
