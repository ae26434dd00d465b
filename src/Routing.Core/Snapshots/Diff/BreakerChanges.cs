using Routing.Core.Snapshots.Validation;

namespace Routing.Core.Snapshots.Diff;

internal static class BreakerChanges
{
    public static void Find(SnapshotIndex before, SnapshotIndex after, ChangeList changes)
    {
        foreach (var (id, old, now) in Pairs.Of(before.Breakers, after.Breakers, b => b.Id))
        {
            var breaker = new Subject("breaker", "breakers", id);
            if (old is null) changes.Added(breaker, "", $"new breaker policy, used by {Users(after, id)}", now?.Name);
            else if (now is null) changes.Removed(breaker, "", $"breaker policy removed", old.Name);
            else
            {
                Trip(breaker, old, now, changes);
                Recovery(breaker, old, now, changes);
            }
        }
    }

    private static void Trip(Subject breaker, BreakerPolicyConfig old, BreakerPolicyConfig now, ChangeList changes)
    {
        changes.Value(breaker, "name", "name", old.Name, now.Name);
        changes.Number(breaker, "windowSeconds", "window", old.WindowSeconds, now.WindowSeconds, "s");
        changes.Number(breaker, "failurePercent", "failure limit", old.FailurePercent, now.FailurePercent, "%");
        changes.Number(breaker, "minimumSamples", "samples needed to judge failures", old.MinimumSamples, now.MinimumSamples);
        changes.Number(breaker, "consecutiveFailures", "failures in a row that trip", old.ConsecutiveFailures, now.ConsecutiveFailures);
        changes.Number(breaker, "firstTokenP90Ms", "limit of the first token, p90,", old.FirstTokenP90Ms, now.FirstTokenP90Ms, "ms", "not judged");
        changes.Number(breaker, "firstTokenBaselinePercent", "limit of the first token, p90, against the hour before", old.FirstTokenBaselinePercent, now.FirstTokenBaselinePercent, "%", "not judged");
        changes.Number(breaker, "durationP90MsPer100Tokens", "limit of the duration per 100 tokens, p90,", old.DurationP90MsPer100Tokens, now.DurationP90MsPer100Tokens, "ms", "not judged");
        changes.Number(breaker, "minimumLatencySamples", "samples needed to judge latency", old.MinimumLatencySamples, now.MinimumLatencySamples);
    }

    private static void Recovery(Subject breaker, BreakerPolicyConfig old, BreakerPolicyConfig now, ChangeList changes)
    {
        changes.Number(breaker, "openSeconds", "first stay in open", old.OpenSeconds, now.OpenSeconds, "s");
        changes.Number(breaker, "maxOpenSeconds", "longest stay in open", old.MaxOpenSeconds, now.MaxOpenSeconds, "s");
        changes.Value(breaker, "rampPercent", "ramp", Ramp(old), Ramp(now));
        changes.Number(breaker, "dwellSeconds", "least stay on a step", old.DwellSeconds, now.DwellSeconds, "s");
        changes.Number(breaker, "stepSuccesses", "answers that widen a step", old.StepSuccesses, now.StepSuccesses);
        changes.Number(breaker, "stepConsecutiveSuccesses", "answers in a row that widen a step", old.StepConsecutiveSuccesses, now.StepConsecutiveSuccesses);
        changes.Number(breaker, "floorPerSecond", "floor of the ramp", old.FloorPerSecond, now.FloorPerSecond, "calls per second", "none");
        changes.Number(breaker, "failOpenConcurrency", "calls at once when every candidate is open", old.FailOpenConcurrency, now.FailOpenConcurrency, "", "none");
    }

    private static string Ramp(BreakerPolicyConfig policy) => Spoken.List(policy.RampPercent, "no steps") + "\u00A0%";

    private static string Users(SnapshotIndex index, string id)
    {
        var count = index.ModelEndpoints.Count(e => e?.Breaker == id);
        return count == 1 ? "1 model endpoint" : ChangeList.Say($"{count:N0} model endpoints");
    }
}
