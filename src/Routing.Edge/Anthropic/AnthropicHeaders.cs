using Routing.Edge.Calls;

namespace Routing.Edge.Anthropic;

/// <summary>What Anthropic's clients put into headers.</summary>
internal static class AnthropicHeaders
{
    /// <summary>Where they put the key.</summary>
    public const string Key = "x-api-key";

    private const string Betas = "anthropic-beta";
    private const string Version = "anthropic-version";

    /// <summary>Whether the caller expects Anthropic's shapes: by the path, or, on the one path that both vendors' APIs have, by the header that all its clients send.</summary>
    public static bool IsSpoken(HttpRequest request) =>
        request.Path.StartsWithSegments("/v1/messages", StringComparison.Ordinal)
        || (request.Path.StartsWithSegments("/v1/models", StringComparison.Ordinal) && request.Headers.ContainsKey(Version));

    /// <summary>No caller decides a header of ours: a beta that was asked for is not asked for at the provider, and the caller is told.</summary>
    public static void WarnOfBetas(HttpContext context)
    {
        if (context.Request.Headers.ContainsKey(Betas)) context.Response.Headers.Append(RouteHeaders.Warnings, "anthropic-beta not sent");
    }
}
