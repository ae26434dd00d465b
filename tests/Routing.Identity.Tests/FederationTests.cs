using Amazon.Runtime;
using Routing.Core.Credentials;
using Routing.Core.Health;
using Routing.Core.Providers;
using Routing.Core.Snapshots;
using Routing.Simulator;
using Routing.Simulator.Tokens;

namespace Routing.Identity.Tests;

/// <summary>Every trust against the simulated token services, which check each field of each exchange.</summary>
public sealed class FederationTests : IAsyncLifetime
{
    private const string Issuer = "https://oidc.simulator.example";
    private const string AwsIssuer = "https://aws.oidc.simulator.example";
    private const string Machine = "112233445566778899001";
    private const string AwsUser = "arn:aws:iam::000000000000:user/AKIATESTS";
    private const string Role = "arn:aws:iam::123456789012:role/edge-router";
    private const string Pool = "//iam.googleapis.com/projects/123456789/locations/global/workloadIdentityPools/edges/providers/home";
    private const string AwsPool = "//iam.googleapis.com/projects/123456789/locations/global/workloadIdentityPools/edges/providers/from-aws";
    private const string ServiceAccount = "edge@my-project.iam.gserviceaccount.com";
    private const string Tenant = "11111111-2222-3333-4444-555555555555";
    private const string Client = "66666666-7777-8888-9999-aaaaaaaaaaaa";
    private const string EntraAudience = "api://AzureADTokenExchange";

    private SimulatorHost _clouds = null!; // set by InitializeAsync
    private TokenSources _sources = null!; // as above

    public async Task InitializeAsync()
    {
        _clouds = await SimulatorHost.StartAsync(new SimulatorOptions
        {
            Listen = "http://127.0.0.1:0", Speed = 0,
            Aws = new AwsCloud { Keys = [new AwsKey { Id = "AKIATESTS", Secret = "a-secret" }] },
            Tokens = new TokenServices
            {
                MachineSubject = Machine,
                AwsRoles = [new AwsRoleTrust { RoleArn = Role, Issuer = Issuer, Audience = "sts.amazonaws.com", Subject = Machine }],
                GooglePools =
                [
                    new GooglePoolTrust { PoolProvider = Pool, Issuer = Issuer, Audience = "edge-pool", Subject = Machine, ServiceAccounts = [ServiceAccount] },
                    new GooglePoolTrust { PoolProvider = Pool, Issuer = AwsIssuer, Audience = "edge-pool", Subject = AwsUser },
                    new GooglePoolTrust { PoolProvider = AwsPool, Subject = AwsUser, ServiceAccounts = [ServiceAccount] },
                ],
                EntraApplications =
                [
                    new EntraTrust { Tenant = Tenant, ClientId = Client, Issuer = Issuer, Subject = Machine, Region = "eastus2" },
                    new EntraTrust { Tenant = Tenant, ClientId = Client, Issuer = AwsIssuer, Subject = AwsUser },
                ],
            },
        }, TimeProvider.System, CancellationToken.None);
        _sources = Sources(HomeKind.Google);
    }

    public async Task DisposeAsync()
    {
        _sources.Dispose();
        await _clouds.DisposeAsync();
    }

    [Fact]
    public async Task Aws_FromGoogle_GivesTemporaryKeysOfTheRole()
    {
        var keys = Assert.IsType<AwsCredential>(await GetAsync(_sources, AwsTrust()));
        Assert.StartsWith("ASIA", keys.AccessKeyId, StringComparison.Ordinal);
        Assert.NotNull(keys.SessionToken);
    }

    [Fact]
    public async Task Aws_FromAzure_TakesTheManagedIdentitysToken()
    {
        using var azure = Sources(HomeKind.Azure);
        Assert.IsType<AwsCredential>(await GetAsync(azure, AwsTrust()));
    }

    [Fact]
    public async Task Google_FromOidc_ActsAsTheServiceAccount()
    {
        Assert.StartsWith("ya29.", Assert.IsType<BearerCredential>(await GetAsync(_sources, GoogleTrust())).Token, StringComparison.Ordinal);
        Assert.Equal((1L, 1L), (Issued(TokenFaultBook.GoogleSts), Issued(TokenFaultBook.IamCredentials)));
    }

