using System.Net.Http.Headers;

namespace Routing.Core.Providers;

/// <summary>An answer's headers, read without parsing those nobody asks for.</summary>
public sealed class HttpWireHeaders(HttpResponseMessage response) : IWireHeaders
{
    public string? this[string name] => First(response.Headers, name) ?? First(response.Content.Headers, name);

    private static string? First(HttpHeaders headers, string name)
    {
        if (!headers.NonValidated.TryGetValues(name, out var values)) return null;
        foreach (var value in values) return value;
        return null;
    }
}
