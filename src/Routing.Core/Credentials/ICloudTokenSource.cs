namespace Routing.Core.Credentials;

/// <summary>
/// Where the credential of one provider account comes from: a fixed key, a service-account key exchanged for tokens, a federation, or the machine's
/// own identity. Usually completes at once from memory.
/// </summary>
public interface ICloudTokenSource
{
    /// <exception cref="CredentialException">The exchange failed; the message says which step and what to check.</exception>
    ValueTask<CloudCredential> GetAsync(CancellationToken cancellationToken);

    /// <summary>Forget what is cached: the provider refused it.</summary>
    void Invalidate();
}

/// <summary>A credential that never changes.</summary>
public sealed class StaticTokenSource(CloudCredential credential) : ICloudTokenSource
{
    public ValueTask<CloudCredential> GetAsync(CancellationToken cancellationToken) => new(credential);

    public void Invalidate() { }
}
