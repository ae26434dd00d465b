using System.Net;
using System.Net.Sockets;

namespace Routing.Edge;

/// <summary>Listening at an address that other processes listen at as well.</summary>
internal static class SharedPort
{
    // Of Linux; the runtime has no name for it.
    private const int SocketLevel = 1, ReusePort = 15;

    public static Socket Bind(EndPoint address)
    {
        var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            socket.SetRawSocketOption(SocketLevel, ReusePort, BitConverter.GetBytes(1));
            socket.Bind(address);
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
