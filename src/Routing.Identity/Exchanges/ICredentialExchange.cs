using Routing.Core.Credentials;

namespace Routing.Identity.Exchanges;

/// <summary>A credential and its end of life.</summary>
internal sealed record Issued(CloudCredential Credential, DateTimeOffset ExpiresAt);

/// <summary>Obtains one account's credential anew, every time it is asked. Keeps nothing: <see cref="RefreshingTokenSource"/> does.</summary>
internal interface ICredentialExchange
{
    /// <param name="log">Takes down the steps, when somebody wants to read them.</param>
    /// <exception cref="CredentialException">It failed; the step, the service's code and what to check are in it.</exception>
    Task<Issued> RunAsync(ChainLog? log, CancellationToken cancellationToken);
}
