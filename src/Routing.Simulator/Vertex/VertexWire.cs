using Routing.Simulator.Calls;
using Routing.Simulator.Faults;

namespace Routing.Simulator.Vertex;

/// <summary>Vertex's headers and Google's errors.</summary>
internal sealed class VertexWire : IWire
{
    public string Name => "vertex";

    public void AddHeaders(IHeaderDictionary headers, SimulatedCall call) => AddGoogleHeaders(headers);

    public ErrorReply? Refuse(FaultRule fault, SimulatedCall call) => VertexErrors.Of(fault, call) is { } reply ? VertexErrors.For(call, reply) : null;

    public static void AddGoogleHeaders(IHeaderDictionary headers)
    {
        headers.Vary = "Origin, X-Origin, Referer";
        headers["server-timing"] = "gfet4t7; dur=1";
        headers.XContentTypeOptions = "nosniff";
    }
}
