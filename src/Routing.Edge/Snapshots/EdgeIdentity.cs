using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Routing.Edge.Snapshots;

/// <summary>Who this edge is to its control plane, and whose signature it believes. Made once at enrolment.</summary>
/// <param name="Credential">Bearer credential of the edge.</param>
/// <param name="SigningKey">The control plane's public key, pinned by the enrolment token.</param>
/// <param name="PrivateKey">ECDH P-256, PKCS#8, to which secrets are sealed.</param>
internal sealed record EdgeIdentity(string EdgeId, string Credential, byte[] SigningKey, byte[] PrivateKey, string ControlPlane)
{
    public override string ToString() => $"edge {EdgeId} ***";

    public ECDiffieHellman OpenPrivateKey()
    {
        var key = ECDiffieHellman.Create();
        key.ImportPkcs8PrivateKey(PrivateKey, out _);
        return key;
    }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, WriteIndented = true)]
[JsonSerializable(typeof(EdgeIdentity))]
internal sealed partial class EdgeIdentityJson : JsonSerializerContext;

/// <summary>identity.json: readable by its owner only, written before it is used.</summary>
internal sealed class EdgeIdentityFile(string folder)
{
    private readonly string _path = Path.Combine(folder, "identity.json");

    public EdgeIdentity? Read()
    {
        if (!File.Exists(_path)) return null;
        try
        {
            return JsonSerializer.Deserialize(File.ReadAllBytes(_path), EdgeIdentityJson.Default.EdgeIdentity);
        }
        catch (JsonException e)
        {
            throw new InvalidDataException($"{_path} is damaged ({e.Message}). Restore it, or delete it and enrol this edge again with a new token.", e);
        }
    }

    public void Write(EdgeIdentity identity) =>
        SafeFile.Write(_path, JsonSerializer.SerializeToUtf8Bytes(identity, EdgeIdentityJson.Default.EdgeIdentity));
}
