namespace Routing.Simulator.Answers;

/// <summary>Why an answer ended; each wire has its own word for it.</summary>
internal enum StopCause
{
    End,
    StopSequence,
    Length,
    ToolCall,
    ContentFilter,

    /// <summary>A word that no client knows yet (fault <c>unknown_stop</c>).</summary>
    Unknown,
}

/// <summary>One answer, complete before its first byte is sent: what is streamed and what is sent whole cannot differ.</summary>
internal sealed record Answer
{
    /// <summary>One token each; the text is their concatenation.</summary>
    public required ReadOnlyMemory<string> Tokens { get; init; }
    public required StopCause Stop { get; init; }
    public string? StopSequence { get; init; }

    /// <summary>The word sent for <see cref="StopCause.Unknown"/>.</summary>
    public string? UnknownStop { get; init; }
    public ToolCall? Tool { get; init; }

    /// <summary>The prompt itself was refused by a filter: there is no text.</summary>
    public bool PromptBlocked { get; init; }

    /// <summary>Whole prompt, with the cached part.</summary>
    public required int InputTokens { get; init; }
    public required int CachedTokens { get; init; }

    /// <summary>Whole output: visible tokens, tool call and thoughts.</summary>
    public required int OutputTokens { get; init; }
    public required int ThoughtTokens { get; init; }

    public string Text => string.Concat(Tokens.ToArray());
}

internal sealed record ToolCall(string Name, string ArgumentsJson);
