using System.Text.Json;
using Routing.Simulator.Tokens;

namespace Routing.Simulator.Tests.Tokens;

/// <summary>Entra's token endpoint: each refusal has its AADSTS number.</summary>
public sealed class EntraTests(TokenDesks desks) : IClassFixture<TokenDesks>
{
    private const string Scope = "https://cognitiveservices.azure.com/.default";

    [Fact]
    public async Task Token_TrustedAssertion_LiteralAnswerButForTheToken()
    {
        var (status, body) = await AskAsync(Form(await desks.MachineTokenAsync(TokenDesks.EntraAudience)));
        using var answer = JsonDocument.Parse(body);
        var token = answer.RootElement.GetProperty("access_token").GetString()!; // It is a text.

        Assert.Equal(200, status);
        Assert.Equal("""{"token_type":"Bearer","expires_in":3599,"ext_expires_in":3599,"access_token":"…"}""", body.Replace(token, "…", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("grant_type", "password", 400, "unsupported_grant_type", 70003)]
    [InlineData("client_assertion_type", "jwt", 401, "invalid_client", 7000216)]
    [InlineData("scope", "https://graph.microsoft.com/.default", 400, "invalid_scope", 1002012)]
    [InlineData("client_id", "66666666-7777-8888-9999-000000000000", 400, "unauthorized_client", 700016)]
    [InlineData("client_assertion", "e30.e30.e30", 401, "invalid_client", 700027)]
    public async Task Token_OneFieldWrong_RefusedByItsNumber(string field, string value, int status, string error, int number)
    {
        var form = Form(await desks.MachineTokenAsync(TokenDesks.EntraAudience));
        form[field] = value;

        AssertRefused(await AskAsync(form), status, error, number);
    }

    [Fact]
    public async Task Token_OtherTenant_NotFound() =>
        AssertRefused(await AskAsync(Form(await desks.MachineTokenAsync(TokenDesks.EntraAudience)), "00000000-2222-3333-4444-555555555555"), 400, "invalid_request", 90002);

    [Fact]
    public async Task Token_AssertionForAnotherAudience_Refused() => AssertRefused(await AskAsync(Form(await desks.MachineTokenAsync("sts.amazonaws.com"))), 400, "invalid_client", 700212);

    [Fact]
    public async Task Token_AssertionOfAnotherIssuer_Refused()
    {
        var (_, told) = await desks.SignedAsync($"Action=GetWebIdentityToken&Version=2011-06-15&Audience.member.1={Uri.EscapeDataString(TokenDesks.EntraAudience)}&SigningAlgorithm=RS256");

        AssertRefused(await AskAsync(Form(told.Split("<WebIdentityToken>")[1].Split('<')[0])), 400, "invalid_client", 700211);
    }

    [Fact]
    public async Task Token_ExpiredAssertion_Refused()
    {
        var token = await desks.MachineTokenAsync(TokenDesks.EntraAudience);
        desks.Time.Advance(TimeSpan.FromHours(1));

        AssertRefused(await AskAsync(Form(token)), 401, "invalid_client", 700024);
    }

    [Theory]
    [InlineData(TokenFaultKind.Down, 503, "temporarily_unavailable", 90033)]
    [InlineData(TokenFaultKind.RejectClaim, 400, "invalid_client", 700213)]
    [InlineData(TokenFaultKind.Expired, 401, "invalid_client", 700024)]
    public async Task Token_Fault_InEntrasWords(TokenFaultKind kind, int status, string error, int number)
    {
        var form = Form(await desks.MachineTokenAsync(TokenDesks.EntraAudience));
        Assert.True(desks.Faults.Set(TokenFaultBook.Entra, new TokenFault { Kind = kind, Count = 1 }));

        AssertRefused(await AskAsync(form), status, error, number);
    }

    private Task<(int Status, string Body)> AskAsync(Dictionary<string, string> form, string tenant = TokenDesks.Tenant) => desks.PostFormAsync($"/{tenant}/oauth2/v2.0/token", form);

    private static Dictionary<string, string> Form(string assertion) => new(StringComparer.Ordinal)
    {
        ["grant_type"] = "client_credentials", ["client_id"] = TokenDesks.Client, ["scope"] = Scope,
        ["client_assertion_type"] = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer", ["client_assertion"] = assertion,
    };

    private static void AssertRefused((int Status, string Body) answer, int status, string error, int number)
    {
        using var refusal = JsonDocument.Parse(answer.Body);
        Assert.Equal((status, error), (answer.Status, refusal.RootElement.GetProperty("error").GetString()));
        Assert.Equal(number, Assert.Single(refusal.RootElement.GetProperty("error_codes").EnumerateArray()).GetInt32());
        Assert.StartsWith($"AADSTS{number}: ", refusal.RootElement.GetProperty("error_description").GetString(), StringComparison.Ordinal);
    }
}
