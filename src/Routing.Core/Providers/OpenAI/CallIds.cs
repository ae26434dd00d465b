using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Routing.Core.Providers.Vertex;

namespace Routing.Core.Providers.OpenAI;

/// <summary>What a host takes as the id of a tool call.</summary>
public enum CallIdForm : byte
{
    /// <summary>40 characters at most: OpenAI's limit.</summary>
    Short,

    /// <summary>Exactly nine letters and digits: Mistral's rule.</summary>
    NineLetters,

    /// <summary>Anything.</summary>
    Any,
}

/// <summary>
/// Ids of tool calls as a host takes them. An id it would refuse is replaced by one that only depends on it: a call and its results keep
/// finding each other, in every request of a conversation.
/// </summary>
internal static class CallIds
{
    private const int Longest = 40;
    private const int HashBytes = 8;
    private const int Nine = 9;
    private const string Letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

    public static string Fit(string id, CallIdForm form) => form switch
    {
        CallIdForm.Short when id.Length > Longest => Shortened(GeminiCallIds.Short(id)),
        CallIdForm.NineLetters when !IsNine(id) => NineOf(id),
        _ => id,
    };

    private static string Shortened(string id) =>
        id.Length <= Longest ? id : $"{id[..(Longest - 2 * HashBytes - 1)]}_{Convert.ToHexStringLower(Hash(id).AsSpan(0, HashBytes))}";

    private static bool IsNine(string id)
    {
        if (id.Length != Nine) return false;
        foreach (var c in id)
        {
            if (!char.IsAsciiLetterOrDigit(c)) return false;
        }

        return true;
    }

    private static string NineOf(string id) => string.Create(Nine, BinaryPrimitives.ReadUInt64BigEndian(Hash(id)), (letters, hash) =>
    {
        for (var i = 0; i < letters.Length; i++, hash /= (ulong)Letters.Length) letters[i] = Letters[(int)(hash % (ulong)Letters.Length)];
    });

    private static byte[] Hash(string id) => SHA256.HashData(Encoding.UTF8.GetBytes(id));
}