    [Fact]
    public async Task Google_FromAws_BySignedRequestAndByWebIdentityToken()
    {
        using var aws = Sources(HomeKind.Aws);
        var signed = new FederationConfig { Proof = FederationProof.AwsRequest, PoolProvider = AwsPool, ServiceAccount = ServiceAccount };
        Assert.IsType<BearerCredential>(await GetAsync(aws, Account(ProviderKind.Vertex, signed)));
        Assert.Equal(0, Issued(TokenFaultBook.AwsSts)); // The request was signed and not sent.

        var token = GoogleTrust().Credential.Federation! with { Issuer = AwsIssuer, Subject = AwsUser, ServiceAccount = "" };
        Assert.IsType<BearerCredential>(await GetAsync(aws, Account(ProviderKind.Vertex, token) with { Id = "other" }));
        Assert.Equal(1, Issued(TokenFaultBook.AwsSts));
    }

    [Fact]
    public async Task Azure_FromGoogleAndFromAws_ByClientAssertion()
    {
        Assert.IsType<BearerCredential>(await GetAsync(_sources, AzureTrust()));
        using var aws = Sources(HomeKind.Aws);
        var trust = AzureTrust().Credential.Federation! with { Issuer = AwsIssuer, Subject = AwsUser };
        Assert.IsType<BearerCredential>(await GetAsync(aws, Account(ProviderKind.AzureOpenAI, trust)));
        Assert.Equal(2, Issued(TokenFaultBook.Entra));
    }

    [Fact]
    public async Task Ambient_EachCloudsOwnMachine_GivesItsCredential()
    {
        using var aws = Sources(HomeKind.Aws);
        Assert.Equal(new AwsCredential("AKIATESTS", "a-secret"), await GetAsync(aws, Ambient(ProviderKind.Bedrock)));
        Assert.StartsWith("ya29.", Assert.IsType<BearerCredential>(await GetAsync(_sources, Ambient(ProviderKind.Vertex))).Token, StringComparison.Ordinal);
        Assert.StartsWith("eyJsim.", Assert.IsType<BearerCredential>(await GetAsync(_sources, Ambient(ProviderKind.AzureOpenAI))).Token, StringComparison.Ordinal);
    }

