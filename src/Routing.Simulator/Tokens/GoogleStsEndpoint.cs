using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Routing.Simulator.Calls;

namespace Routing.Simulator.Tokens;

/// <summary>Google's Security Token Service, and the one call of IAM Credentials that follows it.</summary>
internal sealed class GoogleStsEndpoint(SimulatorOptions options, TokenDesk desk, OidcIssuer issuer, IssuedCredentials issued, TimeProvider time)
{
    private const string Grant = "urn:ietf:params:oauth:grant-type:token-exchange";
    private const string AccessToken = "urn:ietf:params:oauth:token-type:access_token";
    private const string Jwt = "urn:ietf:params:oauth:token-type:jwt";
    private const string AwsRequest = "urn:ietf:params:aws:token-type:aws4_request";
    private const string Scope = "https://www.googleapis.com/auth/cloud-platform";
    private readonly AwsSignedProof _proof = new(options.Aws, issued, time);

    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapPost("/v1/token", desk.At(TokenFaultBook.GoogleSts, Faulty, ExchangeAsync));
        routes.MapPost("/v1/projects/-/serviceAccounts/{accountAndVerb}", desk.At(TokenFaultBook.IamCredentials, FaultyIam, ImpersonateAsync));
    }

    private async Task<TokenReply> ExchangeAsync(HttpContext http)
    {
        if (!http.Request.HasFormContentType) return Refuse(400, "invalid_request", "The request is not a form.");
        var form = await http.Request.ReadFormAsync(http.RequestAborted);
        if (form["grant_type"] != Grant) return Refuse(400, "unsupported_grant_type", $"Only {Grant} is taken.");
        if (form["requested_token_type"] != AccessToken) return Refuse(400, "invalid_request", "Invalid value for \"requested_token_type\".");
        if (!form["scope"].ToString().Split(' ').Contains(Scope)) return Refuse(400, "invalid_scope", "The scope is missing or empty.");
        var pools = options.Tokens.GooglePools.Where(p => p.PoolProvider == form["audience"].ToString()).ToList();
        if (pools.Count == 0) return Refuse(400, "invalid_target", "The target service indicated by the \"audience\" parameters is invalid.");
        var (subject, trust, problem) = form["subject_token_type"].ToString() switch
        {
            Jwt => OfToken(form["subject_token"].ToString(), pools),
            AwsRequest => OfRequest(form["subject_token"].ToString(), pools),
            _ => ("", null, "Invalid value for \"subject_token_type\"."),
        };
        if (trust is null) return Refuse(400, "invalid_grant", problem);
        if (trust.Subject != subject) return Refuse(403, "unauthorized_client", "The given credential is rejected by the attribute condition.");

        var seconds = Math.Min(3600, options.Tokens.LongestSeconds);
        var token = issued.Token(trust.ServiceAccounts.Count > 0 ? TokenUse.GoogleFederated : TokenUse.GoogleAccess, $"{trust.PoolProvider}#{subject}", "", time.GetUtcNow().AddSeconds(seconds));
        return Json(200, new JsonObject { ["access_token"] = token, ["issued_token_type"] = AccessToken, ["token_type"] = "Bearer", ["expires_in"] = seconds });
    }

    private (string Subject, GooglePoolTrust? Trust, string Problem) OfToken(string token, List<GooglePoolTrust> pools)
    {
        if (issuer.Verify(token) is not { } claims) return ("", null, "Unable to verify the ID Token signature.");
        if (pools.Find(p => p.Issuer == claims.Issuer) is not { } pool) return ("", null, $"The issuer in ID Token {claims.Issuer} does not match the expected ones.");
        if (claims.ExpiresAt <= time.GetUtcNow()) return ("", null, "ID Token has expired.");
        return pool.Audience == claims.Audience ? (claims.Subject, pool, "") : ("", null, $"The audience in ID Token [{claims.Audience}] does not match the expected audience.");
    }

    private (string Subject, GooglePoolTrust? Trust, string Problem) OfRequest(string token, List<GooglePoolTrust> pools)
    {
        if (pools.Find(p => p.Issuer.Length == 0) is not { } pool) return ("", null, "The provider is not of type AWS.");
        return _proof.Check(token, pool.PoolProvider, out var arn) is { } problem ? ("", null, problem) : (arn, pool, "");
    }

    private async Task<TokenReply> ImpersonateAsync(HttpContext http)
    {
        var (name, verb) = ((string)http.Request.RouteValues["accountAndVerb"]!).Split(':') is [var account, var last] ? (account, last) : ("", ""); // The route does not match without it.
        if (verb != "generateAccessToken") return Iam(404, "NOT_FOUND", "Method not found.");
        if (KeyFingerprint.Bearer(http.Request) is not { } bearer || issued.HolderOf(bearer, TokenUse.GoogleFederated) is not { } holder) return Iam(401, "UNAUTHENTICATED", "Request had invalid authentication credentials.");
        if (await RequestBody.TryReadAsync(http.Request) is not { } body || RequestBody.TryParse(body) is not { } document) return Iam(400, "INVALID_ARGUMENT", "Invalid JSON payload received.");
        using (document)
        {
            var root = document.RootElement;
            if (root.Get("scope") is not { ValueKind: JsonValueKind.Array } scopes || scopes.EnumerateArray().All(s => s.ValueKind != JsonValueKind.String || s.GetString() != Scope)) return Iam(400, "INVALID_ARGUMENT", "Scope required.");
            var text = root.Text("lifetime") ?? "3600s";
            if (!text.EndsWith('s') || !int.TryParse(text[..^1], NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) || seconds is < 1 or > 3600) return Iam(400, "INVALID_ARGUMENT", "The lifetime is out of range.");
            var pool = options.Tokens.GooglePools.First(p => holder.Principal.StartsWith(p.PoolProvider + "#", StringComparison.Ordinal));
            if (!pool.ServiceAccounts.Contains(name)) return Iam(403, "PERMISSION_DENIED", "Permission 'iam.serviceAccounts.getAccessToken' denied on resource (or it may not exist).");
            var until = time.GetUtcNow().AddSeconds(Math.Min(seconds, options.Tokens.LongestSeconds));
            return Json(200, new JsonObject { ["accessToken"] = issued.Token(TokenUse.GoogleAccess, name, "", until), ["expireTime"] = until.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture) });
        }
    }

    private static TokenReply Faulty(TokenFaultKind kind) => kind switch
    {
        TokenFaultKind.RejectClaim => Refuse(403, "unauthorized_client", "The given credential is rejected by the attribute condition."),
        TokenFaultKind.Expired => Refuse(400, "invalid_grant", "ID Token has expired."),
        _ => Refuse(503, "temporarily_unavailable", "The service is currently unavailable."),
    };

    private static TokenReply FaultyIam(TokenFaultKind kind) => kind switch
    {
        TokenFaultKind.RejectClaim => Iam(403, "PERMISSION_DENIED", "Permission 'iam.serviceAccounts.getAccessToken' denied on resource (or it may not exist)."),
        TokenFaultKind.Expired => Iam(401, "UNAUTHENTICATED", "Request had invalid authentication credentials."),
        _ => Iam(503, "UNAVAILABLE", "The service is currently unavailable."),
    };

    private static TokenReply Refuse(int status, string error, string description) => Json(status, new JsonObject { ["error"] = error, ["error_description"] = description });

    private static TokenReply Iam(int status, string code, string message) =>
        Json(status, new JsonObject { ["error"] = new JsonObject { ["code"] = status, ["message"] = message, ["status"] = code } });

    private static TokenReply Json(int status, JsonObject body) => new(status, "application/json; charset=utf-8", body.ToJsonString());
}
