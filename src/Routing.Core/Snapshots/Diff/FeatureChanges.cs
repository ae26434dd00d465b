using Routing.Core.Snapshots.Validation;

namespace Routing.Core.Snapshots.Diff;

internal static class FeatureChanges
{
    public static void Find(SnapshotIndex before, SnapshotIndex after, ChangeList changes)
    {
        foreach (var (name, old, now) in Pairs.Of(before.Features, after.Features, f => f.Name))
        {
            var feature = new Subject("feature", "features", name);
            if (old is null && now is not null)
            {
                var chain = Chain(after, now);
                changes.Added(feature, "", $"new feature, answered by {chain}", chain);
            }
            else if (now is null && old is not null)
            {
                changes.Removed(feature, "", $"removed; calls that name it are refused", Chain(before, old));
            }
            else if (old is not null && now is not null)
            {
                Candidates(feature, before, old, after, now, changes);
                Settings(feature, old, now, changes);
            }
        }
    }

    private static void Settings(Subject feature, FeatureConfig old, FeatureConfig now, ChangeList changes)
    {
        changes.Number(feature, "firstTokenMs", "deadline of the first token", old.FirstTokenMs, now.FirstTokenMs, "ms");
        changes.Number(feature, "totalMs", "deadline of the answer", old.TotalMs, now.TotalMs, "ms");
        changes.Number(feature, "maxAttempts", "number of attempts", old.MaxAttempts, now.MaxAttempts);
        changes.Number(feature, "sloFirstTokenMs", "promised time to the first token", old.SloFirstTokenMs, now.SloFirstTokenMs, "ms", "none");
        changes.Number(feature, "idleMs", "longest silence inside a stream", old.IdleMs, now.IdleMs, "ms", "as for the first token");
        changes.Value(feature, "lane", "lane", LaneName(old), LaneName(now));
        Rescue(feature, old, now, changes);
        Choice(feature, old, now, changes);
        changes.Value(feature, "owner", "owner", old.Owner, now.Owner);
        changes.Value(feature, "description", "description", old.Description, now.Description);
    }

    private static void Rescue(Subject feature, FeatureConfig old, FeatureConfig now, ChangeList changes)
    {
        changes.Value(feature, "delivery", "delivery of streamed answers", Spoken.Delivery(old.Delivery), Spoken.Delivery(now.Delivery));
        changes.Number(feature, "hedgePercent", "most calls sent to a second provider", old.HedgePercent, now.HedgePercent, "%", "none");
        changes.Number(feature, "shadowPercent", "share of the calls that is copied to shadows", old.ShadowPercent, now.ShadowPercent, "%", "none");
        changes.Value(feature, "failOverOnContentFilter", "what follows a content filter's refusal", AfterFilter(old), AfterFilter(now));
    }

    private static void Choice(Subject feature, FeatureConfig old, FeatureConfig now, ChangeList changes)
    {
        changes.Value(feature, "selection", "who of a tier is asked first", Spoken.Selection(old.Selection), Spoken.Selection(now.Selection));
        changes.Value(feature, "affinity", "which calls stay together", Spoken.Affinity(old.Affinity), Spoken.Affinity(now.Affinity));
        changes.Number(feature, "warmPercent", "share of the calls that keeps backups warm", old.WarmPercent, now.WarmPercent, "%", "none");
        changes.Value(feature, "residency", "residency", Spoken.List(old.Residency, "any"), Spoken.List(now.Residency, "any"));
        changes.Value(feature, "maxCostMicros", "most that an attempt may cost", Spoken.Limit(old.MaxCostMicros), Spoken.Limit(now.MaxCostMicros));
        Budget(feature, old, now, changes);
    }

    private static void Budget(Subject feature, FeatureConfig old, FeatureConfig now, ChangeList changes)
    {
        changes.Value(feature, "budgetMicros", "budget of a month", Spoken.Budget(old), Spoken.Budget(now));
        if (old.BudgetMicros == 0 && now.BudgetMicros == 0) changes.Value(feature, "budgetCurrency", "currency of the budget", old.BudgetCurrency, now.BudgetCurrency);
        changes.Value(feature, "budgetAction", "what calls beyond the budget get", Spoken.Beyond(old.BudgetAction), Spoken.Beyond(now.BudgetAction));
    }

    private static string AfterFilter(FeatureConfig feature) => feature.FailOverOnContentFilter ? "the next candidate" : "the refusal as the answer";

    private static string LaneName(FeatureConfig feature) => feature.Lane == RequestLane.Batch ? "batch" : "interactive";

