using System.Text.Json;

namespace Routing.Simulator.Answers;

/// <summary>What any wire's request says, as far as the answer depends on it. The texts and elements live only as long as the call.</summary>
internal sealed record ChatAsk
{
    public required string LastUserText { get; init; }
    public required int InputTokens { get; init; }
    public int? MaxTokens { get; init; }

    /// <summary>The conversation ends with a turn of the model's own.</summary>
    public bool EndsWithModel { get; init; }

    /// <summary>The beginning of that turn, where the model is to go on with it; null = it begins a turn of its own.</summary>
    public string? Begun { get; init; }

    /// <summary>The answer begins with that beginning.</summary>
    public bool EchoesBegun { get; init; }
    public IReadOnlyList<string> StopSequences { get; init; } = [];

    /// <summary>Reasoning the request asks for; null = as the model is configured.</summary>
    public int? ThoughtTokens { get; init; }

    /// <summary>Reasoning is sent as content of its own as well as counted.</summary>
    public bool ShowsThoughts { get; init; }

    /// <summary>Tool calls are signed; some models do so whether their reasoning is shown or not.</summary>
    public bool SignsCalls { get; init; }

    /// <summary>What stands for reasoning that is told of but not shown; it is not signed either. Null = it is shown.</summary>
    public string? HiddenThought { get; init; }

    public IReadOnlyList<ToolSpec> Tools { get; init; } = [];
    public ToolChoice ToolChoice { get; init; } = ToolChoice.Auto;

    /// <summary>What the tools said, when the request ends with that; the answer quotes it.</summary>
    public IReadOnlyList<string> ToolResults { get; init; } = [];

    /// <summary>The answer must be a JSON object.</summary>
    public bool JsonAnswer { get; init; }

    /// <summary>What that object must satisfy; null = any.</summary>
    public JsonElement? JsonSchema { get; init; }

    public int Choices { get; init; } = 1;

    /// <summary>The request's own seed: the same one gives the same answer, another one another.</summary>
    public long? Seed { get; init; }

    /// <summary>Tokens up to the last place the request marks for caching; null = the wire has no marks.</summary>
    public int? MarkedTokens { get; init; }
}

/// <param name="Schema">Of the arguments; null = none given.</param>
internal sealed record ToolSpec(string Name, JsonElement? Schema);

/// <summary>What the request says about calling tools.</summary>
/// <param name="Name">For <see cref="ToolChoiceKind.Named"/>.</param>
internal sealed record ToolChoice(ToolChoiceKind Kind, string? Name = null, bool OneOnly = false)
{
    public static readonly ToolChoice Auto = new(ToolChoiceKind.Auto);
}

internal enum ToolChoiceKind
{
    Auto,
    None,
    Any,
    Named,
}
