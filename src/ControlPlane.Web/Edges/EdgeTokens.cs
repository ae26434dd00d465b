using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace ControlPlane.Web.Edges;

/// <summary>Tokens of edges: 256 random bits, stored as their SHA-256.</summary>
internal static class EdgeTokens
{
    private const int Bytes = 32;

    public static string New(string prefix) => prefix + Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(Bytes));

    /// <summary>The second half pins the signing key: an edge believes only the control plane that made the token.</summary>
    public static string Enrolment(byte[] signingKey) => New("enrol_") + "." + Base64Url.EncodeToString(SHA256.HashData(signingKey));

    public static string Hash(string token) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(token)));
}
