using Routing.Core.Providers;
using Routing.Core.Snapshots;

namespace ControlPlane.Web.ProviderAccounts;

/// <summary>The trust of a federated account, as an administrator fills it in. Names only; the validator refuses addresses.</summary>
public sealed class FederationForm
{
    public FederationProof Proof { get; set; }
    public string Issuer { get; set; } = "";
    public string Subject { get; set; } = "";
    public string Audience { get; set; } = "";
    public string RoleArn { get; set; } = "";
    public string SessionName { get; set; } = "";
    public int DurationSeconds { get; set; } = 3600;
    public string PoolProvider { get; set; } = "";
    public string ServiceAccount { get; set; } = "";
    public string Tenant { get; set; } = "";
    public string ClientId { get; set; } = "";

    internal static FederationForm From(FederationConfig trust) => new()
    {
        Proof = trust.Proof,
        Issuer = trust.Issuer,
        Subject = trust.Subject,
        Audience = trust.Audience,
        RoleArn = trust.RoleArn,
        SessionName = trust.SessionName,
        DurationSeconds = trust.DurationSeconds,
        PoolProvider = trust.PoolProvider,
        ServiceAccount = trust.ServiceAccount,
        Tenant = trust.Tenant,
        ClientId = trust.ClientId,
    };

    /// <summary>Without what the provider does not use: a field that is not shown must not be stored.</summary>
    internal FederationConfig ToConfig(ProviderKind provider)
    {
        bool oidc = provider != ProviderKind.Vertex || Proof == FederationProof.OidcToken;
        return new()
        {
            Proof = oidc ? FederationProof.OidcToken : FederationProof.AwsRequest,
            Issuer = When(oidc, Issuer),
            Subject = When(oidc, Subject),
            Audience = When(oidc, Audience),
            RoleArn = When(provider == ProviderKind.Bedrock, RoleArn),
            SessionName = When(provider == ProviderKind.Bedrock, SessionName),
            DurationSeconds = provider == ProviderKind.Bedrock ? DurationSeconds : 3600,
            PoolProvider = When(provider == ProviderKind.Vertex, PoolProvider),
            ServiceAccount = When(provider == ProviderKind.Vertex, ServiceAccount),
            Tenant = When(provider == ProviderKind.AzureOpenAI, Tenant),
            ClientId = When(provider == ProviderKind.AzureOpenAI, ClientId),
        };
    }

    private static string When(bool used, string text) => used ? text.Trim() : "";
}
