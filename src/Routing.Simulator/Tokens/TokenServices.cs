namespace Routing.Simulator.Tokens;

/// <summary>The token services of the clouds and whom each trusts, section <c>Simulator:Tokens</c>. Without a trust nobody gets anything.</summary>
public sealed class TokenServices
{
    /// <summary>Issuer of the machine's identity tokens (metadata servers).</summary>
    public string Issuer { get; set; } = "https://oidc.simulator.example";

    /// <summary>Issuer of the tokens of AWS's outbound federation.</summary>
    public string AwsIssuer { get; set; } = "https://aws.oidc.simulator.example";

    /// <summary>Who the machine is: subject of its identity tokens. Empty = the metadata servers are not there.</summary>
    public string MachineSubject { get; set; } = "";

    /// <summary>No token or key that is issued lives longer, in seconds: a short one makes clients renew often.</summary>
    public int LongestSeconds { get; set; } = 3600;

    public IList<AwsRoleTrust> AwsRoles { get; set; } = [];
    public IList<GooglePoolTrust> GooglePools { get; set; } = [];
    public IList<EntraTrust> EntraApplications { get; set; } = [];
}

/// <summary>A role and the one token that may assume it.</summary>
public sealed class AwsRoleTrust
{
    public string RoleArn { get; set; } = "";
    public string Issuer { get; set; } = "";
    public string Audience { get; set; } = "";
    public string Subject { get; set; } = "";
}

/// <summary>A provider of a workload identity pool, and the one subject it lets in.</summary>
public sealed class GooglePoolTrust
{
    /// <summary>Full name: <c>//iam.googleapis.com/projects/…/providers/…</c>.</summary>
    public string PoolProvider { get; set; } = "";

    /// <summary>Empty for a provider of type AWS.</summary>
    public string Issuer { get; set; } = "";
    public string Audience { get; set; } = "";

    /// <summary>The token's subject; for a provider of type AWS the ARN of who signed.</summary>
    public string Subject { get; set; } = "";

    /// <summary>Accounts its principal may act as.</summary>
    public IList<string> ServiceAccounts { get; set; } = [];
}

/// <summary>An application of a tenant with its federated credential. The audience is always Entra's.</summary>
public sealed class EntraTrust
{
    public string Tenant { get; set; } = "";
    public string ClientId { get; set; } = "";
    public string Issuer { get; set; } = "";
    public string Subject { get; set; } = "";

    /// <summary>Region of the resource its tokens open.</summary>
    public string Region { get; set; } = "default";
}
