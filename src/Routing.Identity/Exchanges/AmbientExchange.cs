using Routing.Core.Credentials;
using Routing.Core.Providers;
using Routing.Identity.Home;

namespace Routing.Identity.Exchanges;

/// <summary>The identity that the cloud gives to the machine, used within that same cloud.</summary>
internal sealed class AmbientExchange(ProviderKind provider, string address, HomeIdentity home, TimeProvider time) : ICredentialExchange
{
    public async Task<Issued> RunAsync(ChainLog? log, CancellationToken cancellationToken)
    {
        var issued = await (provider switch
        {
            ProviderKind.Bedrock => AwsAsync(cancellationToken),
            ProviderKind.Vertex => GoogleAsync(cancellationToken),
            _ => AzureAsync(cancellationToken),
        }).ConfigureAwait(false);
        log?.Done(CredentialStep.Exchange, "The machine's own identity gave a credential.", ("ends", issued.ExpiresAt.Spelled()));
        return issued;
    }

    private async Task<Issued> AwsAsync(CancellationToken cancellationToken)
    {
        var (keys, ends) = await home.Aws.KeysAsync(CredentialStep.Exchange, cancellationToken).ConfigureAwait(false);
        return new Issued(keys, ends);
    }

    private async Task<Issued> GoogleAsync(CancellationToken cancellationToken)
    {
        var answer = await home.Google.AccessTokenAsync(cancellationToken).ConfigureAwait(false);
        if (answer.Text("access_token") is not { Length: > 0 } token) throw new CredentialException("Google's metadata server answered without an access token.");
        var ends = time.GetUtcNow() + TimeSpan.FromSeconds(Math.Clamp(answer.Number("expires_in") ?? 0, 0, 86_400));
        return new Issued(new BearerCredential(token, ends), ends);
    }

    private async Task<Issued> AzureAsync(CancellationToken cancellationToken)
    {
        var host = Uri.TryCreate(address, UriKind.Absolute, out var uri) ? uri.IdnHost : "";
        var access = await AzureClients.TokenAsync(home.Azure.Machine(), AzureCloud.OfAddress(host).Scope, CredentialStep.Exchange, cancellationToken).ConfigureAwait(false);
        return new Issued(new BearerCredential(access.Token, access.ExpiresOn), access.ExpiresOn);
    }
}
