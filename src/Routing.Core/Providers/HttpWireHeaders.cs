namespace Routing.Core.Providers;

/// <summary>
/// An answer's headers, read without parsing those nobody asks for. Without the few that the client keeps with the body (length, type,
/// encoding and the like): nobody needs them, and every name would be looked for twice.
/// </summary>
public sealed class HttpWireHeaders(HttpResponseMessage response) : IWireHeaders
{
    public string? this[string name]
    {
        get
        {
            if (!response.Headers.NonValidated.TryGetValues(name, out var values)) return null;
            foreach (var value in values) return value;
            return null;
        }
    }
}
