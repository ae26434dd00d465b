using System.ComponentModel.DataAnnotations;
using System.Globalization;
using Routing.Core.Snapshots;

namespace ControlPlane.Web.Breakers;

/// <summary>Thresholds as an administrator edits them; a new form holds the built-in policy.</summary>
public sealed class BreakerPolicyForm
{
    [Required(ErrorMessage = "Give the policy an id, for example interactive.")]
    [RegularExpression("^[a-z0-9][a-z0-9._-]{0,63}$", ErrorMessage = "An id has 1 to 64 of a-z, 0-9, '-', '_', '.' and begins with a letter or digit.")]
    public string Id { get; set; } = "";

    [StringLength(100, ErrorMessage = "A name has at most 100 characters.")]
    public string Name { get; set; } = "";

    [Range(5, 600, ErrorMessage = "Window: 5 to 600 s.")]
    public int WindowSeconds { get; set; } = BreakerPolicyConfig.Default.WindowSeconds;

    [Range(1, 100, ErrorMessage = "Failures: 1 to 100 %.")]
    public int FailurePercent { get; set; } = BreakerPolicyConfig.Default.FailurePercent;

    [Range(2, 1000, ErrorMessage = "Samples before a ratio is judged: 2 to 1,000.")]
    public int MinimumSamples { get; set; } = BreakerPolicyConfig.Default.MinimumSamples;

    [Range(2, 100, ErrorMessage = "Failures in a row: 2 to 100.")]
    public int ConsecutiveFailures { get; set; } = BreakerPolicyConfig.Default.ConsecutiveFailures;

    [Range(0, 600_000, ErrorMessage = "Time to first token, p90: 0 (not judged) to 600,000 ms.")]
    public int FirstTokenP90Ms { get; set; } = BreakerPolicyConfig.Default.FirstTokenP90Ms;

    [Range(0, 1000, ErrorMessage = "First token against the hour before: 0 (not judged) or 110 to 1,000 %.")]
    public int FirstTokenBaselinePercent { get; set; } = BreakerPolicyConfig.Default.FirstTokenBaselinePercent;

    [Range(0, 600_000, ErrorMessage = "Per 100 tokens, p90: 0 (not judged) to 600,000 ms.")]
    public int DurationP90MsPer100Tokens { get; set; } = BreakerPolicyConfig.Default.DurationP90MsPer100Tokens;

    [Range(10, 1000, ErrorMessage = "Answers before a p90 is judged: 10 to 1,000.")]
    public int MinimumLatencySamples { get; set; } = BreakerPolicyConfig.Default.MinimumLatencySamples;

    [Range(1, 3600, ErrorMessage = "First stay open: 1 to 3,600 s.")]
    public int OpenSeconds { get; set; } = BreakerPolicyConfig.Default.OpenSeconds;

    [Range(1, 3600, ErrorMessage = "Longest stay open: 1 to 3,600 s.")]
    public int MaxOpenSeconds { get; set; } = BreakerPolicyConfig.Default.MaxOpenSeconds;

    /// <summary>Rising percentages, comma-separated, last one 100.</summary>
    [Required(ErrorMessage = "Give the ramp's steps, for example 1, 2, 5, 10, 25, 50, 100.")]
    [RegularExpression("^\\s*\\d{1,3}(\\s*,\\s*\\d{1,3}){0,15}\\s*$", ErrorMessage = "The ramp is 1 to 16 percentages with commas between them.")]
    public string RampPercent { get; set; } = string.Join(", ", BreakerPolicyConfig.Default.RampPercent);

    [Range(0, 600, ErrorMessage = "Least stay on a step: 0 to 600 s.")]
    public int DwellSeconds { get; set; } = BreakerPolicyConfig.Default.DwellSeconds;

    [Range(1, 1000, ErrorMessage = "Answers that widen a step: 1 to 1,000.")]
    public int StepSuccesses { get; set; } = BreakerPolicyConfig.Default.StepSuccesses;

    [Range(1, 1000, ErrorMessage = "Answers in a row that widen a step: 1 to 1,000.")]
    public int StepConsecutiveSuccesses { get; set; } = BreakerPolicyConfig.Default.StepConsecutiveSuccesses;

    [Range(0, 100, ErrorMessage = "Calls per second on any step: 0 to 100.")]
    public int FloorPerSecond { get; set; } = BreakerPolicyConfig.Default.FloorPerSecond;

    [Range(0, 1000, ErrorMessage = "Concurrent calls when everything is open: 0 (refuse) to 1,000.")]
    public int FailOpenConcurrency { get; set; } = BreakerPolicyConfig.Default.FailOpenConcurrency;
    public long Version { get; set; }

    public static BreakerPolicyForm From(BreakerPolicyView view)
    {
        ArgumentNullException.ThrowIfNull(view);
        BreakerPolicyConfig policy = view.Policy;
        return new()
        {
            Id = policy.Id,
            Name = policy.Name,
            WindowSeconds = policy.WindowSeconds,
            FailurePercent = policy.FailurePercent,
            MinimumSamples = policy.MinimumSamples,
            ConsecutiveFailures = policy.ConsecutiveFailures,
            FirstTokenP90Ms = policy.FirstTokenP90Ms,
            FirstTokenBaselinePercent = policy.FirstTokenBaselinePercent,
            DurationP90MsPer100Tokens = policy.DurationP90MsPer100Tokens,
            MinimumLatencySamples = policy.MinimumLatencySamples,
            OpenSeconds = policy.OpenSeconds,
            MaxOpenSeconds = policy.MaxOpenSeconds,
            RampPercent = string.Join(", ", policy.RampPercent),
            DwellSeconds = policy.DwellSeconds,
            StepSuccesses = policy.StepSuccesses,
            StepConsecutiveSuccesses = policy.StepConsecutiveSuccesses,
            FloorPerSecond = policy.FloorPerSecond,
            FailOpenConcurrency = policy.FailOpenConcurrency,
            Version = view.Version,
        };
    }

    internal void WriteTo(BreakerPolicy row)
    {
        row.Name = Name.Trim();
        row.WindowSeconds = WindowSeconds;
        row.FailurePercent = FailurePercent;
        row.MinimumSamples = MinimumSamples;
        row.ConsecutiveFailures = ConsecutiveFailures;
        row.FirstTokenP90Ms = FirstTokenP90Ms;
        row.FirstTokenBaselinePercent = FirstTokenBaselinePercent;
        row.DurationP90MsPer100Tokens = DurationP90MsPer100Tokens;
        row.MinimumLatencySamples = MinimumLatencySamples;
        row.OpenSeconds = OpenSeconds;
        row.MaxOpenSeconds = MaxOpenSeconds;
        row.RampPercent = string.Join(',', RampPercent.Split(',').Select(p => int.Parse(p.Trim(), CultureInfo.InvariantCulture)));
        row.DwellSeconds = DwellSeconds;
        row.StepSuccesses = StepSuccesses;
        row.StepConsecutiveSuccesses = StepConsecutiveSuccesses;
        row.FloorPerSecond = FloorPerSecond;
        row.FailOpenConcurrency = FailOpenConcurrency;
    }
}