    [Fact]
    public async Task File_TokenReplacedUnderUs_IsReadAnew()
    {
        var file = Path.GetTempFileName();
        try
        {
            await File.WriteAllTextAsync(file, "not a token");
            using var kubernetes = Sources(HomeKind.File, file);
            var failure = await FailureAsync(kubernetes, AwsTrust());
            Assert.Equal((CredentialStep.SubjectToken, "The home's token is not a JWT."), (failure.Step, failure.What));

            using var http = new HttpClient(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = _clouds.Address };
            http.DefaultRequestHeaders.Add("Metadata-Flavor", "Google");
            await File.WriteAllTextAsync(file, await http.GetStringAsync(new Uri("/computeMetadata/v1/instance/service-accounts/default/identity?audience=sts.amazonaws.com", UriKind.Relative)) + "\n");
            Assert.Empty((await kubernetes.ProveAsync(AwsTrust(), NoSecrets, CancellationToken.None)).Failure?.Message ?? "");
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Theory]
    [InlineData("issuer")]
    [InlineData("subject")]
    public async Task Get_TokenIsNotThePinnedOne_NeverLeavesTheProcess(string claim)
    {
        var trust = AwsTrust().Credential.Federation!;
        var account = Account(ProviderKind.Bedrock, claim == "issuer" ? trust with { Issuer = "https://other.example" } : trust with { Subject = "somebody-else" });
        var failure = await FailureAsync(_sources, account);
        Assert.Equal(CredentialStep.SubjectToken, failure.Step);
        Assert.Contains($"has the {claim} '", failure.What, StringComparison.Ordinal);
        Assert.Contains("was not sent anywhere", failure.Advice, StringComparison.Ordinal);
        Assert.Equal((0L, 0L), (Issued(TokenFaultBook.AwsSts), Refused(TokenFaultBook.AwsSts)));
    }

    [Fact]
    public async Task Get_NoHome_SaysWhichSettingToSet()
    {
        using var homeless = Sources(HomeKind.None);
        var failure = await FailureAsync(homeless, AwsTrust());
        Assert.Equal(CredentialStep.SubjectToken, failure.Step);
        Assert.Contains("Identity:Home", failure.Advice, StringComparison.Ordinal);
    }

    public static TheoryData<string, TokenFaultKind, string, CredentialStep, string?> Refusals() => new()
    {
        { "aws", TokenFaultKind.Down, TokenFaultBook.AwsSts, CredentialStep.Exchange, "ServiceUnavailable" },
        { "aws", TokenFaultKind.Reset, TokenFaultBook.AwsSts, CredentialStep.Exchange, null },
        { "aws", TokenFaultKind.RejectClaim, TokenFaultBook.AwsSts, CredentialStep.Exchange, "IDPRejectedClaim" },
        { "aws", TokenFaultKind.Expired, TokenFaultBook.AwsSts, CredentialStep.Exchange, "ExpiredTokenException" },
        { "aws", TokenFaultKind.Down, TokenFaultBook.Metadata, CredentialStep.SubjectToken, "503" },
        { "google", TokenFaultKind.Down, TokenFaultBook.GoogleSts, CredentialStep.Exchange, "temporarily_unavailable" },
        { "google", TokenFaultKind.RejectClaim, TokenFaultBook.GoogleSts, CredentialStep.Exchange, "unauthorized_client" },
        { "google", TokenFaultKind.Expired, TokenFaultBook.GoogleSts, CredentialStep.Exchange, "invalid_grant" },
        { "google", TokenFaultKind.RejectClaim, TokenFaultBook.IamCredentials, CredentialStep.Impersonation, "PERMISSION_DENIED" },
        { "google", TokenFaultKind.Down, TokenFaultBook.IamCredentials, CredentialStep.Impersonation, "UNAVAILABLE" },
        { "azure", TokenFaultKind.Down, TokenFaultBook.Entra, CredentialStep.Exchange, "AADSTS90033" },
        { "azure", TokenFaultKind.Reset, TokenFaultBook.Entra, CredentialStep.Exchange, null },
        { "azure", TokenFaultKind.RejectClaim, TokenFaultBook.Entra, CredentialStep.Exchange, "AADSTS700213" },
        { "azure", TokenFaultKind.Expired, TokenFaultBook.Entra, CredentialStep.Exchange, "AADSTS700024" },
    };

    [Theory]
    [MemberData(nameof(Refusals))]
    public async Task Get_ServiceRefuses_NamesStepCodeAndWhatToCheck(string cloud, TokenFaultKind fault, string service, CredentialStep step, string? code)
    {
        _clouds.Tokens.Set(service, new TokenFault { Kind = fault });
        var account = cloud switch { "aws" => AwsTrust(), "google" => GoogleTrust(), _ => AzureTrust() };
        var failure = await FailureAsync(_sources, account);
        Assert.Equal((step, code), (failure.Step, failure.RawCode));
        Assert.NotEmpty(failure.Advice);
        Assert.Equal(1, Refused(service)); // The libraries' own retries are off.

        var view = Assert.Single(_sources.Views());
        Assert.Equal((IdentityState.Fault, step, 1L), (view.State, view.Step, view.Failures));
        Assert.StartsWith("Identity fault at the ", view.Sentence, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Aws_IssuerUnreachableOnce_IsTriedAgainOnce()
    {
        _clouds.Tokens.Set(TokenFaultBook.AwsSts, new TokenFault { Kind = TokenFaultKind.IssuerUnreachable, Count = 1 });
        Assert.IsType<AwsCredential>(await GetAsync(_sources, AwsTrust()));
        Assert.Equal((1L, 1L), (Refused(TokenFaultBook.AwsSts), Issued(TokenFaultBook.AwsSts)));

        _clouds.Tokens.Set(TokenFaultBook.AwsSts, new TokenFault { Kind = TokenFaultKind.IssuerUnreachable });
        var failure = await FailureAsync(_sources, AwsTrust() with { Id = "other" });
        Assert.Equal(("IDPCommunicationError", 3L), (failure.RawCode, Refused(TokenFaultBook.AwsSts)));
    }

    [Fact]
    public async Task Get_ServiceNotOnTheList_IsNotConnectedTo()
    {
        using var sources = new TokenSources(new AddressRules([]), TimeProvider.System, Options(HomeKind.Google), seed: 1);
        var failure = await FailureAsync(sources, AwsTrust());
        Assert.Equal(CredentialStep.SubjectToken, failure.Step);
        Assert.Equal(0, Issued(TokenFaultBook.Metadata));
    }

    [Fact]
    public async Task Prove_AllWell_ShowsEachStepAndNeverAToken()
    {
        var report = await _sources.ProveAsync(GoogleTrust(), NoSecrets, CancellationToken.None);
        Assert.Null(report.Failure);
        Assert.Equal([CredentialStep.SubjectToken, CredentialStep.Exchange, CredentialStep.Impersonation], report.Done.Select(s => s.Step));
        Assert.Equal([("issuer", Issuer), ("subject", Machine), ("audience", "edge-pool")], report.Done[0].Facts.Take(3).Select(f => (f.Name, f.Value)));
        var all = string.Join(' ', report.Done.SelectMany(s => s.Facts.Select(f => f.Value).Append(s.What)));
        Assert.DoesNotContain("ya29.", all, StringComparison.Ordinal);
        Assert.DoesNotContain("eyJ", all, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Prove_SecondStepFails_ShowsTheFirstAndWhatToCheck()
    {
        _clouds.Tokens.Set(TokenFaultBook.GoogleSts, new TokenFault { Kind = TokenFaultKind.RejectClaim });
        var report = await _sources.ProveAsync(GoogleTrust(), NoSecrets, CancellationToken.None);
        Assert.Equal(CredentialStep.SubjectToken, Assert.Single(report.Done).Step);
        Assert.Equal((CredentialStep.Exchange, "The provider's attribute condition does not let this subject in."), (report.Failure!.Step, report.Failure.Advice));
    }

    [Fact]
    public void Problems_HomeAndAddresses_AreNamedWithTheirSetting()
    {
        var rules = new AddressRules(["127.0.0.1:5300"]);
        Assert.Empty(new IdentityOptions { Home = HomeKind.File, TokenFile = "/var/run/token", EntraAddress = "http://127.0.0.1:5300" }.Problems(rules));
        string[] expected =
        [
            "Identity:TokenFile is 'token'; the home File needs the whole path of the token file.",
            "Identity:AwsStsAddress is https://sts.example.com. Add 'sts.example.com' to the process's AllowedAddresses.",
            "Identity:EntraAddress: http://10.0.0.1 is plain http. Use https, or add '10.0.0.1:80' to the process's AllowedAddresses.",
        ];
        Assert.Equal(expected, new IdentityOptions { Home = HomeKind.File, TokenFile = "token", AwsStsAddress = "https://sts.example.com", EntraAddress = "http://10.0.0.1" }.Problems(rules), StringComparer.Ordinal);
    }

    private static ISecretResolver NoSecrets => new LocalSecrets(_ => null);

    private TokenSources Sources(HomeKind home, string file = "") =>
        new(new AddressRules([_clouds.Address.Authority]), TimeProvider.System, Options(home, file), seed: 1, () => new BasicAWSCredentials("AKIATESTS", "a-secret"));

    private IdentityOptions Options(HomeKind home, string file = "")
    {
        var address = _clouds.Address.GetLeftPart(UriPartial.Authority);
        return new IdentityOptions
        {
            Home = home, TokenFile = file, AwsStsAddress = address, GoogleStsAddress = address, GoogleIamCredentialsAddress = address, GoogleMetadataAddress = address,
            EntraAddress = address, AzureMetadataAddress = address,
        };
    }

    private static ProviderAccountConfig AwsTrust() => Account(ProviderKind.Bedrock, new FederationConfig { Issuer = Issuer, Subject = Machine, Audience = "sts.amazonaws.com", RoleArn = Role });

    private static ProviderAccountConfig GoogleTrust() => Account(ProviderKind.Vertex, new FederationConfig { Issuer = Issuer, Subject = Machine, Audience = "edge-pool", PoolProvider = Pool, ServiceAccount = ServiceAccount });

    private static ProviderAccountConfig AzureTrust() => Account(ProviderKind.AzureOpenAI, new FederationConfig { Issuer = Issuer, Subject = Machine, Audience = EntraAudience, Tenant = Tenant, ClientId = Client });

    private static ProviderAccountConfig Account(ProviderKind provider, FederationConfig trust) =>
        new() { Id = "acc", Provider = provider, Credential = new CredentialConfig { Kind = CredentialKind.Federated, Federation = trust } };

    private static ProviderAccountConfig Ambient(ProviderKind provider) => new() { Id = $"{provider}", Provider = provider, Credential = new CredentialConfig { Kind = CredentialKind.Ambient } };

    private static async Task<CloudCredential> GetAsync(TokenSources sources, ProviderAccountConfig account) => await sources.Of(account, NoSecrets).GetAsync(CancellationToken.None);

    private static async Task<CredentialException> FailureAsync(TokenSources sources, ProviderAccountConfig account) =>
        await Assert.ThrowsAsync<CredentialException>(async () => await GetAsync(sources, account));

    private long Issued(string service) => _clouds.Tokens.Calls().Single(c => c.Service == service).Issued;

    private long Refused(string service) => _clouds.Tokens.Calls().Single(c => c.Service == service).Refused;
}
