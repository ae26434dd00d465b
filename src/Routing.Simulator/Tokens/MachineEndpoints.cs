using System.Globalization;
using System.Text.Json.Nodes;

namespace Routing.Simulator.Tokens;

/// <summary>What a machine of Google or Azure asks about itself, and the issuer behind its tokens: discovery and keys.</summary>
internal sealed class MachineEndpoints(SimulatorOptions options, TokenDesk desk, OidcIssuer issuer, IssuedCredentials issued, TimeProvider time)
{
    private const string Google = "/computeMetadata/v1/instance/service-accounts/default";
    private const string AzureAi = "https://cognitiveservices.azure.com";

    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet(Google + "/identity", desk.At(TokenFaultBook.Metadata, Faulty, IdentityAsync));
        routes.MapGet(Google + "/token", desk.At(TokenFaultBook.Metadata, Faulty, GoogleTokenAsync));
        routes.MapGet("/metadata/identity/oauth2/token", desk.At(TokenFaultBook.Metadata, Faulty, AzureTokenAsync));
        routes.MapGet("/oidc/.well-known/openid-configuration", (HttpRequest request) => Results.Json(new
        {
            issuer = options.Tokens.Issuer, jwks_uri = $"{request.Scheme}://{request.Host}/oidc/jwks",
            response_types_supported = (string[])["id_token"], subject_types_supported = (string[])["public"], id_token_signing_alg_values_supported = (string[])["RS256"],
        }));
        routes.MapGet("/oidc/jwks", () => Results.Text(issuer.Jwks().ToJsonString(), "application/json"));
    }

    private Task<TokenReply> IdentityAsync(HttpContext http) => Task.FromResult(Flavoured(http, () => Identity(http)));

    private Task<TokenReply> GoogleTokenAsync(HttpContext http) => Task.FromResult(Flavoured(http, GoogleToken));

    private Task<TokenReply> AzureTokenAsync(HttpContext http) => Task.FromResult(AzureToken(http));

    private TokenReply Flavoured(HttpContext http, Func<TokenReply> answer)
    {
        if (options.Tokens.MachineSubject.Length == 0) return new TokenReply(404, "text/html", "Not Found");
        return http.Request.Headers["Metadata-Flavor"] == "Google" ? answer() : new TokenReply(403, "text/html", "Missing required header: Metadata-Flavor");
    }

    private TokenReply Identity(HttpContext http) => http.Request.Query["audience"].ToString() is not { Length: > 0 } audience
        ? new TokenReply(400, "text/html", "non-empty audience parameter required")
        : new TokenReply(200, "text/html", issuer.Sign(options.Tokens.Issuer, options.Tokens.MachineSubject, audience, Life));

    private TokenReply GoogleToken()
    {
        var token = issued.Token(TokenUse.GoogleAccess, options.Tokens.MachineSubject, "", time.GetUtcNow() + Life);
        return Json(200, new JsonObject { ["access_token"] = token, ["expires_in"] = (int)Life.TotalSeconds, ["token_type"] = "Bearer" });
    }

    private TokenReply AzureToken(HttpContext http)
    {
        var (request, resource) = (http.Request, http.Request.Query["resource"].ToString());
        if (options.Tokens.MachineSubject.Length == 0) return Json(400, new JsonObject { ["error"] = "invalid_request", ["error_description"] = "Identity not found" });
        if (request.Headers["Metadata"] != "true") return Json(400, new JsonObject { ["error"] = "invalid_request", ["error_description"] = "Required metadata header not specified" });
        if (resource.Length == 0 || request.Query["api-version"].ToString().Length == 0) return Json(400, new JsonObject { ["error"] = "invalid_request", ["error_description"] = "Required parameter is missing" });
        var token = resource == AzureAi ? issued.Token(TokenUse.Azure, options.Tokens.MachineSubject, "default", time.GetUtcNow() + Life)
            : issuer.Sign(options.Tokens.Issuer, options.Tokens.MachineSubject, resource, Life);
        return Json(200, new JsonObject
        {
            ["access_token"] = token, ["expires_in"] = Text((long)Life.TotalSeconds), ["expires_on"] = Text((time.GetUtcNow() + Life).ToUnixTimeSeconds()),
            ["resource"] = resource, ["token_type"] = "Bearer",
        });
    }

    private TimeSpan Life => TimeSpan.FromSeconds(Math.Min(3600, options.Tokens.LongestSeconds));

    private static TokenReply Faulty(TokenFaultKind kind) => kind == TokenFaultKind.RejectClaim
        ? new TokenReply(403, "text/html", "Forbidden") : new TokenReply(503, "text/html", "The metadata server is overloaded.");

    private static TokenReply Json(int status, JsonObject body) => new(status, "application/json; charset=utf-8", body.ToJsonString());

    private static string Text(long value) => value.ToString(CultureInfo.InvariantCulture);
}
