using Azure.Core;
using Azure.Core.Pipeline;
using Azure.Identity;
using Routing.Core.Credentials;
using Routing.Core.Providers;

namespace Routing.Identity;

/// <summary>Azure's own credential library over our guarded connections, with its retries, logs and caches out of the way.</summary>
internal sealed class AzureClients(IdentityOptions options, AddressRules rules, TimeProvider time) : IDisposable
{
    private const string Metadata = "http://169.254.169.254";
    private readonly HttpClient _entra = Client(rules, options.EntraAddress, time);

    // As with Google's: the one address of a machine's own network, by the process's setting.
    private readonly HttpClient _machine = Client(options.AzureMetadataAddress.Length > 0 ? rules : new AddressRules([new Uri(Metadata).Authority + ":80"]), options.AzureMetadataAddress, time);

    /// <summary>A credential that shows <paramref name="assertion"/> to Entra. Made for one exchange: the library would keep the token otherwise.</summary>
    public TokenCredential Assertion(AzureCloud cloud, string tenant, string client, string assertion) =>
        new ClientAssertionCredential(tenant, client, _ => Task.FromResult(assertion), Entra(new ClientAssertionCredentialOptions { AuthorityHost = cloud.Authority, DisableInstanceDiscovery = true }));

    /// <summary>The identity of the machine: AKS workload identity where its variables are set, else managed identity.</summary>
    public TokenCredential Machine()
    {
        if (!string.IsNullOrEmpty(Environment.GetEnvironmentVariable("AZURE_FEDERATED_TOKEN_FILE"))) return new WorkloadIdentityCredential(Entra(new WorkloadIdentityCredentialOptions { DisableInstanceDiscovery = true }));
        var id = options.AzureClientId.Length > 0 ? ManagedIdentityId.FromUserAssignedClientId(options.AzureClientId) : ManagedIdentityId.SystemAssigned;
        var machine = new ManagedIdentityCredentialOptions(id) { Transport = new HttpClientTransport(_machine) };
        machine.Retry.MaxRetries = 0;
        return new ManagedIdentityCredential(machine);
    }

    /// <exception cref="CredentialException">The library got no token.</exception>
    public static async Task<AccessToken> TokenAsync(TokenCredential credential, string scope, CredentialStep step, CancellationToken cancellationToken)
    {
        try
        {
            return await credential.GetTokenAsync(new TokenRequestContext([scope]), cancellationToken).ConfigureAwait(false);
        }
        catch (AuthenticationFailedException e)
        {
            throw AzureFailures.Of(step, e);
        }
    }

    public void Dispose()
    {
        _entra.Dispose();
        _machine.Dispose();
    }

    private T Entra<T>(T credential) where T : TokenCredentialOptions
    {
        credential.Transport = new HttpClientTransport(_entra);
        credential.Retry.MaxRetries = 0;
        return credential;
    }

    private static HttpClient Client(AddressRules rules, string address, TimeProvider time)
    {
        HttpMessageHandler handler = GuardedHandler.Create(rules, time);
        if (address.Length > 0) handler = new ElsewhereHandler(new Uri(address)) { InnerHandler = handler };
        return new HttpClient(handler) { Timeout = Timeout.InfiniteTimeSpan };
    }

    /// <summary>Sends to the address of the process's setting. The library itself takes none but https ones that it knows.</summary>
    private sealed class ElsewhereHandler(Uri address) : DelegatingHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            request.RequestUri = new Uri(address, request.RequestUri!.PathAndQuery); // A client's request has one.
            request.Headers.Host = null;
            return base.SendAsync(request, cancellationToken);
        }
    }
}

/// <summary>Where Entra is and what Azure OpenAI's tokens are for, in one of Azure's clouds.</summary>
internal sealed record AzureCloud(Uri Authority, string Scope)
{
    private static readonly AzureCloud Public = new(AzureAuthorityHosts.AzurePublicCloud, "https://cognitiveservices.azure.com/.default");
    private static readonly AzureCloud Government = new(AzureAuthorityHosts.AzureGovernment, "https://cognitiveservices.azure.us/.default");
    private static readonly AzureCloud China = new(AzureAuthorityHosts.AzureChina, "https://cognitiveservices.azure.cn/.default");

    /// <summary>Each cloud's Entra takes an audience of its own.</summary>
    public static AzureCloud OfAudience(string audience) => audience switch
    {
        "api://AzureADTokenExchangeUSGov" => Government,
        "api://AzureADTokenExchangeChina" => China,
        _ => Public,
    };

    /// <summary>Each cloud's resources have a domain of their own.</summary>
    public static AzureCloud OfAddress(string address) => address switch
    {
        _ when address.EndsWith(".azure.us", StringComparison.OrdinalIgnoreCase) => Government,
        _ when address.EndsWith(".azure.cn", StringComparison.OrdinalIgnoreCase) => China,
        _ => Public,
    };
}
