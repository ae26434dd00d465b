namespace Routing.Core.Credentials;

/// <summary>
/// Where the credential of one provider account comes from: a fixed key, a service-account key exchanged for tokens, or (later) federation.
/// Usually completes at once from memory.
/// </summary>
public interface ICloudTokenSource
{
    /// <exception cref="CredentialException">The exchange failed; the message says which step and what to check.</exception>
    ValueTask<CloudCredential> GetAsync(CancellationToken cancellationToken);

    /// <summary>Forget what is cached: the provider refused it.</summary>
    void Invalidate();
}

/// <summary>A credential could not be obtained. The dispatcher turns it into <c>credential_exchange_failed</c>.</summary>
public sealed class CredentialException(string message, Exception? inner = null) : Exception(message, inner);

/// <summary>A credential that never changes.</summary>
public sealed class StaticTokenSource(CloudCredential credential) : ICloudTokenSource
{
    public ValueTask<CloudCredential> GetAsync(CancellationToken cancellationToken) => new(credential);

    public void Invalidate() { }
}
