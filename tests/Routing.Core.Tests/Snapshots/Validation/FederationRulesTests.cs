using Routing.Core.Snapshots;

namespace Routing.Core.Tests.Snapshots.Validation;

public sealed class FederationRulesTests
{
    private const int Aws = 0;
    private const int Google = 1;
    private const int Azure = 2;
    private static readonly RoutingSnapshot Valid = FederatedWorld.Snapshot;

    [Fact]
    public void Validate_FederatedWorld_HasNoProblem()
    {
        Assert.Empty(SnapshotValidator.Validate(Valid));
        Assert.Empty(StaticCredentials.Of(Valid));
    }

    [Fact]
    public void StaticCredentials_KeysWhereAnIdentityWouldDo_AreWarnedAboutEach() =>
        Assert.Equal(
        [
            ("accounts[bedrock].credential.kind", "Account bedrock uses AWS keys: a long-lived secret that can leak and must be rotated by hand. Prefer a federated or an ambient identity, which has none."),
            ("accounts[vertex].credential.kind", "Account vertex uses a Google service-account key: a long-lived secret that can leak and must be rotated by hand. Prefer a federated or an ambient identity, which has none."),
            ("accounts[azure].credential.kind", "Account azure uses an API key: a long-lived secret that can leak and must be rotated by hand. Prefer a federated or an ambient identity, which has none."),
        ], StaticCredentials.Of(SampleWorld.Snapshot).Select(p => (p.Path, p.Message)));

    public static TheoryData<int, string, string, Func<FederationConfig, FederationConfig>, string> Faults() => new()
    {
        { Aws, "issuer", "federation_field_missing", f => f with { Issuer = "" }, "Issuer is missing. Write the exact iss of the token, for example https://accounts.google.com." },
        { Aws, "issuer", "federation_issuer", f => f with { Issuer = "accounts.google.com" }, "'accounts.google.com' is not an issuer. Write the token's iss as it is: https, a host and perhaps a path." },
        { Aws, "issuer", "federation_issuer", f => f with { Issuer = "https://a@accounts.google.com" }, "'https://a@accounts.google.com' is not an issuer. Write the token's iss as it is: https, a host and perhaps a path." },
        { Aws, "issuer", "too_long", f => f with { Issuer = "https://" + new string('i', 248) }, "Issuer has 256 characters; at most 255." },
        { Aws, "subject", "federation_field_missing", f => f with { Subject = "" }, "Subject is missing. Write the exact sub of the token, for example system:serviceaccount:prod:edge." },
        { Aws, "subject", "federation_wildcard", f => f with { Subject = "system:serviceaccount:*:edge" }, "Subject 'system:serviceaccount:*:edge' holds a wildcard. Write the exact value: a pattern lets strangers in." },
        { Aws, "subject", "federation_shape", f => f with { Subject = "a b" }, "Subject holds a space, a control character or a letter outside ASCII. Write it as it stands in the token." },
        { Aws, "audience", "federation_field_missing", f => f with { Audience = "" }, "Audience is missing. Write the one aud that the cloud's trust names, for example sts.amazonaws.com." },
        { Aws, "audience", "too_long", f => f with { Audience = new string('a', 256) }, "Audience has 256 characters; at most 255." },
        { Aws, "roleArn", "federation_field_missing", f => f with { RoleArn = "" }, "Role ARN is missing. Write arn:aws:iam::123456789012:role/edge-router." },
        { Aws, "roleArn", "federation_address", f => f with { RoleArn = "https://sts.evil.example/" }, "Role ARN is an address. A document never says where tokens are traded; write a name like arn:aws:iam::123456789012:role/edge-router." },
        { Aws, "roleArn", "federation_shape", f => f with { RoleArn = "arn:aws:iam::12345:role/x" }, "Role ARN 'arn:aws:iam::12345:role/x' is not of the cloud's form. Write it like arn:aws:iam::123456789012:role/edge-router." },
        { Aws, "sessionName", "federation_shape", f => f with { SessionName = "x" }, "Session name 'x' is not of the cloud's form. Write it like edge-router (2 to 64 of letters, digits and +=,.@_-)." },
        { Aws, "sessionName", "too_long", f => f with { SessionName = new string('x', 65) }, "Session name has 65 characters; at most 64." },
        { Aws, "durationSeconds", "out_of_range", f => f with { DurationSeconds = 899 }, "Duration is 899\u00A0s; at least 900\u00A0s." },
        { Aws, "durationSeconds", "out_of_range", f => f with { DurationSeconds = 43_201 }, "Duration is 43,201\u00A0s; at most 43,200\u00A0s." },
        { Aws, "proof", "federation_proof", f => f with { Proof = FederationProof.AwsRequest }, "A signed AWS request is a proof to Google only. Use an OIDC token." },
        { Aws, "tenant", "field_unused", f => f with { Tenant = "x" }, "Tenant is only for Azure OpenAI accounts. Clear it." },
        { Aws, "roleArn", "null_value", f => f with { RoleArn = null! }, "Role ARN is null. Write \"\" or leave it out." },
        { Google, "audience", "field_unused", f => f with { Audience = "x" }, "Audience is only for an OIDC token. Clear it." },
        { Google, "poolProvider", "federation_address", f => f with { PoolProvider = "https://sts.googleapis.com/v1/token" }, "Pool provider is an address. A document never says where tokens are traded; write a name like " + FederatedWorld.Pool + "." },
        { Google, "poolProvider", "federation_shape", f => f with { PoolProvider = "//evil.example/projects/1/locations/global/workloadIdentityPools/edges/providers/home" }, "Pool provider '//evil.example/projects/1/locations/global/workloadIdentityP…' is not of the cloud's form. Write it like " + FederatedWorld.Pool + "." },
        { Google, "serviceAccount", "federation_shape", f => f with { ServiceAccount = "edge@evil.example" }, "Service account 'edge@evil.example' is not of the cloud's form. Write it like edge@my-project.iam.gserviceaccount.com." },
        { Azure, "audience", "federation_audience", f => f with { Audience = "sts.amazonaws.com" }, "'sts.amazonaws.com' is not an audience that Entra takes. Use api://AzureADTokenExchange, api://AzureADTokenExchangeUSGov, api://AzureADTokenExchangeChina." },
        { Azure, "tenant", "federation_shape", f => f with { Tenant = "common" }, "Tenant 'common' is not of the cloud's form. Write it like 00000000-0000-0000-0000-000000000000, the tenant's id." },
        { Azure, "clientId", "federation_field_missing", f => f with { ClientId = "" }, "Client id is missing. Write 00000000-0000-0000-0000-000000000000, the application's id." },
        { Azure, "roleArn", "field_unused", f => f with { RoleArn = "x" }, "Role ARN is only for Bedrock accounts. Clear it." },
    };

