using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text.Json;
using Routing.Core.Credentials;
using Routing.Core.Providers;
using Routing.Core.Snapshots;
using Routing.Simulator;

namespace Routing.Identity.Tests;

public sealed class TokenSourcesTests : IDisposable
{
    private const string Email = "edge@my-project.iam.gserviceaccount.com";
    private static readonly AddressRules NoExtras = new([]);
    private readonly RSA _key = RSA.Create(2048);

    public void Dispose() => _key.Dispose();

    [Fact]
    public async Task Create_ServiceAccountKey_IsExchangedAtTheTokenService()
    {
        await using var google = await StartAsync();
        var rules = new AddressRules([$"127.0.0.1:{google.Address.Port}"]);
        var address = new Uri(google.Address, "/token").ToString();

        // By the process's setting, and by the key file where its address is on the process's list.
        ICloudTokenSource[] sources =
        [
            Vertex(KeyFile(), rules, new IdentityOptions { GoogleTokenAddress = address }), Vertex(KeyFile(tokenUri: address), rules),
        ];
        foreach (var source in sources)
        {
            var token = Assert.IsType<BearerCredential>(await source.GetAsync(CancellationToken.None));
            Assert.StartsWith("ya29.", token.Token, StringComparison.Ordinal);
            Assert.InRange(token.ExpiresAt - TimeProvider.System.GetUtcNow(), TimeSpan.FromMinutes(50), TimeSpan.FromMinutes(61));
            Assert.Same(token, await source.GetAsync(CancellationToken.None));
        }
    }

