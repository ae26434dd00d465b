using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Routing.Simulator.Tokens;

namespace Routing.Simulator.Tests.Tokens;

/// <summary>The metadata servers of Google and Azure, the issuer behind their tokens, and faults that are no answer.</summary>
public sealed class MachineTests(TokenDesks desks) : IClassFixture<TokenDesks>
{
    private const string Google = "/computeMetadata/v1/instance/service-accounts/default";
    private const string Azure = "/metadata/identity/oauth2/token";

    [Theory]
    [InlineData(Google + "/identity?audience=a", "Metadata-Flavor", "Google", 200)]
    [InlineData(Google + "/identity", "Metadata-Flavor", "Google", 400)]
    [InlineData(Google + "/identity?audience=a", "x-other", "Google", 403)]
    [InlineData(Google + "/token", "Metadata-Flavor", "Google", 200)]
    [InlineData(Azure + "?resource=a&api-version=2018-02-01", "Metadata", "true", 200)]
    [InlineData(Azure + "?resource=a&api-version=2018-02-01", "x-other", "true", 400)]
    [InlineData(Azure + "?api-version=2018-02-01", "Metadata", "true", 400)]
    [InlineData(Azure + "?resource=a", "Metadata", "true", 400)]
    public async Task Metadata_OnlyWithItsHeaderAndFields(string path, string header, string value, int status) => Assert.Equal(status, (await AskAsync(path, header, value)).Status);

    [Fact]
    public async Task Identity_Token_IsSignedByThePublishedKeyAndSaysWhoForWhomAndHowLong()
    {
        var parts = (await desks.MachineTokenAsync("sts.amazonaws.com")).Split('.');
        using var discovery = JsonDocument.Parse(await desks.Http.GetStringAsync(new Uri("/oidc/.well-known/openid-configuration", UriKind.Relative)));
        using var keys = JsonDocument.Parse(await desks.Http.GetStringAsync(new Uri(discovery.RootElement.GetProperty("jwks_uri").GetString()!))); // An address.
        var key = Assert.Single(keys.RootElement.GetProperty("keys").EnumerateArray());
        using var rsa = RSA.Create(new RSAParameters { Modulus = Base64Url.DecodeFromChars(key.GetProperty("n").GetString()), Exponent = Base64Url.DecodeFromChars(key.GetProperty("e").GetString()) });
        using var claims = JsonDocument.Parse(Base64Url.DecodeFromChars(parts[1]));
        var now = desks.Time.GetUtcNow().ToUnixTimeSeconds();

        Assert.True(rsa.VerifyData(Encoding.ASCII.GetBytes($"{parts[0]}.{parts[1]}"), Base64Url.DecodeFromChars(parts[2]), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1));
        Assert.Equal($$"""{"iss":"{{TokenDesks.Issuer}}","sub":"{{TokenDesks.Machine}}","aud":"sts.amazonaws.com","iat":{{now}},"nbf":{{now}},"exp":{{now + 3600}}}""", claims.RootElement.GetRawText());
        Assert.Equal(TokenDesks.Issuer, discovery.RootElement.GetProperty("issuer").GetString());
    }

    [Fact]
    public async Task Any_ServiceIsReset_NoAnswerAtAllAndCounted()
    {
        var before = Calls();
        Assert.True(desks.Faults.Set(TokenFaultBook.Metadata, new TokenFault { Kind = TokenFaultKind.Reset, Count = 1 }));

        await Assert.ThrowsAsync<HttpRequestException>(() => AskAsync(Google + "/token", "Metadata-Flavor", "Google"));
        Assert.Equal(200, (await AskAsync(Google + "/token", "Metadata-Flavor", "Google")).Status);

        var after = Calls();
        Assert.Equal((before.Issued + 1, before.Refused + 1), (after.Issued, after.Refused));
    }

    [Fact]
    public async Task Any_ServiceIsKilled_StaysSoUntilMended()
    {
        Assert.True(desks.Faults.Set(TokenFaultBook.Metadata, new TokenFault { Kind = TokenFaultKind.Down }));
        Assert.Equal("down", Calls().Fault);
        for (var asked = 0; asked < 3; asked++) Assert.Equal(503, (await AskAsync(Google + "/token", "Metadata-Flavor", "Google")).Status);

        Assert.True(desks.Faults.Remove(TokenFaultBook.Metadata));
        Assert.Equal(200, (await AskAsync(Google + "/token", "Metadata-Flavor", "Google")).Status);
    }

    private TokenServiceCalls Calls() => desks.Faults.Calls().Single(c => c.Service == TokenFaultBook.Metadata);

    private async Task<(int Status, string Body)> AskAsync(string path, string header, string value)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.Add(header, value);
        using var response = await desks.Http.SendAsync(request);
        return ((int)response.StatusCode, await response.Content.ReadAsStringAsync());
    }
}
