using Routing.Simulator.Answers;

namespace Routing.Simulator.Calls;

/// <summary>One accepted request on its way to an answer.</summary>
internal sealed record SimulatedCall
{
    public required IWire Wire { get; init; }
    public required string Region { get; init; }
    public required string Model { get; init; }
    public required ChatAsk Ask { get; init; }
    public required bool Streamed { get; init; }
    public required string RequestId { get; init; }
    public required DateTimeOffset At { get; init; }
    public string? Principal { get; init; }

    /// <summary>Usage goes into the stream only when asked for (OpenAI), or always.</summary>
    public bool StreamsUsage { get; init; } = true;

    /// <summary>Vertex without <c>alt=sse</c>: the stream is one JSON array.</summary>
    public bool AsJsonArray { get; init; }

    /// <summary>Reasoning is shown as well as counted.</summary>
    public bool ShowsThoughts { get; init; }

    /// <summary>What the wire reports as capacity class or service tier; null until known (the request may name one).</summary>
    public string? TrafficType { get; init; }
}
