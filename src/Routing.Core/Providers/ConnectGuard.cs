using System.Net;
using System.Net.Sockets;

namespace Routing.Core.Providers;

/// <summary>
/// Opens the connections to providers. The name is resolved here and the resolved address is what is judged and connected to,
/// so neither a clever spelling nor a name that changes between check and use gets through.
/// </summary>
internal sealed class ConnectGuard(AddressRules rules, TimeSpan timeout, TimeProvider time)
{
    public async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancellationToken)
    {
        var (host, port) = (context.DnsEndPoint.Host, context.DnsEndPoint.Port);
        using var limit = new CancellationTokenSource(timeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            var addresses = await Dns.GetHostAddressesAsync(host, either.Token).ConfigureAwait(false);
            var allowed = rules.IsAllowed(host, port) ? addresses : [.. addresses.Where(AddressRules.IsPublic)];
            if (allowed.Length == 0) throw new AddressRefusedException(host);
            return await OpenAsync(allowed, port, either.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException e) when (limit.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            throw new TimeoutException($"No connection to {host}:{port} within {timeout.TotalSeconds:0.#} s.", e);
        }
    }

    private static async Task<Stream> OpenAsync(IPAddress[] addresses, int port, CancellationToken cancellationToken)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(addresses, port, cancellationToken).ConfigureAwait(false);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}

/// <summary>A host resolves to addresses that this process may not connect to.</summary>
internal sealed class AddressRefusedException(string host)
    : IOException($"{host} does not resolve to a public address and is not in the process's AllowedAddresses; it was not connected to.");
