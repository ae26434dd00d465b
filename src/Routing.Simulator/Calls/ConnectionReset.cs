using System.Net.Sockets;
using Microsoft.AspNetCore.Connections.Features;

namespace Routing.Simulator.Calls;

internal static class ConnectionReset
{
    /// <summary>Ends the connection with a TCP reset: lingering for no time makes the close an RST.</summary>
    public static void Apply(HttpContext http)
    {
        if (http.Features.Get<IConnectionSocketFeature>() is { Socket: { } socket }) socket.LingerState = new LingerOption(true, 0);
        http.Abort();
    }
}
