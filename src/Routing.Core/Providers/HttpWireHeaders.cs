using System.Net.Http.Headers;

namespace Routing.Core.Providers;

/// <summary>An answer's headers, read without parsing those nobody asks for.</summary>
public sealed class HttpWireHeaders(HttpResponseMessage response) : IWireHeaders
{
    // Only what is known to describe a body is kept with it; all others are asked for in one place.
    public string? this[string name] => First(response.Headers, name)
        ?? (name.StartsWith("content-", StringComparison.Ordinal) ? First(response.Content.Headers, name) : null);

    private static string? First(HttpHeaders headers, string name)
    {
        if (!headers.NonValidated.TryGetValues(name, out var values)) return null;
        foreach (var value in values) return value;
        return null;
    }
}
