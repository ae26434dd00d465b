using System.Collections.Immutable;

namespace Routing.Core.Snapshots;

/// <summary>Thresholds of the breaker. The defaults are the built-in policy.</summary>
public sealed record BreakerPolicyConfig
{
    public static readonly BreakerPolicyConfig Default = new() { Id = "default", Name = "Default" };

    public required string Id { get; init; }
    public string Name { get; init; } = "";

    /// <summary>Length of the sliding window; 5 to 600 s.</summary>
    public int WindowSeconds { get; init; } = 30;

    /// <summary>Trip when the Wilson lower bound of the failure ratio reaches this; 1 to 100 %.</summary>
    public int FailurePercent { get; init; } = 20;

    /// <summary>Failures and answers needed before a ratio is judged; 2 to 1,000.</summary>
    public int MinimumSamples { get; init; } = 20;

    /// <summary>Trip at once after this many failures in a row, for thin traffic; 2 to 100.</summary>
    public int ConsecutiveFailures { get; init; } = 5;

    /// <summary>Limit of the time to the first token, p90, in ms; 0 = not judged.</summary>
    public int FirstTokenP90Ms { get; init; }

    /// <summary>
    /// Limit of the time to the first token, p90, in percent of what it was over the healthy hour before, for prompts of about that length; 0 = not judged,
    /// else 110 to 1,000. Not judged either in an endpoint's first half hour.
    /// </summary>
    public int FirstTokenBaselinePercent { get; init; }

    /// <summary>Limit of the duration per answer, p90, in ms per 100 output tokens; 0 = not judged.</summary>
    public int DurationP90MsPer100Tokens { get; init; }

    /// <summary>Answers needed before a p90 is judged; 10 to 1,000.</summary>
    public int MinimumLatencySamples { get; init; } = 50;

    /// <summary>
    /// First stay in Open; doubles once with a relapse, then lasts a third of the trouble so far, up to <see cref="MaxOpenSeconds"/>; 1 to 3,600 s.
    /// </summary>
    public int OpenSeconds { get; init; } = 10;
    public int MaxOpenSeconds { get; init; } = 300;

    /// <summary>Shares of normal traffic while partially open, in percent, rising, last one 100.</summary>
    public ImmutableArray<int> RampPercent { get; init; } = [1, 2, 5, 10, 25, 50, 100];

    /// <summary>Least stay on each step; 0 to 600 s.</summary>
    public int DwellSeconds { get; init; } = 3;

    /// <summary>Answers that widen a step, of all edges together; 1 to 1,000.</summary>
    public int StepSuccesses { get; init; } = 20;

    /// <summary>For thin traffic: this many in a row over the whole dwell widen a step too, of all edges together; 1 to 1,000.</summary>
    public int StepConsecutiveSuccesses { get; init; } = 5;

    /// <summary>Calls per second let through on any step by all edges together, so that thin traffic still brings evidence; 0 to 100.</summary>
    public int FloorPerSecond { get; init; } = 1;

    /// <summary>Concurrent calls to the least bad endpoint when every candidate is open; 0 = refuse instead.</summary>
    public int FailOpenConcurrency { get; init; } = 8;
}
