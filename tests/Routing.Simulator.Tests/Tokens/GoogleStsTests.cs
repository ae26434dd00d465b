using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Routing.Simulator.Tokens;

namespace Routing.Simulator.Tests.Tokens;

/// <summary>Google's exchange of a foreign token for its own, and the step from there to a service account.</summary>
public sealed class GoogleStsTests(TokenDesks desks) : IClassFixture<TokenDesks>
{
    private const string Scope = "https://www.googleapis.com/auth/cloud-platform";
    private const string Jwt = "urn:ietf:params:oauth:token-type:jwt";
    private const string AwsRequest = "urn:ietf:params:aws:token-type:aws4_request";

    [Fact]
    public async Task Exchange_TrustedToken_LiteralAnswerButForTheToken()
    {
        var (status, body) = await ExchangeAsync(await desks.MachineTokenAsync("edge-pool"));
        using var answer = JsonDocument.Parse(body);
        var token = answer.RootElement.GetProperty("access_token").GetString()!; // It is a text.

        Assert.Equal(200, status);
        Assert.Equal("""{"access_token":"…","issued_token_type":"urn:ietf:params:oauth:token-type:access_token","token_type":"Bearer","expires_in":3600}""", body.Replace(token, "…", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Exchange_RequestSignedByAws_IsAProofToo()
    {
        Assert.Equal(200, (await ExchangeAsync(desks.AwsProof(), TokenDesks.AwsPool, AwsRequest)).Status);
        AssertRefused(await ExchangeAsync(desks.AwsProof(secret: "another-secret"), TokenDesks.AwsPool, AwsRequest), 400, "invalid_grant", "The signature does not match.");
        AssertRefused(await ExchangeAsync(desks.AwsProof(target: TokenDesks.Pool), TokenDesks.AwsPool, AwsRequest), 400, "invalid_grant", "must be signed and name this provider");
        AssertRefused(await ExchangeAsync("not a request", TokenDesks.AwsPool, AwsRequest), 400, "invalid_grant", "not a signed request");
    }

    [Theory]
    [InlineData("audience", "edge-pool-2", 400, "invalid_grant", "does not match the expected audience")]
    [InlineData("target", "//iam.googleapis.com/projects/1/locations/global/workloadIdentityPools/x/providers/y", 400, "invalid_target", "audience")]
    [InlineData("forged", "", 400, "invalid_grant", "Unable to verify")]
    [InlineData("type", "urn:ietf:params:oauth:token-type:saml2", 400, "invalid_grant", "subject_token_type")]
    [InlineData("grant_type", "client_credentials", 400, "unsupported_grant_type", "token-exchange")]
    [InlineData("scope", "email", 400, "invalid_scope", "scope")]
    [InlineData("requested_token_type", "id_token", 400, "invalid_request", "requested_token_type")]
    public async Task Exchange_OnePartWrong_RefusedByItsWord(string part, string value, int status, string error, string words)
    {
        var token = await desks.MachineTokenAsync(part == "audience" ? value : "edge-pool");
        var form = Form(part == "forged" ? token.Replace(".", "x.", StringComparison.Ordinal) : token, part == "target" ? value : TokenDesks.Pool, part == "type" ? value : Jwt);
        if (part is "grant_type" or "scope" or "requested_token_type") form[part] = value;

        AssertRefused(await desks.PostFormAsync("/v1/token", form), status, error, words);
    }

    [Fact]
    public async Task Exchange_IssuerNobodyTrusts_Refused()
    {
        var (_, told) = await desks.SignedAsync("Action=GetWebIdentityToken&Version=2011-06-15&Audience.member.1=edge-pool&SigningAlgorithm=RS256");
        var token = told.Split("<WebIdentityToken>")[1].Split('<')[0];

        AssertRefused(await ExchangeAsync(token), 400, "invalid_grant", TokenDesks.AwsIssuer);
    }

    [Fact]
    public async Task Exchange_ExpiredToken_Refused()
    {
        var token = await desks.MachineTokenAsync("edge-pool");
        desks.Time.Advance(TimeSpan.FromHours(1));

        AssertRefused(await ExchangeAsync(token), 400, "invalid_grant", "ID Token has expired.");
    }

    [Theory]
    [InlineData(TokenFaultKind.Down, 503, "temporarily_unavailable")]
    [InlineData(TokenFaultKind.RejectClaim, 403, "unauthorized_client")]
    [InlineData(TokenFaultKind.Expired, 400, "invalid_grant")]
    public async Task Exchange_Fault_InGooglesWords(TokenFaultKind kind, int status, string error)
    {
        var token = await desks.MachineTokenAsync("edge-pool");
        Assert.True(desks.Faults.Set(TokenFaultBook.GoogleSts, new TokenFault { Kind = kind, Count = 1 }));

        AssertRefused(await ExchangeAsync(token), status, error, "");
    }

    [Fact]
    public async Task Impersonate_FederatedToken_AccountsTokenAndEnd()
    {
        var (status, body) = await ImpersonateAsync(await FederatedAsync());
        using var answer = JsonDocument.Parse(body);

        Assert.Equal(200, status);
        Assert.NotEmpty(answer.RootElement.GetProperty("accessToken").GetString()!); // It is a text.
        Assert.Equal(desks.Time.GetUtcNow().AddSeconds(600), answer.RootElement.GetProperty("expireTime").GetDateTimeOffset(), TimeSpan.FromSeconds(1));
    }

    [Theory]
    [InlineData("token", 401, "UNAUTHENTICATED")]
    [InlineData("account", 403, "PERMISSION_DENIED")]
    [InlineData("scope", 400, "INVALID_ARGUMENT")]
    [InlineData("lifetime", 400, "INVALID_ARGUMENT")]
    [InlineData("fault", 503, "UNAVAILABLE")]
    public async Task Impersonate_OnePartWrong_GooglesErrorObject(string part, int status, string code)
    {
        var token = await FederatedAsync();
        if (part == "fault") Assert.True(desks.Faults.Set(TokenFaultBook.IamCredentials, new TokenFault { Kind = TokenFaultKind.Down, Count = 1 }));
        var (answered, body) = await ImpersonateAsync(part == "token" ? "nobody" : token, part == "account" ? "other@my-project.iam.gserviceaccount.com" : TokenDesks.Account,
            part == "scope" ? "email" : Scope, part == "lifetime" ? "3601s" : "600s");
        using var answer = JsonDocument.Parse(body);

        Assert.Equal((status, status, code), (answered, answer.RootElement.GetProperty("error").GetProperty("code").GetInt32(), answer.RootElement.GetProperty("error").GetProperty("status").GetString()));
    }

    [Fact]
    public async Task Impersonate_FederatedTokenThatEnded_Unauthenticated()
    {
        var token = await FederatedAsync();
        desks.Time.Advance(TimeSpan.FromHours(1));

        Assert.Equal(401, (await ImpersonateAsync(token)).Status);
    }

    private async Task<string> FederatedAsync()
    {
        using var answer = JsonDocument.Parse((await ExchangeAsync(await desks.MachineTokenAsync("edge-pool"))).Body);
        return answer.RootElement.GetProperty("access_token").GetString()!; // It is a text.
    }

    private Task<(int Status, string Body)> ExchangeAsync(string token, string pool = TokenDesks.Pool, string type = Jwt) => desks.PostFormAsync("/v1/token", Form(token, pool, type));

    private async Task<(int Status, string Body)> ImpersonateAsync(string token, string account = TokenDesks.Account, string scope = Scope, string lifetime = "600s")
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, $"/v1/projects/-/serviceAccounts/{account}:generateAccessToken");
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        request.Content = new StringContent($$"""{"scope":["{{scope}}"],"lifetime":"{{lifetime}}"}""", Encoding.UTF8, "application/json");
        using var response = await desks.Http.SendAsync(request);
        return ((int)response.StatusCode, await response.Content.ReadAsStringAsync());
    }

    private static Dictionary<string, string> Form(string token, string pool, string type) => new(StringComparer.Ordinal)
    {
        ["grant_type"] = "urn:ietf:params:oauth:grant-type:token-exchange", ["audience"] = pool, ["scope"] = Scope,
        ["requested_token_type"] = "urn:ietf:params:oauth:token-type:access_token", ["subject_token_type"] = type, ["subject_token"] = token,
    };

    private static void AssertRefused((int Status, string Body) answer, int status, string error, string words)
    {
        using var refusal = JsonDocument.Parse(answer.Body);
        Assert.Equal((status, error), (answer.Status, refusal.RootElement.GetProperty("error").GetString()));
        Assert.Contains(words, refusal.RootElement.GetProperty("error_description").GetString(), StringComparison.Ordinal);
    }
}
