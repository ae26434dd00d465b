namespace Routing.Simulator.Answers;

/// <summary>What any wire's request says, as far as the answer depends on it. The texts live only as long as the call.</summary>
internal sealed record ChatAsk
{
    public required string LastUserText { get; init; }
    public required int InputTokens { get; init; }
    public int? MaxTokens { get; init; }
    public IReadOnlyList<string> StopSequences { get; init; } = [];

    /// <summary>Hidden reasoning the request asks for; null = as the model is configured.</summary>
    public int? ThoughtTokens { get; init; }

    /// <summary>Name of the tool the request insists on (or the first one, when it insists on any).</summary>
    public string? ForcedTool { get; init; }

    /// <summary>The answer must be a JSON object.</summary>
    public bool JsonAnswer { get; init; }
}
