using System.Text.Json.Serialization;
using Routing.Core.Llm;

namespace Routing.Core.Snapshots;

[JsonConverter(typeof(SnakeCaseEnumConverter<FederationProof>))]
public enum FederationProof : byte
{
    /// <summary>An OIDC token of the process's home: its issuer, subject and audience are pinned here.</summary>
    OidcToken,

    /// <summary>A signed AWS request (<c>GetCallerIdentity</c>), for a Google pool whose provider is of type AWS. Only <c>vertex</c>.</summary>
    AwsRequest,
}

/// <summary>
/// One trust: what the process proves about itself, and as whom the cloud lets it in. Names only, never an address: where tokens are traded is
/// the cloud's own place, or what the process's own settings say.
/// </summary>
public sealed record FederationConfig
{
    public FederationProof Proof { get; init; }

    /// <summary>Exact <c>iss</c> of the token. It is compared, never fetched.</summary>
    public string Issuer { get; init; } = "";

    /// <summary>Exact <c>sub</c> of the token; no wildcards.</summary>
    public string Subject { get; init; } = "";

    /// <summary>The one <c>aud</c> the token is asked for and must carry.</summary>
    public string Audience { get; init; } = "";

    /// <summary>AWS: the role to assume.</summary>
    public string RoleArn { get; init; } = "";

    /// <summary>AWS: what CloudTrail shows, 2 to 64 characters; empty = <c>edge-router</c>.</summary>
    public string SessionName { get; init; } = "";

    /// <summary>AWS: life of the credentials, 900 to 43,200; the role's own maximum holds too.</summary>
    public int DurationSeconds { get; init; } = 3600;

    /// <summary>Google: <c>//iam.googleapis.com/projects/N/locations/global/workloadIdentityPools/POOL/providers/PROVIDER</c>.</summary>
    public string PoolProvider { get; init; } = "";

    /// <summary>Google: account to act as; empty = the pool's principal itself.</summary>
    public string ServiceAccount { get; init; } = "";

    /// <summary>Azure: id of the Entra tenant.</summary>
    public string Tenant { get; init; } = "";

    /// <summary>Azure: id of the application (client) that has the federated credential.</summary>
    public string ClientId { get; init; } = "";
}
