using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Routing.Simulator.Bedrock;
using Routing.Simulator.Calls;

namespace Routing.Simulator.Tokens;

/// <summary>Checks a signed <c>GetCallerIdentity</c> request that stands for a token, as Google and then AWS do.</summary>
internal sealed class AwsSignedProof(AwsCloud cloud, IssuedCredentials issued, TimeProvider time)
{
    private const string Query = "Action=GetCallerIdentity&Version=2011-06-15";
    private const string Target = "x-goog-cloud-target-resource";
    private static readonly TimeSpan Skew = TimeSpan.FromMinutes(15);
    private readonly Dictionary<string, AwsKey> _keys = cloud.Keys.ToDictionary(k => k.Id, StringComparer.Ordinal);
    private readonly SigV4Signature _signature = new();

    /// <summary>What is wrong; null when nothing is, and <paramref name="arn"/> is who signed.</summary>
    public string? Check(string token, string pool, out string arn)
    {
        arn = "";
        try
        {
            using var document = JsonDocument.Parse(Uri.UnescapeDataString(token));
            var root = document.RootElement;
            if (root.Text("method") != "POST" || !Uri.TryCreate(root.Text("url"), UriKind.Absolute, out var url)) return "The subject token is not a signed request.";
            var headers = root.GetProperty("headers").EnumerateArray().ToDictionary(h => h.Text("key") ?? "", h => h.Text("value") ?? "", StringComparer.OrdinalIgnoreCase);
            return Check(url, headers, pool, out arn);
        }
        catch (Exception malformed) when (malformed is JsonException or KeyNotFoundException or InvalidOperationException or ArgumentException)
        {
            return "The subject token is not a signed request.";
        }
    }

    private string? Check(Uri url, Dictionary<string, string> headers, string pool, out string arn)
    {
        arn = "";
        if (SigV4Authorization.Parse(headers.GetValueOrDefault("Authorization", "")) is not { } by) return "The Authorization header is missing or out of form.";
        if (url.Scheme != "https" || url.Host != $"sts.{by.Region}.amazonaws.com" || url.AbsolutePath != "/" || url.Query != "?" + Query) return "The URL is not a regional address of AWS STS.";
        if (by.Service != "sts" || headers.GetValueOrDefault("host") != url.Host) return "The request is not for AWS STS.";
        if (headers.GetValueOrDefault(Target) != pool || !by.SignedHeaders.Contains(Target)) return $"The header {Target} must be signed and name this provider.";
        if (!_keys.TryGetValue(by.KeyId, out var key)) key = issued.SessionOf(by.KeyId)?.Key;
        if (key is null || (key.SessionToken ?? "") != headers.GetValueOrDefault("x-amz-security-token", "")) return "AWS does not know the key.";
        var stamp = headers.GetValueOrDefault("x-amz-date", "");
        if (!DateTimeOffset.TryParseExact(stamp, "yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var at) || (time.GetUtcNow() - at).Duration() > Skew) return "The signature has expired.";

        var signed = new SignedRequest("POST", "/", Query, headers.GetValueOrDefault);
        var expected = _signature.Compute(by, key.Secret, stamp, signed, []);
        if (!CryptographicOperations.FixedTimeEquals(Encoding.ASCII.GetBytes(expected), Encoding.ASCII.GetBytes(by.Signature))) return "The signature does not match.";
        arn = AwsStsEndpoint.ArnOf(by.KeyId, issued);
        return null;
    }
}
