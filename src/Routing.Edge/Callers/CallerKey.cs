using System.Text;
using Microsoft.Extensions.Primitives;
using Routing.Core.Tables;

namespace Routing.Edge.Callers;

internal enum KeyReading : byte { Present, Missing, Malformed, Ambiguous }

/// <summary>
/// The one place that reads a caller's key: <c>Authorization: Bearer KEY</c>, hashed on the stack. Nothing else is accepted, so no other
/// header can slip past; a second credential that differs is an ambiguity somebody could exploit, and is refused.
/// </summary>
internal static class CallerKey
{
    private const int LongestKey = 512;
    private const string Scheme = "Bearer ";

    // Where other vendors' clients put a key. Never used to identify, only to notice a second, different credential.
    private static readonly string[] OtherHeaders = ["x-api-key", "api-key", "x-goog-api-key"];

    public static KeyReading Read(IHeaderDictionary headers, out KeyHash hash)
    {
        hash = default;
        var values = headers.Authorization;
        var reading = Token(values, out var token);
        if (reading != KeyReading.Present) return reading;
        foreach (var name in OtherHeaders)
        {
            if (headers.TryGetValue(name, out var other) && !SameKey(other, token)) return KeyReading.Ambiguous;
        }

        Span<byte> bytes = stackalloc byte[LongestKey];
        hash = KeyHash.Of(bytes[..Encoding.ASCII.GetBytes(token, bytes)]);
        return KeyReading.Present;
    }

    private static KeyReading Token(StringValues values, out ReadOnlySpan<char> token)
    {
        token = default;
        if (values.Count == 0) return KeyReading.Missing;
        for (var i = 1; i < values.Count; i++)
        {
            if (!string.Equals(values[i], values[0], StringComparison.Ordinal)) return KeyReading.Ambiguous;
        }

        var value = values[0].AsSpan();
        if (!value.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase)) return KeyReading.Malformed;
        token = value[Scheme.Length..].Trim(' ');
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