    private static void Candidates(Subject feature, SnapshotIndex before, FeatureConfig old, SnapshotIndex after, FeatureConfig now, ChangeList changes)
    {
        var (oldPrimary, newPrimary) = (Primary(old), Primary(now));
        var pairs = Pairs.Of<CandidateConfig>(SnapshotIndex.Items(old.Candidates), SnapshotIndex.Items(now.Candidates), c => c.ModelEndpoint).ToArray();
        if (oldPrimary?.ModelEndpoint != newPrimary?.ModelEndpoint && oldPrimary is not null && newPrimary is not null)
        {
            var (was, becomes) = (Spoken.Endpoint(before, oldPrimary.ModelEndpoint), Spoken.Endpoint(after, newPrimary.ModelEndpoint));
            var (leaving, coming) = (pairs.First(p => p.Id == oldPrimary.ModelEndpoint), pairs.First(p => p.Id == newPrimary.ModelEndpoint));
            // Two that change places, or one endpoint in the other's place: one change, whichever of its fields it took.
            var isSwapped = leaving.New is not null && coming.Old is not null && IsSamePlace(leaving.Old, coming.New) && IsSamePlace(leaving.New, coming.Old);
            var isReplaced = leaving.New is null && coming.Old is null && IsSamePlace(oldPrimary, newPrimary);
            changes.Changed(feature, "candidates", $"primary is now {becomes} (was {was}){(isSwapped ? "; the two change places" : "")}", was, becomes);
            if (isSwapped || isReplaced) pairs = [.. pairs.Where(p => p.Id != oldPrimary.ModelEndpoint && p.Id != newPrimary.ModelEndpoint)];
        }
        foreach (var (id, from, to) in pairs) Candidate(feature, id, before, from, after, to, changes);
    }

    private static void Candidate(
        Subject feature, string id, SnapshotIndex before, CandidateConfig? old, SnapshotIndex after, CandidateConfig? now, ChangeList changes)
    {
        var path = $"candidates[{id}]";
        if (now is null)
        {
            if (old is not null) changes.Removed(feature, path, Leaves(Spoken.Endpoint(before, id), old), Place(old));
            return;
        }
        var name = Spoken.Endpoint(after, id);
        if (old is null)
        {
            changes.Added(feature, path, Joins(name, now), Place(now));
            return;
        }
        if (old.IsShadow && now.IsShadow) return; // Tier and weight mean nothing there.
        if (old.Tier == now.Tier && old.IsShadow == now.IsShadow)
        {
            changes.Number(feature, $"{path}.weight", $"weight of {name} in tier {now.Tier}", old.Weight, now.Weight, "%");
            changes.Value(feature, $"{path}.role", $"role of {name}", Spoken.Name(old.Role), Spoken.Name(now.Role));
            return;
        }
        // What goes with a move is told with it.
        var (was, becomes) = (Moved(old, now), Moved(now, old));
        changes.Changed(feature, $"{path}.tier", $"{name} {(now.IsShadow ? "becomes" : "moves to")} {becomes} (was {was})", was, becomes);
    }

    private static FormattableString Joins(string name, CandidateConfig now) =>
        now.IsShadow ? $"{name} becomes a shadow: it gets copies of calls" : (FormattableString)$"{name} joins tier {now.Tier} with {now.Weight}\u00A0%";

    private static FormattableString Leaves(string name, CandidateConfig old) =>
        old.IsShadow ? $"{name} is no shadow any more" : (FormattableString)$"{name} leaves tier {old.Tier}, where it had {old.Weight}\u00A0%";

    private static string Moved(CandidateConfig candidate, CandidateConfig other) => candidate.IsShadow || other.IsShadow ? Place(candidate) : ChangeList.Say(
        $"tier {candidate.Tier}{(candidate.Weight == other.Weight ? "" : ChangeList.Say($", {candidate.Weight}\u00A0%"))}{(candidate.Role == other.Role ? "" : ", " + Spoken.Name(candidate.Role))}");

    private static bool IsSamePlace(CandidateConfig? one, CandidateConfig? other) =>
        one is not null && other is not null && one with { ModelEndpoint = "" } == other with { ModelEndpoint = "" };

    /// <summary>The candidate most calls go to: of the first tier, the heaviest.</summary>
    private static CandidateConfig? Primary(FeatureConfig feature) =>
        SnapshotIndex.Answering(feature).OfType<CandidateConfig>().OrderBy(c => c.Tier).ThenByDescending(c => c.Weight).FirstOrDefault();

    private static string Chain(SnapshotIndex index, FeatureConfig feature)
    {
        var names = SnapshotIndex.Answering(feature).OfType<CandidateConfig>().OrderBy(c => c.Tier).Select(c => Spoken.Endpoint(index, c.ModelEndpoint)).ToArray();
        return names.Length == 0 ? "nothing" : string.Join(", then ", names);
    }

    private static string Place(CandidateConfig candidate) => candidate.IsShadow ? "a shadow" : ChangeList.Say($"tier {candidate.Tier}, {candidate.Weight}\u00A0%");
}
