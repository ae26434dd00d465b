using System.Collections.Immutable;

namespace Routing.Core.Llm;

public enum ChatRole : byte { System, User, Assistant, Tool }

public sealed record ChatMessage(ChatRole Role, ImmutableArray<ContentPart> Parts)
{
    public static ChatMessage Of(ChatRole role, string text) => new(role, [new TextPart(text)]);
}

/// <summary>A chat request in no provider's dialect. System messages stay in <see cref="Messages"/>; adapters place them.</summary>
public sealed record ChatRequest
{
    public required ImmutableArray<ChatMessage> Messages { get; init; }
    public int? MaxOutputTokens { get; init; }

    /// <summary>0 to 2, on OpenAI's scale.</summary>
    public double? Temperature { get; init; }
    public double? TopP { get; init; }
    public int? TopK { get; init; }
    public ImmutableArray<string> StopSequences { get; init; } = [];
    public long? Seed { get; init; }
    public double? PresencePenalty { get; init; }
    public double? FrequencyPenalty { get; init; }

    public ImmutableArray<ToolDefinition> Tools { get; init; } = [];
    public ToolChoice ToolChoice { get; init; } = ToolChoice.Auto;

    /// <summary>False: at most one tool call in an answer.</summary>
    public bool ParallelToolCalls { get; init; } = true;
    public AnswerFormat Format { get; init; } = AnswerFormat.Text;
    public Reasoning? Reasoning { get; init; }

    /// <summary>An opaque id of the end user.</summary>
    public string? EndUser { get; init; }
    public ImmutableDictionary<string, string> Metadata { get; init; } = ImmutableDictionary<string, string>.Empty;

    /// <summary>As the caller wrote it: <c>auto</c>, <c>default</c>, <c>priority</c>, <c>flex</c>, …</summary>
    public string? ServiceTier { get; init; }

    /// <summary><c>low</c>, <c>medium</c> or <c>high</c>.</summary>
    public string? Verbosity { get; init; }
}

/// <param name="Parameters">A JSON schema as the caller wrote it; null when the tool takes nothing.</param>
public sealed record ToolDefinition(string Name, string Description, string? Parameters, bool Strict)
{
    public CacheMark? Cache { get; init; }
}

public enum ToolChoiceMode : byte { Auto, None, Required, Named }

/// <param name="Name">The tool that must be called; only with <see cref="ToolChoiceMode.Named"/>.</param>
public sealed record ToolChoice(ToolChoiceMode Mode, string? Name = null)
{
    public static readonly ToolChoice Auto = new(ToolChoiceMode.Auto);
}

public enum AnswerFormatKind : byte { Text, JsonObject, JsonSchema }

/// <param name="Schema">A JSON schema as the caller wrote it; only with <see cref="AnswerFormatKind.JsonSchema"/>.</param>
public sealed record AnswerFormat(AnswerFormatKind Kind, string Name = "", string? Description = null, string? Schema = null, bool Strict = false)
{
    public static readonly AnswerFormat Text = new(AnswerFormatKind.Text);
}

/// <summary>How much the model should think. Each dialect says it in one of these ways; an adapter that knows only the other translates.</summary>
/// <param name="Effort"><c>none</c>, <c>minimal</c>, <c>low</c>, <c>medium</c>, <c>high</c>, <c>xhigh</c> or <c>max</c>; null when a budget is given.</param>
/// <param name="BudgetTokens">Tokens of thinking at most; null when an effort is given.</param>
/// <param name="Show">Whether the caller wants to see the thinking.</param>
public sealed record Reasoning(string? Effort, int? BudgetTokens, bool Show = true)
{
    /// <summary>False: only how much an answer may take was said, which does not make Anthropic's models think.</summary>
    public bool Thinks { get; init; } = true;

    /// <summary>An effort of none of these words: no adapter knows what it is to cost, so none sends it.</summary>
    public bool IsUnknown => Effort is not (null or "none" or "minimal" or "low" or "medium" or "high" or "xhigh" or "max");
}
