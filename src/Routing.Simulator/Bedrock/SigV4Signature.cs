using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;

namespace Routing.Simulator.Bedrock;

/// <summary>What is signed in a request, apart from its body.</summary>
internal readonly record struct SignedRequest(string Method, string RawPath, string RawQuery, Func<string, string?> Header);

/// <summary>Computes the signature a request should carry.</summary>
internal sealed class SigV4Signature
{
    // Keys live for a day and a region: a few entries a key and day. The bound keeps a run of weeks from collecting them.
    private const int MostKeys = 1000;
    private readonly ConcurrentDictionary<(string Secret, string Date, string Region, string Service), byte[]> _keys = new();

    public string Compute(SigV4Authorization by, string secret, string timestamp, in SignedRequest request, ReadOnlySpan<byte> body)
    {
        var canonical = Canonical(request, by.SignedHeaders, Convert.ToHexStringLower(SHA256.HashData(body)));
        var toSign = $"{SigV4Authorization.Algorithm}\n{timestamp}\n{by.Scope}\n{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(canonical)))}";
        return Convert.ToHexStringLower(HMACSHA256.HashData(Key(secret, by), Encoding.UTF8.GetBytes(toSign)));
    }

    public static string Canonical(in SignedRequest request, string[] signedHeaders, string payloadHash)
    {
        var text = new StringBuilder(512);
        text.Append(request.Method).Append('\n').Append(SigV4Canonical.Path(request.RawPath)).Append('\n');
        text.Append(SigV4Canonical.Query(request.RawQuery)).Append('\n');
        foreach (var name in signedHeaders)
            text.Append(name).Append(':').Append(SigV4Canonical.HeaderValue(request.Header(name) ?? "")).Append('\n');
        return text.Append('\n').AppendJoin(';', signedHeaders).Append('\n').Append(payloadHash).ToString();
    }

    private byte[] Key(string secret, SigV4Authorization by)
    {
        var cell = (secret, by.Date, by.Region, by.Service);
        if (_keys.TryGetValue(cell, out var key)) return key;
        key = Encoding.UTF8.GetBytes("AWS4" + secret);
        foreach (var part in (string[])[by.Date, by.Region, by.Service, "aws4_request"]) key = HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(part));
        if (_keys.Count >= MostKeys) _keys.Clear();
        return _keys[cell] = key;
    }
}
