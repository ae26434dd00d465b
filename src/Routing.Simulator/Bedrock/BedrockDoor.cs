using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Routing.Simulator.Calls;
using Routing.Simulator.Tokens;

namespace Routing.Simulator.Bedrock;

/// <summary>Checks the signature of a call to Bedrock, or to another service of AWS, in the order AWS does, and says what is wrong in AWS's words.</summary>
internal sealed class BedrockDoor(AwsCloud cloud, TimeProvider time, IssuedCredentials issued, string service)
{
    private const string TimestampForm = "yyyyMMdd'T'HHmmss'Z'";
    private static readonly TimeSpan Skew = TimeSpan.FromMinutes(5);
    private readonly Dictionary<string, AwsKey> _keys = cloud.Keys.ToDictionary(k => k.Id, StringComparer.Ordinal);
    private readonly SigV4Signature _signature = new();

    /// <summary>Null when the call may pass; <paramref name="by"/> then says who and where.</summary>
    public ErrorReply? Check(HttpRequest request, string rawPath, string rawQuery, ReadOnlySpan<byte> body, out SigV4Authorization? by)
    {
        by = null;
        var header = request.Headers.Authorization.ToString();
        if (header.Length == 0) return Refuse("MissingAuthenticationTokenException", "Missing Authentication Token");
        by = SigV4Authorization.Parse(header);
        if (by is null) return BedrockErrors.Of(400, "IncompleteSignatureException", "Authorization header requires 'Credential', 'SignedHeaders' and 'Signature' parameters of a valid form.");
        if (!_keys.TryGetValue(by.KeyId, out var key)) key = issued.SessionOf(by.KeyId)?.Key;
        if (key is null) return Refuse("UnrecognizedClientException", "The security token included in the request is invalid.");
        if (WrongScope(by) is { } scope) return InvalidSignature(scope);
        if (key.SessionToken is { } token && request.Headers["x-amz-security-token"] != token)
            return Refuse("ExpiredTokenException", "The security token included in the request is expired");

        var timestamp = request.Headers["x-amz-date"].ToString();
        if (WrongTime(timestamp, by) is { } late) return InvalidSignature(late);
        if (!CoversWhatMustBeSigned(request, by)) return InvalidSignature("'Host', 'X-Amz-*' headers must be included in SignedHeaders.");

        var signed = new SignedRequest(request.Method, rawPath, rawQuery, name => HeaderOf(request, name));
        var expected = _signature.Compute(by, key.Secret, timestamp, signed, body);
        var declared = request.Headers["x-amz-content-sha256"].ToString();
        // AWS builds the list itself, in lower case and in order: one signed in another form cannot match.
        var listed = by.SignedHeaders.Select(h => h.ToLowerInvariant()).Order(StringComparer.Ordinal).SequenceEqual(by.SignedHeaders, StringComparer.Ordinal);
        var bodyAsDeclared = declared.Length == 0 || declared.Equals(Convert.ToHexStringLower(SHA256.HashData(body)), StringComparison.OrdinalIgnoreCase);
        if (!listed || !bodyAsDeclared || !CryptographicOperations.FixedTimeEquals(Encoding.ASCII.GetBytes(expected), Encoding.ASCII.GetBytes(by.Signature)))
            return InvalidSignature("The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and signing method. Consult the service documentation for details.");
        return null;
    }

    private string? WrongScope(SigV4Authorization by)
    {
        if (by.Service != service) return $"Credential should be scoped to correct service: '{service}'. ";
        if (cloud.Regions.Count > 0 && !cloud.Regions.Contains(by.Region)) return "Credential should be scoped to a valid region. ";
        return null;
    }

    private string? WrongTime(string timestamp, SigV4Authorization by)
    {
        if (!DateTimeOffset.TryParseExact(timestamp, TimestampForm, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var signedAt))
            return "Date must be in ISO-8601 'basic format'. Got 'x-amz-date' of another form or none at all.";
        if (!timestamp.StartsWith(by.Date, StringComparison.Ordinal)) return $"Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP: '{by.Date}'.";

        var now = time.GetUtcNow();
        if (signedAt < now - Skew) return $"Signature expired: {timestamp} is now earlier than {Basic(now - Skew)} ({Basic(now)} - 5 min.)";
        return signedAt > now + Skew ? $"Signature not yet current: {timestamp} is still later than {Basic(now + Skew)} ({Basic(now)} + 5 min.)" : null;
    }

    private static bool CoversWhatMustBeSigned(HttpRequest request, SigV4Authorization by)
    {
        if (!by.SignedHeaders.Contains("host")) return false;
        foreach (var (name, _) in request.Headers)
        {
            if (name.StartsWith("x-amz-", StringComparison.OrdinalIgnoreCase) && !by.SignedHeaders.Contains(name, StringComparer.OrdinalIgnoreCase)) return false;
        }

        return true;
    }

    private static string? HeaderOf(HttpRequest request, string name) =>
        request.Headers.TryGetValue(name, out var values) ? string.Join(',', values.Select(v => SigV4Canonical.HeaderValue(v ?? ""))) : null;

    private static string Basic(DateTimeOffset at) => at.UtcDateTime.ToString(TimestampForm, CultureInfo.InvariantCulture);

    private static ErrorReply InvalidSignature(string message) => Refuse("InvalidSignatureException", message);
    private static ErrorReply Refuse(string type, string message) => BedrockErrors.Of(403, type, message);
}
