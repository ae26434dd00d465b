namespace Routing.Simulator.Calls;

/// <summary>What a proxy in between shows when it cannot reach the service.</summary>
internal static class ProxyPage
{
    public const string Text =
        "<!DOCTYPE html>\n<html><head><title>Service temporarily unavailable</title></head>\n<body><h1>We'll be right back</h1>" +
        "<p>The proxy could not reach the service behind it.</p></body></html>\n";
}