    [Theory]
    [MemberData(nameof(Faults), DisableDiscoveryEnumeration = true)]
    public void Validate_OneFault_NamesFieldAndFix(int account, string field, string code, Func<FederationConfig, FederationConfig> change, string message)
    {
        var snapshot = With(account, c => c with { Federation = change(c.Federation!) });
        var path = $"accounts[{Valid.Accounts[account].Id}].credential.federation.{field}";
        Assert.Contains(new SnapshotProblem(path, code, message, code == "field_unused" ? ProblemSeverity.Warning : ProblemSeverity.Error), SnapshotValidator.Validate(snapshot));
    }

    [Fact]
    public void Validate_FederatedWithoutFederation_SaysWhatIsMissing() =>
        Assert.Equal("federation_missing", Assert.Single(SnapshotValidator.Validate(With(Aws, c => c with { Federation = null }))).Code);

    [Fact]
    public void Validate_SecretBesideAnIdentity_IsRefused()
    {
        var problem = Assert.Single(SnapshotValidator.Validate(With(Aws, c => c with { Fields = c.Fields.Add("secretAccessKey", "env:KEY") })));
        Assert.Equal(("credential_field_unknown", ProblemSeverity.Error), (problem.Code, problem.Severity));
    }

    [Fact]
    public void Validate_AmbientWithFederation_IsWarnedAbout() =>
        Assert.Equal(("field_unused", ProblemSeverity.Warning), SnapshotValidator.Validate(With(Aws, c => c with { Kind = CredentialKind.Ambient })).Select(p => (p.Code, p.Severity)).Single());

    private static RoutingSnapshot With(int account, Func<CredentialConfig, CredentialConfig> change) => Valid with
    {
        Accounts = Valid.Accounts.SetItem(account, Valid.Accounts[account] with { Credential = change(Valid.Accounts[account].Credential) }),
    };
}
