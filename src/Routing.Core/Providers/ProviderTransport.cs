using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Headers;
using Routing.Core.Credentials;
using Routing.Core.Tables;

namespace Routing.Core.Providers;

/// <param name="Call">Whole address and fixed headers of the call.</param>
/// <param name="Region">Region to sign for; only AWS needs it.</param>
public readonly record struct ProviderRequest(ProviderKind Kind, EndpointCall Call, string Region, ReadOnlyMemory<byte> Body)
{
    public Uri Address => Call.Address;
}

/// <summary>
/// Sends calls to providers: one pool of connections per origin, guarded connects, no redirects, no proxy, no cookies, no retries.
/// A broken connection throws <see cref="HttpRequestException"/> or <see cref="IOException"/>; see <see cref="TransportFailures"/>.
/// </summary>
public sealed class ProviderTransport : IDisposable
{
    internal const string ContentType = "application/json";

    private readonly ConcurrentDictionary<string, HttpMessageInvoker> _pools = new(StringComparer.Ordinal);
    private readonly Func<HttpMessageHandler> _handlers;
    private readonly TimeProvider _time;

    public ProviderTransport(AddressRules rules, TimeProvider time) : this(() => GuardedHandler.Create(rules, time), time) { }

    /// <param name="handlers">Makes the handler of one origin.</param>
    internal ProviderTransport(Func<HttpMessageHandler> handlers, TimeProvider time) => (_handlers, _time) = (handlers, time);

    /// <summary>Completes when the answer's headers are there; the body is read from the response.</summary>
    public Task<HttpResponseMessage> SendAsync(in ProviderRequest request, CloudCredential? credential, CancellationToken cancellationToken)
    {
        // Not disposed of: it holds nothing but memory, and who waits here only to do so is one more to be woken.
        var message = new HttpRequestMessage(HttpMethod.Post, request.Address)
        {
            Version = HttpVersion.Version11,
            Content = new ReadOnlyMemoryContent(request.Body),
        };
        message.Content.Headers.ContentType = Json;
        message.Headers.Accept.Add(request.Call.AcceptValue);
        foreach (var (name, value) in request.Call.Headers) message.Headers.Add(name, value);
        RequestAuthorization.Apply(message, request, credential, _time);
        return Pool(request.Call.Origin).SendAsync(message, cancellationToken);
    }

    public void Dispose()
    {
        foreach (var pool in _pools.Values) pool.Dispose();
    }

    private static MediaTypeHeaderValue Json { get; } = new(ContentType);

    private HttpMessageInvoker Pool(string origin) =>
        _pools.TryGetValue(origin, out var pool) ? pool : _pools.GetOrAdd(origin, _ => new HttpMessageInvoker(_handlers()));
}
