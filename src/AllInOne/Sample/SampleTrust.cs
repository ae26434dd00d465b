using System.Collections.Immutable;
using Routing.Core.Providers;
using Routing.Core.Snapshots;
using Routing.Simulator;
using Routing.Simulator.Tokens;

namespace AllInOne.Sample;

/// <summary>The sample without a secret: the process is a simulated machine of Google's, and each simulated cloud trusts exactly that machine.</summary>
internal static class SampleTrust
{
    private const string Machine = "112233445566778899001";
    private const string Role = "arn:aws:iam::123456789012:role/edge-router";
    private const string AwsAudience = "sts.amazonaws.com";
    private const string Pool = "//iam.googleapis.com/projects/123456789/locations/global/workloadIdentityPools/edges/providers/home";
    private const string PoolAudience = "edge-pool";
    private const string ServiceAccount = "edge-router@sample-project.iam.gserviceaccount.com";
    private const string Tenant = "11111111-2222-3333-4444-555555555555";
    private const string Client = "66666666-7777-8888-9999-aaaaaaaaaaaa";
    private const string EntraAudience = "api://AzureADTokenExchange";
    private static readonly string Issuer = new TokenServices().Issuer;

    public static void AcceptIn(SimulatorOptions options)
    {
        options.Tokens.MachineSubject = Machine;
        options.Tokens.AwsRoles.Add(new AwsRoleTrust { RoleArn = Role, Issuer = options.Tokens.Issuer, Audience = AwsAudience, Subject = Machine });
        options.Tokens.GooglePools.Add(new GooglePoolTrust { PoolProvider = Pool, Issuer = options.Tokens.Issuer, Audience = PoolAudience, Subject = Machine, ServiceAccounts = [ServiceAccount] });
        options.Tokens.EntraApplications.Add(new EntraTrust { Tenant = Tenant, ClientId = Client, Issuer = options.Tokens.Issuer, Subject = Machine, Region = "eastus2" });
    }

    /// <summary>Settings of a process whose home is the simulated machine.</summary>
    public static IEnumerable<KeyValuePair<string, string?>> Home(Uri clouds)
    {
        var address = clouds.GetLeftPart(UriPartial.Authority);
        yield return new("Identity:Home", "Google");
        foreach (var service in (string[])["GoogleMetadata", "GoogleSts", "GoogleIamCredentials", "AwsSts", "Entra"]) yield return new($"Identity:{service}Address", address);
    }

    /// <summary>The same accounts, with an identity where there were keys; without Anthropic's, which takes a key only, and what leads to it.</summary>
    public static RoutingSnapshot Federated(RoutingSnapshot world)
    {
        var accounts = world.Accounts.RemoveAll(a => a.Provider == ProviderKind.Anthropic);
        var endpoints = world.ModelEndpoints.RemoveAll(e => accounts.All(a => a.Id != e.Account));
        return world with
        {
            Accounts = [.. accounts.Select(a => a with { Credential = new CredentialConfig { Kind = CredentialKind.Federated, Federation = Of(a.Provider) } })],
            ModelEndpoints = endpoints,
            Features = [.. world.Features.Select(f => f with { Candidates = MovedUp(f.Candidates.RemoveAll(c => !Has(c.ModelEndpoint))) })],
            Prices = world.Prices.RemoveAll(p => !Has(p.ModelEndpoint)),
        };

        bool Has(string endpoint) => endpoints.Any(e => e.Id == endpoint);
    }

    /// <summary>Who is left closes the gap: tiers are numbered without one, and the first is the primary's.</summary>
    private static ImmutableArray<CandidateConfig> MovedUp(ImmutableArray<CandidateConfig> candidates)
    {
        int[] tiers = [.. candidates.Select(c => c.Tier).Distinct().Order()];
        return [.. candidates.Select(c => Array.IndexOf(tiers, c.Tier) is var at && at == 0 && c.Tier > 1
            ? c with { Tier = 1, Role = CandidateRole.Primary }
            : c with { Tier = at + 1 })];
    }

    private static FederationConfig Of(ProviderKind provider) => provider switch
    {
        ProviderKind.Bedrock => new() { Issuer = Issuer, Subject = Machine, Audience = AwsAudience, RoleArn = Role },
        ProviderKind.Vertex => new() { Issuer = Issuer, Subject = Machine, Audience = PoolAudience, PoolProvider = Pool, ServiceAccount = ServiceAccount },
        _ => new() { Issuer = Issuer, Subject = Machine, Audience = EntraAudience, Tenant = Tenant, ClientId = Client },
    };
}
