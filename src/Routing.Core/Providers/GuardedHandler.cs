using System.Net;

namespace Routing.Core.Providers;

/// <summary>The one way in which this product opens outbound connections: judged addresses, no redirects, no proxy, no cookies.</summary>
public static class GuardedHandler
{
    private static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(2);

    // A changed DNS answer is followed within this time; the default is never.
    private static readonly TimeSpan ConnectionLifetime = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan IdleTimeout = TimeSpan.FromSeconds(60);
    private const int LargestResponseHeadersKiB = 64;
    private const int ConnectionsPerOrigin = 4096;

    public static SocketsHttpHandler Create(AddressRules rules, TimeProvider time) => new()
    {
        AllowAutoRedirect = false,
        UseProxy = false,
        UseCookies = false,
        AutomaticDecompression = DecompressionMethods.None,
        PooledConnectionLifetime = ConnectionLifetime,
        PooledConnectionIdleTimeout = IdleTimeout,
        MaxConnectionsPerServer = ConnectionsPerOrigin,
        MaxResponseHeadersLength = LargestResponseHeadersKiB,
        ActivityHeadersPropagator = null,
        ConnectCallback = new ConnectGuard(rules, ConnectTimeout, time).ConnectAsync,
    };
}
