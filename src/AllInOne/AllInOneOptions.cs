using System.Net;
using System.Net.Sockets;

namespace AllInOne;

/// <summary>Settings of the one process, section <c>AllInOne</c>, and the addresses its parts listen on.</summary>
internal sealed record AllInOneOptions(string DataDirectory, bool SampleTraffic, double SampleRequestsPerSecond, bool Federated, Uri ControlPlane, Uri Edge, Uri Simulator)
{
    public string ControlPlaneFolder => Path.Combine(DataDirectory, "control-plane");

    public string EdgeFolder => Path.Combine(DataDirectory, "edge");

    public static AllInOneOptions From(IConfiguration configuration) => new(
        Path.GetFullPath(configuration["AllInOne:DataDirectory"] ?? "data"),
        configuration.GetValue("AllInOne:SampleTraffic", true),
        configuration.GetValue("AllInOne:SampleRequestsPerSecond", 4.0),
        configuration.GetValue("AllInOne:Federated", false),
        Listen(configuration, "ControlPlane", 5100), Listen(configuration, "Edge", 5200), Listen(configuration, "Simulator", 5300));

    /// <summary>A sentence for each port somebody else has; none when all are free.</summary>
    public IEnumerable<string> TakenPorts()
    {
        foreach (var (section, address) in new[] { ("ControlPlane", ControlPlane), ("Edge", Edge), ("Simulator", Simulator) })
        {
            if (!IsFree(address)) yield return $"{address.Host}:{address.Port} is taken. Stop what listens there, or set {section}:Listen, for example --{section}:Listen=http://127.0.0.1:{address.Port + 1000}.";
        }
    }

    private static Uri Listen(IConfiguration configuration, string section, int port) => new(configuration[$"{section}:Listen"] ?? $"http://127.0.0.1:{port}");

    private static bool IsFree(Uri address)
    {
        if (address.Port == 0) return true;
        try
        {
            using var listener = new TcpListener(IPAddress.TryParse(address.Host, out var ip) ? ip : IPAddress.Loopback, address.Port);
            listener.Start();
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
