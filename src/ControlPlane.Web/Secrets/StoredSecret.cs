using System.ComponentModel.DataAnnotations;

namespace ControlPlane.Web.Secrets;

/// <summary>
/// One provider account's credential at rest, for one destination: AES-256-GCM under a key of its own, which is wrapped by the key-encryption key.
/// An account whose draft points elsewhere than what is live has one for each, until the draft is live too.
/// Replacing the key-encryption key rewraps 60 bytes a row and touches no secret.
/// </summary>
internal sealed class StoredSecret
{
    /// <summary>The provider account's id.</summary>
    [MaxLength(64)]
    public required string Account { get; init; }

    /// <summary>Goes forward with each secret set for the account.</summary>
    public required long Version { get; init; }

    /// <summary>What it was given for, by <see cref="SecretDestination"/>.</summary>
    [MaxLength(700)]
    public required string Destination { get; init; }

    /// <summary>Empty when voided.</summary>
    public required byte[] WrappedKey { get; set; }
    public required byte[] Box { get; set; }

    /// <summary>Names of the fields inside, comma-separated.</summary>
    [MaxLength(200)]
    public required string Fields { get; init; }

    /// <summary>For people: "…x7Qa", and the first 12 hexadecimal digits of a keyed hash.</summary>
    [MaxLength(20)]
    public required string Hint { get; init; }
    [MaxLength(20)]
    public required string Fingerprint { get; init; }
    public required DateTimeOffset SetAt { get; init; }
    [MaxLength(100)]
    public required string SetBy { get; init; }

    /// <summary>Why there is no secret any more.</summary>
    [MaxLength(800)]
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
