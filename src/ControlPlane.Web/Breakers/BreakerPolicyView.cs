using System.Collections.Immutable;
using System.Globalization;
using Routing.Core.Snapshots;

namespace ControlPlane.Web.Breakers;

/// <summary>A breaker policy as pages show it.</summary>
/// <param name="ModelEndpoints">Endpoints that use it.</param>
public sealed record BreakerPolicyView(
    BreakerPolicyConfig Policy, ImmutableArray<string> ModelEndpoints, long Version, DateTimeOffset UpdatedAt, string UpdatedBy)
{
    public string Id => Policy.Id;

    internal static BreakerPolicyView Of(BreakerPolicy row) => new(
        new BreakerPolicyConfig
        {
            Id = row.Id,
            Name = row.Name,
            WindowSeconds = row.WindowSeconds,
            FailurePercent = row.FailurePercent,
            MinimumSamples = row.MinimumSamples,
            ConsecutiveFailures = row.ConsecutiveFailures,
            FirstTokenP90Ms = row.FirstTokenP90Ms,
            FirstTokenBaselinePercent = row.FirstTokenBaselinePercent,
            DurationP90MsPer100Tokens = row.DurationP90MsPer100Tokens,
            MinimumLatencySamples = row.MinimumLatencySamples,
            OpenSeconds = row.OpenSeconds,
            MaxOpenSeconds = row.MaxOpenSeconds,
            RampPercent = [.. row.RampPercent.Split(',', StringSplitOptions.RemoveEmptyEntries).Select(p => int.Parse(p, CultureInfo.InvariantCulture))],
            DwellSeconds = row.DwellSeconds,
            StepSuccesses = row.StepSuccesses,
            StepConsecutiveSuccesses = row.StepConsecutiveSuccesses,
            FloorPerSecond = row.FloorPerSecond,
            FailOpenConcurrency = row.FailOpenConcurrency,
        },
        [], row.Version, row.UpdatedAt, row.UpdatedBy);
}
