using System.Globalization;
using System.Text.Json.Nodes;

namespace Routing.Simulator.Tokens;

/// <summary>Entra's v2 token endpoint: client credentials by a federated assertion.</summary>
internal sealed class EntraEndpoint(SimulatorOptions options, TokenDesk desk, OidcIssuer issuer, IssuedCredentials issued, TimeProvider time)
{
    private const string AssertionType = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";
    private const string Audience = "api://AzureADTokenExchange";
    private const string Scope = "https://cognitiveservices.azure.com/.default";

    public void Map(IEndpointRouteBuilder routes) =>
        routes.MapPost("/{tenant:guid}/oauth2/v2.0/token", desk.At(TokenFaultBook.Entra, Faulty, AnswerAsync));

    private async Task<TokenReply> AnswerAsync(HttpContext http)
    {
        if (!http.Request.HasFormContentType) return Refuse(400, "invalid_request", 900144, "The request body must contain the following parameter: 'grant_type'.");
        var form = await http.Request.ReadFormAsync(http.RequestAborted);
        var (tenant, client) = ((string)http.Request.RouteValues["tenant"]!, form["client_id"].ToString()); // The route does not match without it.
        if (form["grant_type"] != "client_credentials") return Refuse(400, "unsupported_grant_type", 70003, $"The app requested an unsupported grant type '{form["grant_type"]}'.");
        if (form["client_assertion_type"] != AssertionType) return Refuse(401, "invalid_client", 7000216, "'client_assertion', 'client_secret' or 'request' is required for the 'client_credentials' grant type.");
        if (form["scope"] != Scope) return Refuse(400, "invalid_scope", 1002012, $"The provided value for scope {form["scope"]} is not valid.");
        var tenants = options.Tokens.EntraApplications.Where(a => Same(a.Tenant, tenant)).ToList();
        if (tenants.Count == 0) return Refuse(400, "invalid_request", 90002, $"Tenant '{tenant}' not found.");
        var applications = tenants.Where(a => Same(a.ClientId, client)).ToList();
        if (applications.Count == 0) return Refuse(400, "unauthorized_client", 700016, $"Application with identifier '{client}' was not found in the directory.");
        if (issuer.Verify(form["client_assertion"].ToString()) is not { } claims) return Refuse(401, "invalid_client", 700027, "The certificate with identifier used to sign the client assertion is not registered on application.");
        if (claims.ExpiresAt <= time.GetUtcNow()) return Refuse(401, "invalid_client", 700024, "Client assertion is not within its valid time range.");
        if (claims.Audience != Audience) return Refuse(400, "invalid_client", 700212, $"No matching federated identity record found for presented assertion audience '{claims.Audience}'.");
        var issuers = applications.Where(a => a.Issuer == claims.Issuer).ToList();
        if (issuers.Count == 0) return Refuse(400, "invalid_client", 700211, $"No matching federated identity record found for presented assertion issuer '{claims.Issuer}'.");
        if (issuers.Find(a => a.Subject == claims.Subject) is not { } trust) return Refuse(400, "invalid_client", 700213, $"No matching federated identity record found for presented assertion subject '{claims.Subject}'.");

        var seconds = Math.Min(3599, options.Tokens.LongestSeconds);
        var token = issued.Token(TokenUse.Azure, client, trust.Region, time.GetUtcNow().AddSeconds(seconds));
        return Json(200, new JsonObject { ["token_type"] = "Bearer", ["expires_in"] = seconds, ["ext_expires_in"] = seconds, ["access_token"] = token });
    }

    private TokenReply Faulty(TokenFaultKind kind) => kind switch
    {
        TokenFaultKind.RejectClaim => Refuse(400, "invalid_client", 700213, "No matching federated identity record found for presented assertion subject."),
        TokenFaultKind.Expired => Refuse(401, "invalid_client", 700024, "Client assertion is not within its valid time range."),
        _ => Refuse(503, "temporarily_unavailable", 90033, "A transient error has occurred. Please try again."),
    };

    private TokenReply Refuse(int status, string error, int code, string message) => Json(status, new JsonObject
    {
        ["error"] = error, ["error_description"] = $"AADSTS{code.ToString(CultureInfo.InvariantCulture)}: {message}", ["error_codes"] = new JsonArray(code),
        ["timestamp"] = time.GetUtcNow().UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss'Z'", CultureInfo.InvariantCulture),
    });

    private static TokenReply Json(int status, JsonObject body) => new(status, "application/json; charset=utf-8", body.ToJsonString());

    private static bool Same(string a, string b) => a.Equals(b, StringComparison.OrdinalIgnoreCase);
}
