using System.ComponentModel.DataAnnotations;
using ControlPlane.Web.Publishing;

namespace ControlPlane.Web.Callers;

/// <summary>A row of the draft: an application that calls the edge.</summary>
internal sealed class Caller : IDraftRow
{
    [MaxLength(64)]
    public required string Id { get; init; }
    [MaxLength(100)]
    public string Name { get; set; } = "";

    /// <summary>JSON array of feature names; <c>*</c> = all.</summary>
    public string Features { get; set; } = "";
    public List<CallerKey> Keys { get; init; } = [];
    [ConcurrencyCheck]
    public long Version { get; set; }
    public DateTimeOffset UpdatedAt { get; set; }
    [MaxLength(100)]
    public string UpdatedBy { get; set; } = "";
}

/// <summary>A key as it may be stored. It goes with its caller; that it was revoked stays, as a <see cref="RevokedKey"/>.</summary>
internal sealed class CallerKey
{
    public required Guid Id { get; init; }
    [MaxLength(64)]
    public required string Caller { get; init; }
    [MaxLength(20)]
    public required string Prefix { get; init; }
    [MaxLength(64)]
    public required string Sha256 { get; init; }
    public required DateTimeOffset CreatedAt { get; init; }
    [MaxLength(100)]
    public required string CreatedBy { get; init; }
    public DateTimeOffset? ExpiresAt { get; set; }
    public DateTimeOffset? RevokedAt { get; set; }
    [MaxLength(100)]
    public string RevokedBy { get; set; } = "";
}

/// <summary>A hash that every edge refuses. Outlives key and caller: a revision that still lists the key may be live, or be brought back.</summary>
internal sealed class RevokedKey
{
    [MaxLength(64)]
    public required string Sha256 { get; init; }
    public required DateTimeOffset RevokedAt { get; init; }
}
