using Amazon;
using Amazon.Runtime;
using Amazon.SecurityToken;
using Routing.Core.Providers;

namespace Routing.Identity;

/// <summary>Clients of AWS STS over our guarded connections, with the library's own retries off.</summary>
internal sealed class AwsSts(IdentityOptions options, AddressRules rules, TimeProvider time) : IDisposable
{
    // One handler for all clients: they come and go with each exchange, connections need not.
    private readonly SocketsHttpHandler _handler = GuardedHandler.Create(rules, time);

    /// <param name="partition">Of the role: <c>aws</c>, <c>aws-us-gov</c> or <c>aws-cn</c>. Never the global address, which knows no web identity tokens.</param>
    public AmazonSecurityTokenServiceClient Client(AWSCredentials credentials, string partition)
    {
        var config = new AmazonSecurityTokenServiceConfig
        {
            MaxErrorRetry = 0,
            MaxStaleConnectionRetries = 0,
            AllowAutoRedirect = false,
            IgnoreConfiguredEndpointUrls = true,
            HttpClientFactory = new Guarded(_handler),
        };
        if (options.AwsStsAddress.Length > 0) (config.ServiceURL, config.AuthenticationRegion) = (options.AwsStsAddress, Region(partition));
        else config.RegionEndpoint = RegionEndpoint.GetBySystemName(Region(partition));
        return new AmazonSecurityTokenServiceClient(credentials, config);
    }

    public string Region(string partition) => options.AwsRegion.Length > 0 ? options.AwsRegion : partition switch
    {
        "aws-us-gov" => "us-gov-west-1",
        "aws-cn" => "cn-north-1",
        _ => "us-east-1",
    };

    public void Dispose() => _handler.Dispose();

    private sealed class Guarded(SocketsHttpHandler handler) : HttpClientFactory
    {
        public override HttpClient CreateHttpClient(IClientConfig clientConfig) => new(handler, disposeHandler: false) { Timeout = Timeout.InfiniteTimeSpan };

        public override bool UseSDKHttpClientCaching(IClientConfig clientConfig) => false;
    }
}