    [Fact]
    public async Task Create_KeyTheServiceDoesNotKnow_SaysWhatToCheck()
    {
        await using var google = await StartAsync();
        using var other = RSA.Create(2048);
        var source = Vertex(KeyFile(key: other), new AddressRules([$"127.0.0.1:{google.Address.Port}"]), new IdentityOptions { GoogleTokenAddress = new Uri(google.Address, "/token").ToString() });
        var failure = await FailureAsync(source);
        Assert.Contains("invalid_grant", failure, StringComparison.Ordinal);
        Assert.DoesNotContain(Email, failure, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Create_TokenServiceNotOnTheList_IsNotConnectedTo()
    {
        await using var google = await StartAsync();
        var source = Vertex(KeyFile(), NoExtras, new IdentityOptions { GoogleTokenAddress = new Uri(google.Address, "/token").ToString() });
        Assert.Contains("public address", await FailureAsync(source), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("https://evil.example/token")]
    [InlineData("http://oauth2.googleapis.com/token")]
    [InlineData("https://oauth2.googleapis.com@evil.example/token")]
    [InlineData("http://169.254.169.254/latest/meta-data")]
    [InlineData("file:///etc/passwd")]
    public async Task Create_KeyFileWithAnotherTokenUri_IsRefused(string uri) =>
        Assert.Contains("token_uri", await FailureAsync(Vertex(KeyFile(tokenUri: uri), NoExtras)), StringComparison.Ordinal);

    [Theory]
    [InlineData("""{"type":"external_account","credential_source":{"url":"http://169.254.169.254"}}""", "'external_account'")]
    [InlineData("""{"type":"authorized_user","refresh_token":"canary"}""", "'authorized_user'")]
    [InlineData("""{"type":"canary"}""", "(unknown)")]
    [InlineData("""{"type":"service_account","type":"external_account"}""", "not valid JSON")]
    [InlineData("""{"type":"service_account","private_key":"canary"}""", "client_email")]
    [InlineData("""{"type":"service_account","client_email":"a@b","private_key":"canary"}""", "private_key")]
    [InlineData("""{"type":"service_account","client_email":"a@b","private_key":"-----BEGIN PRIVATE KEY-----\ncanary\n-----END PRIVATE KEY-----\n"}""", "private_key")]
    [InlineData("canary", "not valid JSON")]
    [InlineData("[]", "not a JSON object")]
    public async Task Create_SomethingElseThanAServiceAccountKey_IsRefusedWithoutRepeatingIt(string json, string part)
    {
        var failure = await FailureAsync(Vertex(json, NoExtras));
        Assert.Contains(part, failure, StringComparison.Ordinal);
        Assert.DoesNotContain("canary", failure, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Create_FixedKeys_AreGivenAsTheyAre()
    {
        Assert.Equal(new ApiKeyCredential("k"), await GetAsync(ProviderKind.AzureOpenAI, CredentialKind.ApiKey, ("key", "k")));
        Assert.Equal(new ApiKeyCredential("k"), await GetAsync(ProviderKind.OpenAICompatible, CredentialKind.ApiKey, ("key", "k")));
        Assert.Equal(NoCredential.Instance, await GetAsync(ProviderKind.OpenAICompatible, CredentialKind.None));
        Assert.Equal(new AwsCredential("id", "secret"), await GetAsync(ProviderKind.Bedrock, CredentialKind.AwsKeys, ("accessKeyId", "id"), ("secretAccessKey", "secret")));
        Assert.Equal(new AwsCredential("id", "secret", "token"),
            await GetAsync(ProviderKind.Bedrock, CredentialKind.AwsKeys, ("accessKeyId", "id"), ("secretAccessKey", "secret"), ("sessionToken", "token")));
    }

    [Theory]
    [InlineData(ProviderKind.AzureOpenAI, CredentialKind.ApiKey, "key", " canary")]
    [InlineData(ProviderKind.AzureOpenAI, CredentialKind.ApiKey, "key", "canary\r\nX-Injected: 1")]
    [InlineData(ProviderKind.AzureOpenAI, CredentialKind.ApiKey, "key", "\uFEFFcanary")]
    [InlineData(ProviderKind.AzureOpenAI, CredentialKind.ApiKey, "key", "")]
    [InlineData(ProviderKind.AzureOpenAI, CredentialKind.ApiKey, "Key", "canary")]
    [InlineData(ProviderKind.Bedrock, CredentialKind.AwsKeys, "accessKeyId", "canary")]
    [InlineData(ProviderKind.Bedrock, CredentialKind.ApiKey, "key", "canary")]
    [InlineData(ProviderKind.Vertex, CredentialKind.ServiceAccountKey, "other", "canary")]
    [InlineData(ProviderKind.Vertex, CredentialKind.ApiKey, "key", "canary")]
    public async Task Create_FieldMissingOrNotSendable_SaysWhichAndNotWhat(ProviderKind provider, CredentialKind kind, string field, string value)
    {
        var failure = await FailureAsync(new TokenSources(NoExtras, TimeProvider.System).Create(Account(provider, kind), Fields((field, value))));
        Assert.Contains("'acc'", failure, StringComparison.Ordinal);
        Assert.DoesNotContain("canary", failure, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Of_SameAccountAndSecret_KeepsItsSource()
    {
        var sources = new TokenSources(NoExtras, TimeProvider.System);
        var account = Account(ProviderKind.AzureOpenAI, CredentialKind.ApiKey) with
        {
            Credential = new CredentialConfig { Kind = CredentialKind.ApiKey, Fields = ImmutableDictionary<string, string>.Empty.Add("key", "env:KEY") },
        };
        var first = sources.Of(account, Holding("one"));
        Assert.Same(first, sources.Of(account with { Name = "another name" }, Holding("one")));
        Assert.NotSame(first, sources.Of(account, Holding("two")));
        Assert.Contains("'env:KEY'", await FailureAsync(sources.Of(account, Holding(null))), StringComparison.Ordinal);

        static LocalSecrets Holding(string? value) => new(_ => value);
    }

    private Task<SimulatorHost> StartAsync() => SimulatorHost.StartAsync(new SimulatorOptions
    {
        Listen = "http://127.0.0.1:0", Speed = 0,
        Google = new GoogleCloud { ServiceAccounts = [new GoogleServiceAccount { Email = Email, PublicKeyPem = _key.ExportSubjectPublicKeyInfoPem() }] },
    }, TimeProvider.System, CancellationToken.None);

    private string KeyFile(string tokenUri = GoogleTokens.DefaultAddress, RSA? key = null) => JsonSerializer.Serialize(new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["type"] = "service_account", ["project_id"] = "my-project", ["private_key_id"] = "k1", ["client_email"] = Email,
        ["private_key"] = (key ?? _key).ExportPkcs8PrivateKeyPem(), ["token_uri"] = tokenUri,
    });

    private static ICloudTokenSource Vertex(string json, AddressRules rules, IdentityOptions? options = null) =>
        new TokenSources(rules, TimeProvider.System, options).Create(Account(ProviderKind.Vertex, CredentialKind.ServiceAccountKey), Fields(("json", json)));

    private static ProviderAccountConfig Account(ProviderKind provider, CredentialKind kind) => new() { Id = "acc", Provider = provider, Credential = new CredentialConfig { Kind = kind } };

    private static async Task<CloudCredential> GetAsync(ProviderKind provider, CredentialKind kind, params (string, string)[] fields) =>
        await new TokenSources(NoExtras, TimeProvider.System).Create(Account(provider, kind), Fields(fields)).GetAsync(CancellationToken.None);

    private static Dictionary<string, string> Fields(params (string Name, string Value)[] fields) => fields.ToDictionary(f => f.Name, f => f.Value, StringComparer.Ordinal);

    private static async Task<string> FailureAsync(ICloudTokenSource source) =>
        (await Assert.ThrowsAsync<CredentialException>(async () => await source.GetAsync(CancellationToken.None))).Message;
}
