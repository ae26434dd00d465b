using System.Security.Cryptography;
using Routing.Core.Credentials;
using Routing.Core.Snapshots;

namespace Routing.Edge.Snapshots;

/// <summary>First contact: trades the one-time token for an identity, and pins the signing key the token promised.</summary>
internal sealed class Enrolment(EdgeOptions options, EdgeIdentityFile file, ControlPlaneClient controlPlane)
{
    private const string Prefix = "enrol_";

    /// <exception cref="EnrolmentException">The token cannot be used; trying again will not help.</exception>
    public async Task<EdgeIdentity> EnrolAsync(CancellationToken cancellationToken)
    {
        var token = Token();
        var pin = Pin(token);
        using var key = ECDiffieHellman.Create(ECCurve.NamedCurves.nistP256);
        var name = options.ControlPlane.Name.Length > 0 ? options.ControlPlane.Name : Environment.MachineName;
        var answer = await controlPlane.EnrolAsync(new EnrolRequest(token, name, key.ExportSubjectPublicKeyInfo()), cancellationToken).ConfigureAwait(false)
            ?? throw new EnrolmentException("The control plane refused the enrolment token: it has been used, has expired or is not one of its own. Make a new one on its Edges page.");
        if (answer.SigningKey is null || !CryptographicOperations.FixedTimeEquals(SHA256.HashData(answer.SigningKey), pin))
        {
            throw new EnrolmentException("The control plane's signing key is not the one the enrolment token names. Something else answers at its address.");
        }

        var identity = new EdgeIdentity(answer.EdgeId, answer.Credential, answer.SigningKey, key.ExportPkcs8PrivateKey(), options.ControlPlane.Address);
        file.Write(identity);
        return identity;
    }

    private string Token()
    {
        var setting = options.ControlPlane.EnrolToken;
        if (setting.StartsWith(Prefix, StringComparison.Ordinal)) return setting;
        if (setting.Length == 0) throw new EnrolmentException("This edge has no identity yet and Edge:ControlPlane:EnrolToken is empty. Make a token on the control plane's Edges page.");
        var lookup = new LocalSecrets().Resolve(setting)
            ?? throw new EnrolmentException("Edge:ControlPlane:EnrolToken is no token and no reference; write env:NAME or file:PATH.");
        return lookup.Value?.Trim() ?? throw new EnrolmentException($"Edge:ControlPlane:EnrolToken leads nowhere. {lookup.Problem}");
    }

    private static byte[] Pin(string token)
    {
        var dot = token.IndexOf('.', StringComparison.Ordinal);
        if (token.StartsWith(Prefix, StringComparison.Ordinal) && dot > 0)
        {
            var text = token[(dot + 1)..].Replace('-', '+').Replace('_', '/');
            var bytes = new byte[64];
            if (Convert.TryFromBase64String(text.PadRight((text.Length + 3) / 4 * 4, '='), bytes, out var length) && length == SHA256.HashSizeInBytes) return bytes[..length];
        }

        throw new EnrolmentException("The enrolment token is not whole: it begins with 'enrol_' and ends with the fingerprint behind a dot.");
    }
}

/// <summary>Enrolment cannot succeed as configured.</summary>
internal sealed class EnrolmentException(string message) : Exception(message);
