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

    /// <summary>There is nothing to obtain a credential with, and will not be: a reference leads nowhere, or what it holds cannot be used.</summary>
    bool IsMissing => false;
}

/// <summary>A credential that never changes.</summary>
public sealed class StaticTokenSource(CloudCredential credential) : ICloudTokenSource
{
    public ValueTask<CloudCredential> GetAsync(CancellationToken cancellationToken) => new(credential);

    public void Invalidate() { }
}
