using System.Collections.Immutable;

namespace Routing.Core.Snapshots.Validation;

internal static class FeatureRules
{
    private const int MaxCandidates = 20;

    public static void Check(SnapshotIndex index, ProblemList problems)
    {
        foreach (var (path, feature) in SnapshotIndex.Each("features", "Feature", index.Features, f => f.Name, problems))
        {
            problems.Id($"{path}.name", "Feature name", feature.Name);
            problems.Text($"{path}.owner", "Owner", feature.Owner, 200);
            problems.Text($"{path}.description", "Description", feature.Description, 2_000);
            Deadlines(path, feature, problems);
            DeliveryRules.Check(path, feature, index, problems);
            ChoiceRules.Check(path, feature, index, problems);
            ShadowRules.Check(path, feature, index, problems);
            BudgetRules.Check(path, feature, index, problems);
            Candidates(path, SnapshotIndex.Items(feature.Candidates), index, problems);
        }
    }

    private static void Deadlines(string path, FeatureConfig feature, ProblemList problems)
    {
        problems.Range($"{path}.firstTokenMs", "First-token deadline", feature.FirstTokenMs, 100, 600_000, "ms");
        if (feature.IdleMs != 0) problems.Range($"{path}.idleMs", "Longest silence", feature.IdleMs, 100, 600_000, "ms");
        problems.Range($"{path}.totalMs", "Total deadline", feature.TotalMs, 100, 3_600_000, "ms");
        problems.Range($"{path}.maxAttempts", "Attempts", feature.MaxAttempts, 1, 5);
        problems.Range($"{path}.sloFirstTokenMs", "Promised time to the first token", feature.SloFirstTokenMs, 0, 600_000, "ms");
        if (feature.TotalMs < feature.FirstTokenMs)
        {
            problems.Add($"{path}.totalMs", "deadline_order",
                $"The total deadline is {feature.TotalMs:N0}\u00A0ms, the one for the first token {feature.FirstTokenMs:N0}\u00A0ms. Raise the total or lower the other.");
        }
        if (feature.SloFirstTokenMs > feature.FirstTokenMs)
        {
            problems.Warn($"{path}.sloFirstTokenMs", "slo_beyond_deadline",
                $"The promise is {feature.SloFirstTokenMs:N0}\u00A0ms, but calls are given up at {feature.FirstTokenMs:N0}\u00A0ms. Lower the promise or raise the deadline.");
        }
    }

    private static void Candidates(string path, ImmutableArray<CandidateConfig?> candidates, SnapshotIndex index, ProblemList problems)
    {
        if (candidates.IsEmpty)
        {
            problems.Add($"{path}.candidates", "candidates_missing", $"The feature has no candidates, so nothing can answer for it. Add a model endpoint.");
            return;
        }
        problems.Count($"{path}.candidates", "candidates", candidates, MaxCandidates);
        if (candidates.Length > MaxCandidates) return;
        for (var i = 0; i < candidates.Length; i++)
        {
            if (candidates[i] is { } candidate) Candidate($"{path}.candidates[{i}]", candidate, candidates[..i], index, problems);
            else problems.Add($"{path}.candidates[{i}]", "item_missing", $"Entry {i} is null. Remove it.");
        }
        ImmutableArray<CandidateConfig?> answering = candidates.RemoveAll(c => c is { IsShadow: true });
        if (answering.IsEmpty)
        {
            problems.Add($"{path}.candidates", "only_shadows", $"Every candidate is a shadow, so nothing can answer. Give one another role.");
            return;
        }
        Tiers(path, answering, problems);
        Spread(path, answering, index, problems);
    }

    private static void Candidate(string path, CandidateConfig candidate, ImmutableArray<CandidateConfig?> before, SnapshotIndex index, ProblemList problems)
    {
        var endpoint = candidate.ModelEndpoint ?? "";
        if (!index.ModelEndpointsById.ContainsKey(endpoint))
        {
            problems.Add($"{path}.modelEndpoint", "reference_dangling", $"Model endpoint '{ProblemList.Shown(endpoint)}' does not exist. Name one of the model endpoints, or add it.");
        }
        else if (before.Any(c => c?.ModelEndpoint == endpoint))
        {
            problems.Add($"{path}.modelEndpoint", "candidate_repeated", $"{ProblemList.Shown(endpoint)} is a candidate twice. Keep one and give it the whole weight.");
        }
        problems.Range($"{path}.tier", "Tier", candidate.Tier, 1, 9);
        problems.Range($"{path}.weight", "Weight", candidate.Weight, 0, 100, "%");
        problems.Defined($"{path}.role", "Role", candidate.Role);
    }

    private static void Tiers(string path, ImmutableArray<CandidateConfig?> candidates, ProblemList problems)
    {
        var expected = 1;
        foreach (var tier in candidates.OfType<CandidateConfig>().Where(c => c.Tier is >= 1 and <= 9).GroupBy(c => c.Tier).OrderBy(g => g.Key))
        {
            if (tier.Key != expected)
            {
                problems.Add($"{path}.candidates", "tier_gap", $"Tier {tier.Key} follows tier {expected - 1}; tier {expected} is empty. Number the tiers 1, 2, 3 without a gap.");
            }
            expected = tier.Key + 1;
            var sum = tier.Sum(c => (long)c.Weight);
            if (sum == 100) continue;
            var fix = sum < 100 ? $"{100 - sum:N0}\u00A0% is missing" : $"{sum - 100:N0}\u00A0% is too much";
            problems.Add($"{path}.candidates", "weight_sum", $"The weights of tier {tier.Key} add up to {sum:N0}\u00A0%; {fix}.");
        }
    }

    /// <summary>What one outage would take away.</summary>
    private static void Spread(string path, ImmutableArray<CandidateConfig?> candidates, SnapshotIndex index, ProblemList problems)
    {
        if (candidates.Length == 1)
        {
            problems.Warn($"{path}.candidates", "single_candidate", $"The feature has one candidate: when that is down, calls fail. Add a backup.");
            return;
        }
        var accounts = candidates.Select(c => index.AccountOf(index.ModelEndpointsById.GetValueOrDefault(c?.ModelEndpoint ?? ""))).ToArray();
        if (accounts.Any(a => a is null)) return;
        var providers = accounts.Select(a => a!.Provider).Distinct().ToArray();
        if (providers.Length == 1)
        {
            problems.Warn($"{path}.candidates", "single_provider",
                $"All {candidates.Length} candidates are on {Spoken.Provider(providers[0])}: when that is down, calls fail. Add a backup on another provider.");
        }
    }
}
