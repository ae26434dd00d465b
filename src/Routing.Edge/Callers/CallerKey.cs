using Microsoft.Extensions.Primitives;
using Routing.Core.Tables;

namespace Routing.Edge.Callers;

internal enum KeyReading : byte { Present, Missing, Malformed, Ambiguous }

/// <summary>
/// The one place that reads a caller's key: <c>Authorization: Bearer KEY</c>, or the header of the API that is called, hashed.
/// Nothing else is accepted, so no other header can slip past; a second credential that differs is an ambiguity somebody could exploit, and is refused.
/// </summary>
internal static class CallerKey
{
    public const int LongestKey = 512;
    private const string Scheme = "Bearer ";

    // Where other vendors' clients put a key. Never used to identify, only to notice a second, different credential.
    private static readonly string[] OtherHeaders = ["x-api-key", "api-key", "x-goog-api-key"];

    /// <param name="keyHeader">Another header that the API's clients use; null where there is none.</param>
    /// <param name="last">What the connection's last request came with.</param>
    public static KeyReading Read(IHeaderDictionary headers, string? keyHeader, HashedKey? last, out KeyHash hash)
    {
        hash = default;
        var (values, scheme) = keyHeader is not null && headers.Authorization.Count == 0 ? (headers[keyHeader], "") : (headers.Authorization, Scheme);
        var reading = Token(values, scheme, out var token);
        if (reading != KeyReading.Present) return reading;
        foreach (var name in OtherHeaders)
        {
            if (headers.TryGetValue(name, out var other) && !SameKey(other, token)) return KeyReading.Ambiguous;
        }

        hash = last?.Of(values[0]!, token) ?? HashedKey.Hash(token); // A key was read from it.
        return KeyReading.Present;
    }

    private static KeyReading Token(StringValues values, string scheme, out ReadOnlySpan<char> token)
    {
        token = default;
        if (values.Count == 0) return KeyReading.Missing;
        for (var i = 1; i < values.Count; i++)
        {
            if (!string.Equals(values[i], values[0], StringComparison.Ordinal)) return KeyReading.Ambiguous;
        }

        var value = values[0].AsSpan();
        if (!value.StartsWith(scheme, StringComparison.OrdinalIgnoreCase)) return KeyReading.Malformed;
        token = value[scheme.Length..].Trim(' ');
        if (token.Length is 0 or > LongestKey) return KeyReading.Malformed;
        foreach (var c in token)
        {
            if (c is <= ' ' or > '~' or ',') return KeyReading.Malformed;
        }

        return KeyReading.Present;
    }

    private static bool SameKey(StringValues other, ReadOnlySpan<char> token)
    {
        foreach (var value in other)
        {
            if (!value.AsSpan().SequenceEqual(token)) return false;
        }

        return true;
    }
}
