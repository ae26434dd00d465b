using System.Globalization;
using System.Text;

namespace Routing.Simulator.Answers;

/// <summary>
/// What a cloud signs its reasoning with, so that it takes it back unchanged only: a hash of the text under a fixed seed. A caller
/// that drops, edits or invents reasoning meets the same refusal as with the real ones.
/// </summary>
internal static class ThoughtSignature
{
    private const ulong Seed = 0x5EA1_ED70_7A0E_47UL;

    /// <summary>Base64 (with padding), as every cloud spells it.</summary>
    public static string Of(string text) => Convert.ToBase64String(Encoding.ASCII.GetBytes("thought-" + StableRandom.Hash(Seed, text).ToString("x16", CultureInfo.InvariantCulture)));

    public static bool Matches(string text, string signature) => Of(text).Equals(signature, StringComparison.Ordinal);

    /// <summary>Sealed reasoning: its own text is all it says, so only its form can be checked.</summary>
    public static string Seal(string text) => Of("sealed" + text);

    public static bool IsOurs(string signature)
    {
        Span<byte> bytes = stackalloc byte[64];
        return Convert.TryFromBase64String(signature, bytes, out var length) && bytes[..length].StartsWith("thought-"u8);
    }
}
