using Routing.Core.Credentials;

namespace Routing.Identity;

/// <summary>Stands for a credential that cannot be had, so that one bad account does not keep a whole table from serving.</summary>
internal sealed class UnavailableTokenSource(string problem) : ICloudTokenSource
{
    public ValueTask<CloudCredential> GetAsync(CancellationToken cancellationToken) =>
        ValueTask.FromException<CloudCredential>(new CredentialException(problem));

    public void Invalidate() { }
}
