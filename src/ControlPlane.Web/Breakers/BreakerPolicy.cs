using System.ComponentModel.DataAnnotations;
using ControlPlane.Web.Publishing;

namespace ControlPlane.Web.Breakers;

/// <summary>A row of the draft: thresholds of a breaker.</summary>
internal sealed class BreakerPolicy : IDraftRow
{
    [MaxLength(64)]
    public required string Id { get; init; }
    [MaxLength(100)]
    public string Name { get; set; } = "";
    public int WindowSeconds { get; set; }
    public int FailurePercent { get; set; }
    public int MinimumSamples { get; set; }
    public int ConsecutiveFailures { get; set; }
    public int FirstTokenP90Ms { get; set; }
    public int FirstTokenBaselinePercent { get; set; }
    public int DurationP90MsPer100Tokens { get; set; }
    public int MinimumLatencySamples { get; set; }
    public int OpenSeconds { get; set; }
    public int MaxOpenSeconds { get; set; }

    /// <summary>Percentages, comma-separated.</summary>
    [MaxLength(100)]
    public string RampPercent { get; set; } = "";
    public int DwellSeconds { get; set; }
    public int StepSuccesses { get; set; }
    public int StepConsecutiveSuccesses { get; set; }
    public int FloorPerSecond { get; set; }
    public int FailOpenConcurrency { get; set; }
    [ConcurrencyCheck]
    public long Version { get; set; }
    public DateTimeOffset UpdatedAt { get; set; }
    [MaxLength(100)]
    public string UpdatedBy { get; set; } = "";
}
