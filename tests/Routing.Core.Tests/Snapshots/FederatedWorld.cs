using Routing.Core.Providers;
using Routing.Core.Snapshots;

namespace Routing.Core.Tests.Snapshots;

/// <summary>The sample world without a secret: AWS and Azure by federation, Google once by federation and once by the machine's own identity.</summary>
internal static class FederatedWorld
{
    public const string Issuer = "https://accounts.google.com";
    public const string Subject = "112233445566778899001";
    public const string Pool = "//iam.googleapis.com/projects/123456789/locations/global/workloadIdentityPools/edges/providers/home";

    public static RoutingSnapshot Snapshot { get; } = SampleWorld.Snapshot with
    {
        Accounts =
        [
            SampleWorld.Snapshot.Accounts[0] with
            {
                Credential = Federated(new() { Issuer = Issuer, Subject = Subject, Audience = "sts.amazonaws.com", RoleArn = "arn:aws:iam::123456789012:role/edge/router", SessionName = "edge-1", DurationSeconds = 900 }),
            },
            SampleWorld.Snapshot.Accounts[1] with { Credential = Federated(new() { Proof = FederationProof.AwsRequest, PoolProvider = Pool, ServiceAccount = "edge@example-prod-1.iam.gserviceaccount.com" }) },
            SampleWorld.Snapshot.Accounts[2] with
            {
                Credential = Federated(new()
                {
                    Issuer = Issuer, Subject = Subject, Audience = "api://AzureADTokenExchange",
                    Tenant = "11111111-2222-3333-4444-555555555555", ClientId = "66666666-7777-8888-9999-aaaaaaaaaaaa",
                }),
            },
            new() { Id = "vertex-here", Provider = ProviderKind.Vertex, Project = "example-prod-1", Credential = new() { Kind = CredentialKind.Ambient } },
        ],
    };

    private static CredentialConfig Federated(FederationConfig federation) => new() { Kind = CredentialKind.Federated, Federation = federation };
}
