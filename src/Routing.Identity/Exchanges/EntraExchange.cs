using Routing.Core.Credentials;
using Routing.Core.Snapshots;
using Routing.Identity.Home;

namespace Routing.Identity.Exchanges;

/// <summary>Azure: the home's token as the assertion of an application, for a token of Azure's AI services.</summary>
internal sealed class EntraExchange(FederationConfig trust, HomeIdentity home, TimeProvider time) : ICredentialExchange
{
    public async Task<Issued> RunAsync(ChainLog? log, CancellationToken cancellationToken)
    {
        var token = SubjectToken.Read(await home.Subjects.GetAsync(trust.Audience, cancellationToken).ConfigureAwait(false), trust, time);
        token.Note(log);
        var cloud = AzureCloud.OfAudience(trust.Audience);
        var access = await AzureClients.TokenAsync(home.Azure.Assertion(cloud, trust.Tenant, trust.ClientId, token.Value), cloud.Scope, CredentialStep.Exchange, cancellationToken).ConfigureAwait(false);
        log?.Done(CredentialStep.Exchange, "Entra gave a token of the application.", ("tenant", trust.Tenant), ("client", trust.ClientId), ("ends", access.ExpiresOn.Spelled()));
        return new Issued(new BearerCredential(access.Token, access.ExpiresOn), access.ExpiresOn);
    }
}
