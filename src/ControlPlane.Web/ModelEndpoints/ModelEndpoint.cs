using System.ComponentModel.DataAnnotations;
using ControlPlane.Web.Publishing;
using Routing.Core.Providers;
using Routing.Core.Snapshots;

namespace ControlPlane.Web.ModelEndpoints;

/// <summary>A row of the draft: a model behind a provider account.</summary>
internal sealed class ModelEndpoint : IDraftRow
{
    [MaxLength(100)]
    public required string Id { get; init; }
    [MaxLength(100)]
    public string DisplayName { get; set; } = "";
    [MaxLength(64)]
    public string Account { get; set; } = "";
    [MaxLength(64)]
    public string Region { get; set; } = "";
    [MaxLength(300)]
    public string Model { get; set; } = "";
    public CapacityClass CapacityClass { get; set; }

    public ModelFamily Family { get; set; }

    /// <summary>JSON of a <see cref="QuirksConfig"/>; empty = none.</summary>
    [MaxLength(2000)]
    public string Quirks { get; set; } = "";

    /// <summary>JSON array of capability names; empty = all.</summary>
    [MaxLength(1000)]
    public string Capabilities { get; set; } = "";
    public int ContextTokens { get; set; }
    public int MaxOutputTokens { get; set; }
    [MaxLength(32)]
    public string Residency { get; set; } = "";
    public int RequestsPerMinute { get; set; }
    public int TokensPerMinute { get; set; }
    [MaxLength(64)]
    public string Breaker { get; set; } = "";
    public bool Probe { get; set; }
    [ConcurrencyCheck]
    public long Version { get; set; }
    public DateTimeOffset UpdatedAt { get; set; }
    [MaxLength(100)]
    public string UpdatedBy { get; set; } = "";
}
