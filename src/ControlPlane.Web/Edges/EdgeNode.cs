using System.ComponentModel.DataAnnotations;

namespace ControlPlane.Web.Edges;

/// <summary>An edge that has enrolled, and what it last said about itself.</summary>
internal sealed class EdgeNode
{
    [MaxLength(64)]
    public required string Id { get; init; }
    [MaxLength(100)]
    public required string Name { get; set; }

    /// <summary>ECDH P-256 SubjectPublicKeyInfo; secrets are sealed to it.</summary>
    public required byte[] PublicKey { get; init; }
    [MaxLength(64)]
    public required string CredentialHash { get; init; }
    public required DateTimeOffset EnrolledAt { get; init; }

    /// <summary>Set when an administrator removed it: its credential is refused from then on.</summary>
    public DateTimeOffset? RemovedAt { get; set; }
    public DateTimeOffset? LastReportAt { get; set; }
    [MaxLength(40)]
    public string Epoch { get; set; } = "";
    public long Revision { get; set; }
    public long Overlay { get; set; }

    /// <summary>Since when it runs <see cref="Revision"/>, by the control plane's clock.</summary>
    public DateTimeOffset? AppliedAt { get; set; }
    public long? RefusedRevision { get; set; }
    public long? RefusedOverlay { get; set; }
    public DateTimeOffset? RefusedAt { get; set; }

    /// <summary>JSON array of the problems of the refusal.</summary>
    public string Problems { get; set; } = "";
    public long SpoolPending { get; set; }
    [MaxLength(60)]
    public string EdgeVersion { get; set; } = "";
    public DateTimeOffset? StartedAt { get; set; }
}

/// <summary>The newest health report of an edge, for the nodes it does not report to.</summary>
internal sealed class EdgeReport
{
    [MaxLength(64)]
    public required string EdgeId { get; init; }
    public required DateTimeOffset HeardAt { get; set; }

    /// <summary>JSON array, one entry for each model endpoint.</summary>
    public required string Endpoints { get; set; }

    /// <summary>JSON array, one entry for each account whose credential is obtained.</summary>
    public string Identities { get; set; } = "";

    /// <summary>Calls refused within the last five minutes; null where the edge does not count them.</summary>
    public long? ShedInteractive { get; set; }
    public long? ShedBatch { get; set; }

    /// <summary>Copies to shadows left out within the last five minutes; null where the edge does not count refused calls.</summary>
    public long? ShedCopies { get; set; }
}

/// <summary>Permission for one edge to enrol; the token itself is shown once.</summary>
internal sealed class EnrolmentToken
{
    [MaxLength(64)]
    public required string TokenHash { get; init; }
    [MaxLength(100)]
    public string Name { get; init; } = "";
    public required DateTimeOffset CreatedAt { get; init; }
    [MaxLength(100)]
    public required string CreatedBy { get; init; }
    public required DateTimeOffset ExpiresAt { get; init; }
    public DateTimeOffset? UsedAt { get; set; }
    [MaxLength(64)]
    public string EdgeId { get; set; } = "";
}

public enum EdgeOccurrenceKind { Enrolled, Applied, Refused, Restarted, Removed }

/// <summary>Something that happened to an edge, for "what changed" and for the roll-out of a revision.</summary>
internal sealed class EdgeOccurrence
{
    public required Guid Id { get; init; }
    [MaxLength(64)]
    public required string EdgeId { get; init; }
    [MaxLength(100)]
    public required string EdgeName { get; init; }
    public required DateTimeOffset At { get; init; }
    public required EdgeOccurrenceKind Kind { get; init; }
    public long Revision { get; init; }
    public long Overlay { get; init; }

    /// <summary>First problem of a refusal.</summary>
    [MaxLength(1000)]
    public string Sentence { get; init; } = "";
}
