using Routing.Core.Health;

namespace Routing.Core.Snapshots.Validation;

internal static class BreakerRules
{
    private const int HourMs = 3_600_000;
    private const int MaxSteps = 20;

    public static void Check(SnapshotIndex index, ProblemList problems)
    {
        foreach (var (path, policy) in SnapshotIndex.Each("breakers", "Breaker policy", index.Breakers, b => b.Id, problems))
        {
            problems.Id($"{path}.id", "Breaker policy id", policy.Id);
            problems.Text($"{path}.name", "Name", policy.Name, 100);
            problems.Range($"{path}.windowSeconds", "Window", policy.WindowSeconds, 5, 600, "s");
            problems.Range($"{path}.failurePercent", "Failure limit", policy.FailurePercent, 1, 100, "%");
            problems.Range($"{path}.minimumSamples", "Minimum of samples", policy.MinimumSamples, 2, 1_000);
            problems.Range($"{path}.consecutiveFailures", "Consecutive failures", policy.ConsecutiveFailures, 2, 100);
            problems.Range($"{path}.firstTokenP90Ms", "First-token limit", policy.FirstTokenP90Ms, 0, HourMs, "ms");
            if (policy.FirstTokenBaselinePercent != 0) problems.Range($"{path}.firstTokenBaselinePercent", "First-token limit against the hour before", policy.FirstTokenBaselinePercent, 110, 1_000, "%");
            problems.Range($"{path}.durationP90MsPer100Tokens", "Duration limit", policy.DurationP90MsPer100Tokens, 0, HourMs, "ms");
            problems.Range($"{path}.minimumLatencySamples", "Minimum of latency samples", policy.MinimumLatencySamples, 10, 1_000);
            problems.Range($"{path}.openSeconds", "Stay in Open", policy.OpenSeconds, 1, 3_600, "s");
            problems.Range($"{path}.maxOpenSeconds", "Longest stay in Open", policy.MaxOpenSeconds, 1, 3_600, "s");
            problems.Range($"{path}.dwellSeconds", "Stay on a step", policy.DwellSeconds, 0, 600, "s");
            problems.Range($"{path}.stepSuccesses", "Successes per step", policy.StepSuccesses, 1, 1_000);
            problems.Range($"{path}.stepConsecutiveSuccesses", "Consecutive successes per step", policy.StepConsecutiveSuccesses, 1, 1_000);
            problems.Range($"{path}.floorPerSecond", "Floor", policy.FloorPerSecond, 0, 100, "per second");
            problems.Range($"{path}.failOpenConcurrency", "Fail-open concurrency", policy.FailOpenConcurrency, 0, 10_000);
            Across(path, policy, problems);
            Ramp(path, policy, problems);
        }
    }

    private static void Across(string path, BreakerPolicyConfig policy, ProblemList problems)
    {
        if (policy.MaxOpenSeconds < policy.OpenSeconds)
        {
            problems.Add($"{path}.maxOpenSeconds", "open_order",
                $"The longest stay in Open is {policy.MaxOpenSeconds}\u00A0s, the first one is {policy.OpenSeconds}\u00A0s. Raise the longest or lower the first.");
        }
        if (policy.MinimumSamples is < 2 or > 1_000 || policy.FailurePercent is < 1 or > 100) return;
        var reachable = (int)(Wilson.LowerBound(policy.MinimumSamples, policy.MinimumSamples) * 100);
        if (reachable < policy.FailurePercent)
        {
            problems.Warn($"{path}.failurePercent", "failure_limit_unreachable",
                $"With {policy.MinimumSamples} samples the lower bound reaches {reachable}\u00A0% when every call fails; the limit is {policy.FailurePercent}\u00A0%, so only {policy.ConsecutiveFailures} failures in a row trip this breaker. Lower the limit or raise the minimum of samples.");
        }
    }

    private static void Ramp(string path, BreakerPolicyConfig policy, ProblemList problems)
    {
        var ramp = policy.RampPercent;
        if (ramp.IsDefaultOrEmpty)
        {
            problems.Add($"{path}.rampPercent", "ramp_missing", $"The ramp has no steps. Give rising percentages that end at 100, for example 1, 2, 5, 10, 25, 50, 100.");
            return;
        }
        if (ramp.Length > MaxSteps)
        {
            problems.Count($"{path}.rampPercent", "ramp steps", ramp, MaxSteps);
            return;
        }
        for (var i = 0; i < ramp.Length; i++)
        {
            problems.Range($"{path}.rampPercent[{i}]", "Ramp step", ramp[i], 1, 100, "%");
            if (i > 0 && ramp[i] <= ramp[i - 1])
            {
                problems.Add($"{path}.rampPercent[{i}]", "ramp_order", $"Step {i + 1} is {ramp[i]}\u00A0%, the one before is {ramp[i - 1]}\u00A0%. Each step must be larger.");
            }
        }
        if (ramp[^1] != 100) problems.Add($"{path}.rampPercent[{ramp.Length - 1}]", "ramp_end", $"The last step is {ramp[^1]}\u00A0%; it must be 100\u00A0%.");
    }
}
