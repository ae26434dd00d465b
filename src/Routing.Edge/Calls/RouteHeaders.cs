namespace Routing.Edge.Calls;

/// <summary>Names of the headers that tell who answered, and how.</summary>
internal static class RouteHeaders
{
    public const string RequestId = "x-route-request-id";
    public const string Endpoint = "x-route-endpoint";
    public const string Attempts = "x-route-attempts";
    public const string Revision = "x-route-revision";
    public const string Failure = "x-route-failure";
    public const string Warnings = "x-route-warnings";

    /// <summary>In a comment line only: who went on from an answer that broke off.</summary>
    public const string Continued = "x-route-continued";

    /// <summary>Obeyed by the vendors' own clients, which otherwise send a refused request up to twice more.</summary>
    public const string ShouldRetry = "x-should-retry";
}
