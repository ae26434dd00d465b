using System.Collections.Immutable;

namespace Routing.Core.Snapshots;

/// <summary>What an edge receives: an immutable revision, and an overlay that acts at once. Signed over its exact bytes.</summary>
public sealed record EdgeEnvelope
{
    public int SchemaVersion { get; init; } = 1;

    /// <summary>Changes when the control plane is restored from a backup; an edge asks an operator before it follows.</summary>
    public required string Epoch { get; init; }

    /// <summary>The edge it was made for; another edge refuses it.</summary>
    public required string EdgeId { get; init; }
    public required RoutingSnapshot Revision { get; init; }
    public required EdgeOverlay Overlay { get; init; }
}

/// <summary>What needs no publish: sealed secrets, revoked keys, manual isolations and forced shares, a confirmed loss. Its version only goes forward.</summary>
public sealed record EdgeOverlay
{
    public long Version { get; init; }
    public ImmutableArray<SealedSecret> Secrets { get; init; } = [];

    /// <summary>SHA-256 of revoked caller keys, lower-case hexadecimal.</summary>
    public ImmutableArray<string> RevokedKeys { get; init; } = [];
    public ImmutableArray<Isolation> Isolations { get; init; } = [];
    public ImmutableArray<ForcedShare> ForcedShares { get; init; } = [];

    /// <summary>
    /// Newest revision that an administrator has confirmed although it loses much of the one before; 0 = none. An edge follows a document that
    /// shrinks only if this lies past the revision it runs.
    /// </summary>
    public long ConfirmedShrink { get; init; }
}

/// <summary>A secret sealed to one edge's public key. Opens to a JSON object of credential fields.</summary>
/// <param name="Id">Named by <c>sealed:ID#FIELD</c>.</param>
/// <param name="Box">Ephemeral public key, nonce, ciphertext and tag; associated data is "edge|id|version".</param>
public sealed record SealedSecret(string Id, long Version, byte[] Box);

/// <summary>An operator took a model endpoint out of service until a moment.</summary>
public sealed record Isolation(string ModelEndpoint, DateTimeOffset Until, string Reason, string By);

/// <summary>An operator forced a model endpoint's share of normal traffic; until a moment it is an upper bound.</summary>
/// <param name="SharePercent">0 opens the breaker, 100 closes it, between is a partially open one.</param>
public sealed record ForcedShare(string ModelEndpoint, int SharePercent, DateTimeOffset Until, string Reason, string By);

/// <summary>An edge's answer to an envelope: applied, or refused with every problem.</summary>
public sealed record ApplyReport
{
    public required string Epoch { get; init; }

    /// <summary>What the edge runs now.</summary>
    public required long Revision { get; init; }
    public required long Overlay { get; init; }

    /// <summary>What it was offered when it refused; null when it applied.</summary>
    public long? RefusedRevision { get; init; }
    public long? RefusedOverlay { get; init; }
    public ImmutableArray<SnapshotProblem> Problems { get; init; } = [];
    public required DateTimeOffset At { get; init; }
    public string EdgeVersion { get; init; } = "";
    public DateTimeOffset StartedAt { get; init; }

    /// <summary>Usage events written but not yet acknowledged by the control plane.</summary>
    public long SpoolPending { get; init; }
}

/// <summary>First contact of an edge: trades its one-time token for an identity.</summary>
/// <param name="PublicKey">The edge's ECDH P-256 key, SubjectPublicKeyInfo, to which secrets are sealed.</param>
public sealed record EnrolRequest(string Token, string Name, byte[] PublicKey);

/// <param name="Credential">Bearer credential of the edge, 256 random bits; the control plane keeps its hash.</param>
/// <param name="SigningKey">ECDSA P-256 SubjectPublicKeyInfo; its SHA-256 must equal the second half of the enrolment token.</param>
public sealed record EnrolResponse(string EdgeId, string Credential, byte[] SigningKey);

/// <summary>Paths of the control plane that edges call, and the headers they use.</summary>
public static class EdgeApi
{
    public const string Enrol = "/edge/v1/enrol";
    public const string Envelope = "/edge/v1/envelope";
    public const string Nudges = "/edge/v1/nudges";
    public const string Reports = "/edge/v1/reports";
    public const string Usage = "/edge/v1/usage";
    public const string Health = "/edge/v1/health";

    /// <summary>Base64 of the IEEE P1363 signature over the body.</summary>
    public const string SignatureHeader = "X-Envelope-Signature";

    /// <summary>Covers both versions, so a change of either is seen.</summary>
    public static string ETag(string epoch, long revision, long overlay) => $"\"{epoch}.r{revision}.o{overlay}\"";
}
