using System.Buffers.Text;
using System.Net;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Routing.Simulator.Tests.Vertex;

public sealed class TokenEndpointTests(SimulatorFixture simulator) : IClassFixture<SimulatorFixture>
{
    [Fact]
    public async Task Token_SignedAssertion_OpensVertex()
    {
        var (status, token) = await ExchangeAsync(Assertion());
        using var request = SimulatorFixture.Bearer("/v1/projects/p/locations/l/publishers/google/models/m:generateContent",
            """{"contents":[{"parts":[{"text":"x"}]}]}""", token.GetProperty("access_token").GetString()!);
        using var response = await simulator.Http.SendAsync(request);

        Assert.Equal((HttpStatusCode.OK, "Bearer", 3599), (status, token.GetProperty("token_type").GetString(), token.GetProperty("expires_in").GetInt32()));
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    [Theory]
    [InlineData("issuer", "account not found")]
    [InlineData("audience", "audience")]
    [InlineData("expired", "short-lived")]
    [InlineData("long", "short-lived")]
    [InlineData("signature", "Invalid JWT Signature.")]
    [InlineData("algorithm", "RS256")]
    public async Task Token_OnePartWrong_InvalidGrant(string part, string description)
    {
        using var other = RSA.Create(2048);
        var assertion = Assertion(
            issuer: part == "issuer" ? "nobody" : SimulatorFixture.Account, audience: part == "audience" ? "https://elsewhere.test/" : "https://oauth2.googleapis.com/token",
            age: part == "expired" ? 7200 : 0, life: part == "long" ? 7200 : 3600, algorithm: part == "algorithm" ? "none" : "RS256", key: part == "signature" ? other : null);
        var (status, error) = await ExchangeAsync(assertion);

        Assert.Equal((HttpStatusCode.BadRequest, "invalid_grant"), (status, error.GetProperty("error").GetString()));
        Assert.Contains(description, error.GetProperty("error_description").GetString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("urn:ietf:params:oauth:grant-type:jwt-bearer", "not-a-jwt", "invalid_grant")]
    [InlineData("urn:ietf:params:oauth:grant-type:jwt-bearer", "a.b.c", "invalid_grant")]
    [InlineData("client_credentials", "x", "unsupported_grant_type")]
    public async Task Token_BadForm_Refused(string grant, string assertion, string error) =>
        Assert.Equal(error, (await ExchangeAsync(assertion, grant)).Body.GetProperty("error").GetString());

    private string Assertion(string issuer = SimulatorFixture.Account, string audience = "https://oauth2.googleapis.com/token", int age = 0, int life = 3600, string algorithm = "RS256", RSA? key = null)
    {
        var issued = TimeProvider.System.GetUtcNow().ToUnixTimeSeconds() - age;
        var head = Encode(JsonSerializer.SerializeToUtf8Bytes(new { alg = algorithm, typ = "JWT" }));
        var body = Encode(JsonSerializer.SerializeToUtf8Bytes(new { iss = issuer, scope = "cloud-platform", aud = audience, iat = issued, exp = issued + life }));
        var signature = (key ?? simulator.AccountKey).SignData(Encoding.ASCII.GetBytes($"{head}.{body}"), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        return $"{head}.{body}.{Encode(signature)}";
    }

    private static string Encode(byte[] bytes) => Base64Url.EncodeToString(bytes);

    private async Task<(HttpStatusCode Status, JsonElement Body)> ExchangeAsync(string assertion, string grant = "urn:ietf:params:oauth:grant-type:jwt-bearer")
    {
        using var form = new FormUrlEncodedContent([new("grant_type", grant), new("assertion", assertion)]);
        using var response = await simulator.Http.PostAsync("/token", form);
        return (response.StatusCode, await response.Content.ReadFromJsonAsync<JsonElement>());
    }
}
