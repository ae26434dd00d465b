using System.Collections.Concurrent;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Routing.Core.Credentials;

/// <summary>
/// AWS Signature Version 4 for a request with a body. Checked against the published vectors and against the vendor's own implementation.
/// </summary>
public static class SigV4
{
    private const string Algorithm = "AWS4-HMAC-SHA256";
    private const int HashHexChars = 64;

    // Deriving a key takes four HMACs and it is good for a day; a few accounts and regions are all there ever is.
    private static readonly ConcurrentDictionary<KeyScope, byte[]> DerivedKeys = new();
    private const int DerivedKeysKept = 256;

    /// <summary>Adds <c>x-amz-date</c>, <c>x-amz-security-token</c> for temporary keys, and <c>Authorization</c>.</summary>
    public static void Sign(
        HttpRequestMessage message, ReadOnlySpan<byte> body, AwsCredential credential, string region, string service, DateTimeOffset now)
    {
        var uri = message.RequestUri ?? throw new ArgumentException("The request has no address.", nameof(message));
        var timestamp = now.UtcDateTime.ToString("yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture);
        var headers = new SortedDictionary<string, string>(StringComparer.Ordinal)
        {
            ["content-type"] = message.Content?.Headers.ContentType?.ToString() ?? "",
            ["host"] = uri.IsDefaultPort ? uri.IdnHost : $"{uri.IdnHost}:{uri.Port}",
            ["x-amz-date"] = timestamp,
        };
        if (headers["content-type"].Length == 0) headers.Remove("content-type");
        message.Headers.Add("x-amz-date", timestamp);
        if (credential.SessionToken is { Length: > 0 } token)
        {
            headers["x-amz-security-token"] = token;
            message.Headers.Add("x-amz-security-token", token);
        }

        var canonical = CanonicalRequest(message.Method.Method, uri, headers, Hash(body));
        message.Headers.Add("Authorization", Authorization(canonical, headers.Keys, credential, region, service, timestamp));
    }

    /// <summary>The text whose hash is signed. The path is escaped once more, segment by segment, as every service but S3 wants it.</summary>
    internal static string CanonicalRequest(string method, Uri uri, SortedDictionary<string, string> headers, string bodyHash)
    {
        var text = new StringBuilder(512);
        text.Append(method).Append('\n');
        text.AppendJoin('/', uri.AbsolutePath.Split('/').Select(Uri.EscapeDataString)).Append('\n');
        text.AppendJoin('&', Query(uri)).Append('\n');
        foreach (var (name, value) in headers) text.Append(name).Append(':').Append(value.Trim()).Append('\n');
        return text.Append('\n').AppendJoin(';', headers.Keys).Append('\n').Append(bodyHash).ToString();
    }

    internal static string Authorization(
        string canonicalRequest, IEnumerable<string> signedHeaders, AwsCredential credential, string region, string service, string timestamp)
    {
        var date = timestamp[..8];
        var scope = $"{date}/{region}/{service}/aws4_request";
        var toSign = $"{Algorithm}\n{timestamp}\n{scope}\n{Hash(Encoding.UTF8.GetBytes(canonicalRequest))}";
        var key = SigningKey(new KeyScope(credential.SecretAccessKey, date, region, service));
        var signature = Convert.ToHexStringLower(HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(toSign)));
        return $"{Algorithm} Credential={credential.AccessKeyId}/{scope}, SignedHeaders={string.Join(';', signedHeaders)}, Signature={signature}";
    }

    private static IEnumerable<string> Query(Uri uri) => uri.Query.TrimStart('?')
        .Split('&', StringSplitOptions.RemoveEmptyEntries)
        .Select(pair => pair.Contains('=', StringComparison.Ordinal) ? pair : pair + "=")
        .Order(StringComparer.Ordinal);

    private static byte[] SigningKey(KeyScope scope)
    {
        if (DerivedKeys.TryGetValue(scope, out var known)) return known;
        if (DerivedKeys.Count >= DerivedKeysKept) DerivedKeys.Clear();
        var key = Hmac(Encoding.UTF8.GetBytes("AWS4" + scope.Secret), scope.Date);
        key = Hmac(Hmac(Hmac(key, scope.Region), scope.Service), "aws4_request");
        return DerivedKeys[scope] = key;
    }

    private static byte[] Hmac(byte[] key, string text) => HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(text));

    private static string Hash(ReadOnlySpan<byte> bytes)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(bytes, hash);
        return string.Create(HashHexChars, hash, static (chars, h) => Convert.TryToHexStringLower(h, chars, out _));
    }

    private readonly record struct KeyScope(string Secret, string Date, string Region, string Service);
}
