using System.Buffers;
using System.Collections.Concurrent;
using System.Globalization;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Text;

namespace Routing.Core.Credentials;

/// <summary>What a signature covers.</summary>
/// <param name="path">As it goes out in the request line, escaped.</param>
/// <param name="query">As it goes out, without the question mark.</param>
/// <param name="headers">Names in lower case, sorted; <c>host</c> and <c>x-amz-date</c> among them.</param>
internal readonly ref struct SigV4Request(string method, string path, string query, ReadOnlySpan<(string Name, string Value)> headers)
{
    public string Method { get; } = method;
    public string Path { get; } = path;
    public string Query { get; } = query;
    public ReadOnlySpan<(string Name, string Value)> Headers { get; } = headers;
}

/// <summary>AWS Signature Version 4 in the form every service but S3 uses: the path is normalised and escaped a second time.</summary>
internal static class SigV4
{
    public const string Algorithm = "AWS4-HMAC-SHA256";
    private const int HashBytes = SHA256.HashSizeInBytes;
    private const int DateChars = 8;

    // Derived keys last a day for a region and a service; they live as long as their credential does.
    private static readonly ConditionalWeakTable<AwsCredential, ConcurrentDictionary<(string Region, string Service), DayKey>> Keys = [];

    public static string Timestamp(DateTimeOffset now) => now.UtcDateTime.ToString("yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture);

    /// <summary>What follows the scheme <see cref="Algorithm"/> in the Authorization header.</summary>
    /// <param name="timestamp">The value of the <c>x-amz-date</c> header.</param>
    public static string Authorize(
        in SigV4Request request, ReadOnlySpan<byte> body, AwsCredential credential, string region, string service, string timestamp)
    {
        var date = timestamp[..DateChars];
        var scope = $"{date}/{region}/{service}/aws4_request";
        var text = new PooledText();
        try
        {
            WriteCanonicalRequest(ref text, request, body);
            Span<byte> hash = stackalloc byte[HashBytes];
            SHA256.HashData(text.Written, hash);

            text.Clear();
            text.Append(Algorithm);
            text.Append('\n');
            text.Append(timestamp);
            text.Append('\n');
            text.Append(scope);
            text.Append('\n');
            text.AppendHex(hash);
            Span<byte> signature = stackalloc byte[HashBytes];
            HMACSHA256.HashData(SigningKey(credential, date, region, service), text.Written, signature);

            text.Clear();
            WriteSignedHeaders(ref text, request.Headers);
            return $"Credential={credential.AccessKeyId}/{scope}, SignedHeaders={Encoding.ASCII.GetString(text.Written)}, Signature={Convert.ToHexStringLower(signature)}";
        }
        finally
        {
            text.Dispose();
        }
    }

    private static void WriteCanonicalRequest(ref PooledText text, in SigV4Request request, ReadOnlySpan<byte> body)
    {
        text.Append(request.Method);
        text.Append('\n');
        SigV4Canonical.WritePath(ref text, request.Path);
        text.Append('\n');
        SigV4Canonical.WriteQuery(ref text, request.Query);
        text.Append('\n');
        foreach (var (name, value) in request.Headers)
        {
            text.Append(name);
            text.Append(':');
            SigV4Canonical.WriteHeaderValue(ref text, value);
            text.Append('\n');
        }

        text.Append('\n');
        WriteSignedHeaders(ref text, request.Headers);
        text.Append('\n');
        Span<byte> hash = stackalloc byte[HashBytes];
        SHA256.HashData(body, hash);
        text.AppendHex(hash);
    }

    private static void WriteSignedHeaders(ref PooledText text, ReadOnlySpan<(string Name, string Value)> headers)
    {
        for (var i = 0; i < headers.Length; i++)
        {
            if (i > 0) text.Append(';');
            text.Append(headers[i].Name);
        }
    }

    private static byte[] SigningKey(AwsCredential credential, string date, string region, string service)
    {
        var keys = Keys.GetValue(credential, static _ => new ConcurrentDictionary<(string, string), DayKey>());
        if (keys.TryGetValue((region, service), out var known) && known.Date == date) return known.Key;
        var key = DeriveKey(credential.SecretAccessKey, date, region, service);
        keys[(region, service)] = new DayKey(date, key);
        return key;
    }

    private static byte[] DeriveKey(string secret, string date, string region, string service)
    {
        var key = HMACSHA256.HashData(Encoding.UTF8.GetBytes("AWS4" + secret), Encoding.ASCII.GetBytes(date));
        key = HMACSHA256.HashData(key, Encoding.ASCII.GetBytes(region));
        key = HMACSHA256.HashData(key, Encoding.ASCII.GetBytes(service));
        return HMACSHA256.HashData(key, "aws4_request"u8);
    }

    private sealed record DayKey(string Date, byte[] Key);
}

/// <summary>UTF-8 text written into a pooled buffer.</summary>
internal ref struct PooledText()
{
    private byte[] _bytes = ArrayPool<byte>.Shared.Rent(2048);
    private int _length;

    public readonly ReadOnlySpan<byte> Written => _bytes.AsSpan(0, _length);

    public void Clear() => _length = 0;

    public void Append(char ascii)
    {
        Reserve(1);
        _bytes[_length++] = (byte)ascii;
    }

    public void Append(scoped ReadOnlySpan<char> text)
    {
        Reserve(Encoding.UTF8.GetMaxByteCount(text.Length));
        _length += Encoding.UTF8.GetBytes(text, _bytes.AsSpan(_length));
    }

    public void AppendHex(scoped ReadOnlySpan<byte> bytes)
    {
        Reserve(bytes.Length * 2);
        Convert.TryToHexStringLower(bytes, _bytes.AsSpan(_length), out var written);
        _length += written;
    }

    public readonly void Dispose() => ArrayPool<byte>.Shared.Return(_bytes);

    private void Reserve(int count)
    {
        if (_length + count <= _bytes.Length) return;
        var larger = ArrayPool<byte>.Shared.Rent(Math.Max(_length + count, _bytes.Length * 2));
        Written.CopyTo(larger);
        ArrayPool<byte>.Shared.Return(_bytes);
        _bytes = larger;
    }
}
