using System.ComponentModel.DataAnnotations;

namespace ControlPlane.Web.Publishing;

/// <summary>A published configuration. Never updated, never deleted.</summary>
internal sealed class Revision
{
    public required long Number { get; init; }

    /// <summary>The document's bytes as every edge gets them.</summary>
    public required byte[] Document { get; init; }
    [MaxLength(64)]
    public required string Sha256 { get; init; }
    public required DateTimeOffset PublishedAt { get; init; }
    [MaxLength(100)]
    public required string PublishedBy { get; init; }
    [MaxLength(500)]
    public string Note { get; init; } = "";

    /// <summary>Set when this revision brought an older document back.</summary>
    public long? RollbackOf { get; init; }

    /// <summary>Changes against the revision before it, and the first of them as a sentence.</summary>
    public int Changes { get; init; }
    [MaxLength(500)]
    public string Summary { get; init; } = "";
}

/// <summary>The one row of facts about this control plane.</summary>
internal sealed class PlaneState
{
    public const int Only = 1;

    public int Id { get; init; } = Only;

    /// <summary>Changes when the database is restored from a backup, so that edges do not follow it blindly.</summary>
    [MaxLength(40)]
    public required string Epoch { get; set; }

    /// <summary>Version of what acts without publishing: secrets, revoked keys, isolations. Only goes forward.</summary>
    public long OverlayVersion { get; set; }

    /// <summary>Newest revision that an administrator confirmed although it loses much of the one before; 0 = none. Part of the overlay.</summary>
    public long ConfirmedShrink { get; set; }

    /// <summary>ECDSA P-256 private key (PKCS #8) that signs envelopes, sealed; empty until the first start with a key-encryption key.</summary>
    public byte[] SigningKey { get; set; } = [];

    /// <summary>SubjectPublicKeyInfo of the signing key; readable without the key-encryption key.</summary>
    public byte[] SigningPublicKey { get; set; } = [];

    /// <summary>Fingerprint of the key-encryption key this database was made with.</summary>
    [MaxLength(64)]
    public string KekFingerprint { get; set; } = "";

    /// <summary>Since when edges have been heard without a gap, and before when whoever was last heard was then given up. Null until one is heard.</summary>
    public DateTimeOffset? HearingSince { get; set; }
    public DateTimeOffset? GoneBefore { get; set; }
}

/// <summary>An operator took a model endpoint out of service, or forced its share; part of the overlay. One of the two at a time.</summary>
internal sealed class ManualIsolation
{
    [MaxLength(100)]
    public required string ModelEndpoint { get; init; }

    /// <summary>Forced share of normal traffic; null = isolated.</summary>
    public int? SharePercent { get; set; }
    public required DateTimeOffset Until { get; set; }
    [MaxLength(300)]
    public required string Reason { get; set; }
    [MaxLength(100)]
    public required string By { get; set; }
    public required DateTimeOffset At { get; set; }
}
