using System.ComponentModel.DataAnnotations;

namespace ControlPlane.Web.Budgets;

/// <summary>
/// What one edge has spent on a feature in a month, and how far it may go. Added to in the very transaction that stores an event, and each event is
/// stored once: at any moment it is the sum of the ledger, to the micro-unit.
/// </summary>
internal sealed class EdgeSpend
{
    /// <summary>yyyymm, in UTC: of the moment an attempt began.</summary>
    public required int Month { get; init; }
    [MaxLength(64)]
    public required string Feature { get; init; }

    /// <summary>Empty for attempts without a price.</summary>
    [MaxLength(3)]
    public required string Currency { get; init; }

    /// <summary>Empty for what was spent before spending was kept by edge.</summary>
    [MaxLength(64)]
    public required string EdgeId { get; init; }
    public long Micros { get; set; }

    /// <summary>Part of <see cref="Micros"/> that rests on estimated tokens.</summary>
    public long EstimatedMicros { get; set; }

    /// <summary>Attempts that used tokens and had no price.</summary>
    public long Unpriced { get; set; }

    /// <summary>The most the edge may believe that it may spend, counted from the month's start; 0 where nobody has said.</summary>
    public long UpTo { get; set; }
}
