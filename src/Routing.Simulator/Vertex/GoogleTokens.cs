using System.Buffers.Text;
using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Routing.Simulator.Calls;
using Routing.Simulator.Tokens;

namespace Routing.Simulator.Vertex;

/// <summary>Mints and knows access tokens: the service-account grant of Google's OAuth 2 token endpoint.</summary>
internal sealed class GoogleTokens
{
    private const string GrantType = "urn:ietf:params:oauth:grant-type:jwt-bearer";
    private const int LongestAssertionSeconds = 3600;

    // A clock may be a little ahead; Google allows about as much.
    private const int SkewSeconds = 60;
    private readonly ConcurrentDictionary<string, (string Principal, DateTimeOffset Until)> _minted = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _static;
    private readonly Dictionary<string, RSA> _accounts;
    private readonly GoogleCloud _cloud;
    private readonly SimulatorIds _ids;
    private readonly IssuedCredentials _issued;
    private readonly TimeProvider _time;

    public GoogleTokens(GoogleCloud cloud, SimulatorIds ids, IssuedCredentials issued, TimeProvider time)
    {
        (_cloud, _ids, _issued, _time) = (cloud, ids, issued, time);
        _static = cloud.Tokens.ToDictionary(t => t, KeyFingerprint.Of, StringComparer.Ordinal);
        _accounts = cloud.ServiceAccounts.ToDictionary(a => a.Email, Key, StringComparer.Ordinal);
    }

    /// <summary>Who holds the token; null when it is unknown or expired.</summary>
    public string? PrincipalOf(string token)
    {
        if (_static.TryGetValue(token, out var fingerprint)) return fingerprint;
        return _minted.TryGetValue(token, out var minted) && minted.Until > _time.GetUtcNow() ? minted.Principal : _issued.HolderOf(token, TokenUse.GoogleAccess)?.Principal;
    }

    /// <summary>Trades an assertion for a token, or says why not in the words of the token endpoint.</summary>
    public (string? Token, int ExpiresIn, string Error, string Description) Exchange(string grantType, string assertion)
    {
        if (grantType != GrantType) return Refuse("unsupported_grant_type", "Invalid grant_type: " + grantType);
        if (assertion.Split('.') is not [var head, var body, var signature]) return Refuse("invalid_grant", "Bad Request");
        try
        {
            return Exchange(head, body, signature);
        }
        catch (Exception malformed) when (malformed is FormatException or JsonException)
        {
            return Refuse("invalid_grant", "Invalid JWT: it is not three parts of base64url-encoded JSON.");
        }
    }

    private (string? Token, int ExpiresIn, string Error, string Description) Exchange(string head, string body, string signature)
    {
        using var header = JsonDocument.Parse(Base64Url.DecodeFromChars(head));
        using var claims = JsonDocument.Parse(Base64Url.DecodeFromChars(body));
        var issuer = claims.RootElement.Text("iss") ?? "";
        if (header.RootElement.Text("alg") != "RS256") return Refuse("invalid_grant", "Invalid JWT: alg must be RS256.");
        if (!_accounts.TryGetValue(issuer, out var key)) return Refuse("invalid_grant", "Invalid grant: account not found");
        if (!key.VerifyData(Encoding.ASCII.GetBytes($"{head}.{body}"), Base64Url.DecodeFromChars(signature), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1))
            return Refuse("invalid_grant", "Invalid JWT Signature.");
        if (claims.RootElement.Text("aud")?.EndsWith("/token", StringComparison.Ordinal) != true)
            return Refuse("invalid_grant", "Invalid JWT: Failed audience check. The right audience is the token endpoint.");

        var now = _time.GetUtcNow().ToUnixTimeSeconds();
        var (issued, expires) = (claims.RootElement.Number("iat") ?? 0, claims.RootElement.Number("exp") ?? 0);
        if (expires <= now || issued > now + SkewSeconds || expires - issued > LongestAssertionSeconds)
            return Refuse("invalid_grant", "Invalid JWT: Token must be a short-lived token (60 minutes) and in a reasonable timeframe. Check your iat and exp values in the JWT claim.");
        return (Mint(issuer), _cloud.TokenSeconds, "", "");
    }

    private string Mint(string issuer)
    {
        foreach (var (old, minted) in _minted)
            if (minted.Until <= _time.GetUtcNow()) _minted.TryRemove(old, out _);
        var random = _ids.NextRandom();
        var token = SimulatorIds.Letters(ref random, "ya29.sim-", 40);
        _minted[token] = (issuer, _time.GetUtcNow().AddSeconds(_cloud.TokenSeconds));
        return token;
    }

    private static RSA Key(GoogleServiceAccount account)
    {
        var key = RSA.Create();
        key.ImportFromPem(account.PublicKeyPem);
        return key;
    }

    private static (string?, int, string, string) Refuse(string error, string description) => (null, 0, error, description);
}
