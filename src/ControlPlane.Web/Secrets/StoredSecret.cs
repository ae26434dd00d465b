using System.ComponentModel.DataAnnotations;

namespace ControlPlane.Web.Secrets;

/// <summary>
/// One provider account's credential at rest: AES-256-GCM under a key of its own, which is wrapped by the key-encryption key.
/// Replacing the key-encryption key rewraps 60 bytes a row and touches no secret.
/// </summary>
internal sealed class StoredSecret
{
    /// <summary>The provider account's id.</summary>
    [MaxLength(64)]
    public required string Id { get; init; }
    [ConcurrencyCheck]
    public required long Version { get; set; }

    /// <summary>Empty when voided.</summary>
    public required byte[] WrappedKey { get; set; }
    public required byte[] Box { get; set; }

    /// <summary>Names of the fields inside, comma-separated.</summary>
    [MaxLength(200)]
    public required string Fields { get; set; }

    /// <summary>For people: "…x7Qa", and the first 12 hexadecimal digits of a keyed hash.</summary>
    [MaxLength(20)]
    public required string Hint { get; set; }
    [MaxLength(20)]
    public required string Fingerprint { get; set; }
    public required DateTimeOffset SetAt { get; set; }
    [MaxLength(100)]
    public required string SetBy { get; set; }

    /// <summary>Why there is no secret any more, for example because the address changed.</summary>
    [MaxLength(300)]
    public string VoidedBecause { get; set; } = "";
}

/// <summary>A key of cookie and antiforgery protection, sealed by the key-encryption key.</summary>
internal sealed class DataProtectionKey
{
    [MaxLength(200)]
    public required string FriendlyName { get; init; }
    public required byte[] Box { get; init; }
    public required DateTimeOffset CreatedAt { get; init; }
}
