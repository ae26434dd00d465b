using System.ComponentModel.DataAnnotations;
using ControlPlane.Web.Publishing;
using Routing.Core.Snapshots;

namespace ControlPlane.Web.Bindings;

/// <summary>A row of the draft: what product code names, with its deadlines.</summary>
internal sealed class Feature : IDraftRow
{
    [MaxLength(64)]
    public required string Name { get; init; }
    [MaxLength(100)]
    public string Owner { get; set; } = "";
    [MaxLength(500)]
    public string Description { get; set; } = "";
    public int FirstTokenMs { get; set; }
    public int TotalMs { get; set; }
    public int MaxAttempts { get; set; }
    public int SloFirstTokenMs { get; set; }
    public DeliveryMode Delivery { get; set; }
    public RequestLane Lane { get; set; }
    public int IdleMs { get; set; }
    public SelectionStrategy Selection { get; set; }
    public AffinityMode Affinity { get; set; }
    public int WarmPercent { get; set; }
    public int HedgePercent { get; set; }
    public int ShadowPercent { get; set; }
    public bool FailOverOnContentFilter { get; set; }

    /// <summary>Tags, comma-separated; empty = any.</summary>
    [MaxLength(600)]
    public string Residency { get; set; } = "";
    public long MaxCostMicros { get; set; }
    public long BudgetMicros { get; set; }
    [MaxLength(3)]
    public string BudgetCurrency { get; set; } = "USD";
    public BudgetAction BudgetAction { get; set; }
    public List<BindingCandidate> Candidates { get; init; } = [];
    [ConcurrencyCheck]
    public long Version { get; set; }
    public DateTimeOffset UpdatedAt { get; set; }
    [MaxLength(100)]
    public string UpdatedBy { get; set; } = "";
}

/// <summary>A model endpoint inside a feature's binding.</summary>
internal sealed class BindingCandidate
{
    [MaxLength(64)]
    public required string Feature { get; init; }

    /// <summary>Order as edited; tier and weight decide the traffic.</summary>
    public required int Position { get; init; }
    [MaxLength(100)]
    public required string ModelEndpoint { get; init; }
    public required int Tier { get; init; }
    public required int Weight { get; init; }
    public required CandidateRole Role { get; init; }
}
