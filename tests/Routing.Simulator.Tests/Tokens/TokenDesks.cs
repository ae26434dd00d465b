using System.Globalization;
using System.Net.Http.Headers;
using System.Text.Json;
using Routing.Simulator.Bedrock;
using Routing.Simulator.Tokens;
using TestKit;

namespace Routing.Simulator.Tests.Tokens;

/// <summary>The token services of all clouds, each with one trust in one machine, at a time the test moves.</summary>
public sealed class TokenDesks : IAsyncLifetime
{
    public const string KeyId = "AKIATESTS";
    public const string Secret = "a-secret";
    public const string User = $"arn:aws:iam::000000000000:user/{KeyId}";
    public const string Machine = "112233445566778899001";
    public const string Issuer = "https://oidc.simulator.example";
    public const string AwsIssuer = "https://aws.oidc.simulator.example";
    public const string Role = "arn:aws:iam::123456789012:role/edge-router";
    public const string Pool = "//iam.googleapis.com/projects/123456789/locations/global/workloadIdentityPools/edges/providers/home";
    public const string AwsPool = "//iam.googleapis.com/projects/123456789/locations/global/workloadIdentityPools/edges/providers/from-aws";
    public const string Account = "edge@my-project.iam.gserviceaccount.com";
    public const string Tenant = "11111111-2222-3333-4444-555555555555";
    public const string Client = "66666666-7777-8888-9999-aaaaaaaaaaaa";
    public const string EntraAudience = "api://AzureADTokenExchange";

    private SimulatorHost _host = null!; // Set by InitializeAsync.

    internal ManualTime Time { get; } = new();
    public TokenFaultBook Faults => _host.Tokens;
    public HttpClient Http { get; } = new(new SocketsHttpHandler { UseProxy = false });

    public async Task InitializeAsync()
    {
        var options = new SimulatorOptions
        {
            Listen = "http://127.0.0.1:0", Speed = 0, Aws = new AwsCloud { Keys = [new AwsKey { Id = KeyId, Secret = Secret }] },
            Tokens = new TokenServices
            {
                MachineSubject = Machine,
                AwsRoles = [new AwsRoleTrust { RoleArn = Role, Issuer = Issuer, Audience = "sts.amazonaws.com", Subject = Machine }],
                GooglePools =
                [
                    new GooglePoolTrust { PoolProvider = Pool, Issuer = Issuer, Audience = "edge-pool", Subject = Machine, ServiceAccounts = [Account] },
                    new GooglePoolTrust { PoolProvider = AwsPool, Subject = User },
                ],
                EntraApplications = [new EntraTrust { Tenant = Tenant, ClientId = Client, Issuer = Issuer, Subject = Machine, Region = "eastus2" }],
            },
        };
        _host = await SimulatorHost.StartAsync(options, Time, CancellationToken.None);
        Http.BaseAddress = _host.Address;
    }

    public async Task DisposeAsync()
    {
        Http.Dispose();
        await _host.DisposeAsync();
    }

    /// <summary>The machine's own token, as Google's metadata server gives it out for an audience.</summary>
    public async Task<string> MachineTokenAsync(string audience)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, $"/computeMetadata/v1/instance/service-accounts/default/identity?audience={Uri.EscapeDataString(audience)}");
        request.Headers.Add("Metadata-Flavor", "Google");
        using var response = await Http.SendAsync(request);
        response.EnsureSuccessStatusCode();
        return await response.Content.ReadAsStringAsync();
    }

    public async Task<(int Status, string Body)> PostFormAsync(string path, IReadOnlyDictionary<string, string> form)
    {
        using var content = new FormUrlEncodedContent(form);
        using var response = await Http.PostAsync(new Uri(path, UriKind.Relative), content);
        return ((int)response.StatusCode, await response.Content.ReadAsStringAsync());
    }

    /// <summary>A query of AWS STS, signed with a key.</summary>
    public async Task<(int Status, string Body)> SignedAsync(string query, string secret = Secret)
    {
        var stamp = Time.GetUtcNow().UtcDateTime.ToString("yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture);
        var body = System.Text.Encoding.ASCII.GetBytes(query);
        using var request = new HttpRequestMessage(HttpMethod.Post, "/") { Content = new ByteArrayContent(body) };
        request.Headers.Host = "sts.us-east-1.amazonaws.com";
        request.Headers.Add("x-amz-date", stamp);
        request.Headers.Authorization = Authorization(secret, stamp, "", body, name => name == "host" ? "sts.us-east-1.amazonaws.com" : stamp, "host", "x-amz-date");
        using var response = await Http.SendAsync(request);
        return ((int)response.StatusCode, await response.Content.ReadAsStringAsync());
    }

    /// <summary>A signed request that stands for a token, as AWS machines show themselves to Google.</summary>
    public string AwsProof(string target = AwsPool, string secret = Secret)
    {
        const string Host = "sts.us-east-1.amazonaws.com", Query = "Action=GetCallerIdentity&Version=2011-06-15";
        var stamp = Time.GetUtcNow().UtcDateTime.ToString("yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture);
        var headers = new Dictionary<string, string>(StringComparer.Ordinal) { ["host"] = Host, ["x-amz-date"] = stamp, ["x-goog-cloud-target-resource"] = target };
        headers["Authorization"] = Authorization(secret, stamp, Query, [], name => headers[name], "host", "x-amz-date", "x-goog-cloud-target-resource").ToString();
        return Uri.EscapeDataString(JsonSerializer.Serialize(new { url = $"https://{Host}/?{Query}", method = "POST", headers = headers.Select(h => new { key = h.Key, value = h.Value }) }));
    }

    private static AuthenticationHeaderValue Authorization(string secret, string stamp, string query, byte[] body, Func<string, string?> header, params string[] signed)
    {
        var by = new SigV4Authorization(KeyId, stamp[..8], "us-east-1", "sts", signed, "");
        var signature = new SigV4Signature().Compute(by, secret, stamp, new SignedRequest("POST", "/", query, header), body);
        return new(SigV4Authorization.Algorithm, $"Credential={KeyId}/{by.Scope}, SignedHeaders={string.Join(';', signed)}, Signature={signature}");
    }
}
