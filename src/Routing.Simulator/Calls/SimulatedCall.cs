using Routing.Simulator.Answers;

namespace Routing.Simulator.Calls;

/// <summary>One accepted request on its way to an answer.</summary>
internal sealed record SimulatedCall
{
    public required IWire Wire { get; init; }

    /// <summary>How the operation answers; its own per call where it keeps count of something.</summary>
    public required IAnswerForm Form { get; init; }
    public required string Region { get; init; }
    public required string Model { get; init; }
    public ChatAsk Ask { get; init; } = new() { LastUserText = "", InputTokens = 0 };
    public bool Streamed { get; init; }
    public required string RequestId { get; init; }
    public required DateTimeOffset At { get; init; }
    public string? Principal { get; init; }

    /// <summary>False for embeddings and token counts: there is no text to make.</summary>
    public bool Generates { get; init; } = true;

    /// <summary>Usage goes into the stream only when asked for (OpenAI), or always.</summary>
    public bool StreamsUsage { get; init; } = true;

    /// <summary>Vertex without <c>alt=sse</c>: the stream is one JSON array.</summary>
    public bool AsJsonArray { get; init; }

    /// <summary>How many alternatives of each token are told (OpenAI); null = no probabilities.</summary>
    public int? LogProbs { get; init; }

    /// <summary>The model tells its reasoning in <c>reasoning_content</c>, as OpenAI-compatible hosts of open models do.</summary>
    public bool TellsReasoning { get; init; }

    /// <summary>What the wire reports as capacity class or service tier; null until known (the request may name one).</summary>
    public string? TrafficType { get; init; }

    /// <summary>Anthropic: reasoning is told by its signature alone.</summary>
    public bool OmitsThoughtText { get; init; }

    /// <summary>Service tier told in the answer, in Bedrock's and Anthropic's words; null = none is told.</summary>
    public string? ServiceTier { get; init; }

    /// <summary>Azure: the deployment the request names for what its own cannot take (<c>x-ms-spillover-deployment</c>).</summary>
    public string? SpillTarget { get; init; }

    /// <summary>A stream lacks its sentinel.</summary>
    public bool OmitsSentinel { get; init; }

    /// <summary>The reserved capacity was full and on-demand capacity served the call.</summary>
    public bool Spilled { get; init; }
}
