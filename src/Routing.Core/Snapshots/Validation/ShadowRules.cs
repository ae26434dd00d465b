namespace Routing.Core.Snapshots.Validation;

/// <summary>Copies of calls: how many, and to whom.</summary>
internal static class ShadowRules
{
    public static void Check(string path, FeatureConfig feature, SnapshotIndex index, ProblemList problems)
    {
        problems.Range($"{path}.shadowPercent", "Share of the calls that is copied", feature.ShadowPercent, 0, 100, "%");
        string[] shadows = [.. SnapshotIndex.Items(feature.Candidates).OfType<CandidateConfig>().Where(c => c.IsShadow).Select(c => c.ModelEndpoint ?? "")];
        if (shadows.Length == 0 && feature.ShadowPercent > 0)
        {
            problems.Warn($"{path}.shadowPercent", "no_shadow", $"{feature.ShadowPercent}\u00A0% of the calls would be copied, but no candidate is a shadow. Give one that role, or set the share to 0.");
        }
        if (shadows.Length > 0 && feature.ShadowPercent == 0)
        {
            problems.Warn($"{path}.shadowPercent", "shadow_idle", $"{Names(shadows)} would get copies of calls, but the share that is copied is 0. Set it, or take the shadow out.");
        }
        if (!feature.Residency.IsDefaultOrEmpty) Residency(path, feature, [.. shadows.Where(s => IsOutside(feature, index, s))], problems);
    }

    private static void Residency(string path, FeatureConfig feature, string[] outside, ProblemList problems)
    {
        if (outside.Length == 0) return;
        var allowed = string.Join(" or ", feature.Residency.Select(ProblemList.Shown));
        problems.Warn($"{path}.residency", "shadow_not_resident", $"{Names(outside)} {(outside.Length == 1 ? "gets" : "get")} no copies: the residency is not {allowed}. Take {(outside.Length == 1 ? "it" : "them")} out, or say at the model endpoint where it is.");
    }

    private static bool IsOutside(FeatureConfig feature, SnapshotIndex index, string shadow) =>
        index.ModelEndpointsById.GetValueOrDefault(shadow) is { } endpoint && !feature.Residency.Contains(endpoint.Residency, StringComparer.Ordinal);

    private static string Names(string[] shadows) => string.Join(", ", shadows.Select(ProblemList.Shown));
}
