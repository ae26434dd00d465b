using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Routing.Simulator.Calls;

namespace Routing.Simulator.Tokens;

/// <summary>What a verified token says.</summary>
internal sealed record TokenClaims(string Issuer, string Subject, string Audience, DateTimeOffset IssuedAt, DateTimeOffset ExpiresAt);

/// <summary>Signs and checks identity tokens (RS256) and publishes its key. One key stands in for all issuers.</summary>
internal sealed class OidcIssuer(TimeProvider time) : IDisposable
{
    private const string KeyId = "simulator-1";
    private readonly RSA _key = RSA.Create(2048);

    public string Sign(string issuer, string subject, string audience, TimeSpan life)
    {
        var now = time.GetUtcNow().ToUnixTimeSeconds();
        var header = Part(new JsonObject { ["alg"] = "RS256", ["kid"] = KeyId, ["typ"] = "JWT" });
        var claims = Part(new JsonObject { ["iss"] = issuer, ["sub"] = subject, ["aud"] = audience, ["iat"] = now, ["nbf"] = now, ["exp"] = now + (long)life.TotalSeconds });
        var signature = _key.SignData(Encoding.ASCII.GetBytes($"{header}.{claims}"), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        return $"{header}.{claims}.{Base64Url.EncodeToString(signature)}";
    }

    /// <summary>Null when it is no token or not signed with this key; its end is for the caller to judge.</summary>
    public TokenClaims? Verify(string token)
    {
        if (token.Split('.') is not [var head, var body, var signature]) return null;
        try
        {
            using var header = JsonDocument.Parse(Base64Url.DecodeFromChars(head));
            using var claims = JsonDocument.Parse(Base64Url.DecodeFromChars(body));
            if (header.RootElement.Text("alg") != "RS256" || header.RootElement.Text("kid") != KeyId) return null;
            if (!_key.VerifyData(Encoding.ASCII.GetBytes($"{head}.{body}"), Base64Url.DecodeFromChars(signature), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1)) return null;
            var root = claims.RootElement;
            return new TokenClaims(root.Text("iss") ?? "", root.Text("sub") ?? "", root.Text("aud") ?? "",
                DateTimeOffset.FromUnixTimeSeconds(root.Number("iat") ?? 0), DateTimeOffset.FromUnixTimeSeconds(root.Number("exp") ?? 0));
        }
        catch (Exception malformed) when (malformed is FormatException or JsonException or ArgumentOutOfRangeException)
        {
            return null;
        }
    }

    public JsonObject Jwks()
    {
        var key = _key.ExportParameters(includePrivateParameters: false);
        return new JsonObject
        {
            ["keys"] = new JsonArray(new JsonObject
            {
                ["kty"] = "RSA", ["use"] = "sig", ["alg"] = "RS256", ["kid"] = KeyId,
                ["n"] = Base64Url.EncodeToString(key.Modulus), ["e"] = Base64Url.EncodeToString(key.Exponent),
            }),
        };
    }

    public void Dispose() => _key.Dispose();

    private static string Part(JsonObject json) => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(json.ToJsonString()));
}
