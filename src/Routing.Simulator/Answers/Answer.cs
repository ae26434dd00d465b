namespace Routing.Simulator.Answers;

/// <summary>Why an answer ended; each wire has its own word for it.</summary>
internal enum StopCause
{
    End,
    StopSequence,
    Length,
    ToolCall,
    ContentFilter,

    /// <summary>A word the fault <c>stop_reason</c> or <c>unknown_stop</c> names.</summary>
    Named,
}

/// <summary>One answer, complete before its first byte is sent: what is streamed and what is sent whole cannot differ.</summary>
internal sealed record Answer
{
    /// <summary>One unless the request asks for several; none where nothing is generated (embeddings, token counts).</summary>
    public required IReadOnlyList<Choice> Choices { get; init; }

    /// <summary>The prompt itself was refused by a filter: there is no content.</summary>
    public bool PromptBlocked { get; init; }

    /// <summary>Whole prompt, with what was read from or written to the cache.</summary>
    public required int InputTokens { get; init; }
    public int CachedTokens { get; init; }
    public int CacheWriteTokens { get; init; }

    /// <summary>Whole output of all choices: visible tokens, tool calls and thoughts.</summary>
    public int OutputTokens { get; init; }
    public int ThoughtTokens { get; init; }

    public Choice First => Choices[0];

    /// <summary>Every block's every part in the order it is streamed: choices take turns, as they do on the wire.</summary>
    public IEnumerable<(Block Block, int Part)> InStreamOrder()
    {
        if (Choices.Count == 1) return First.Parts();
        return Choices.SelectMany(choice => choice.Parts().Select((part, at) => (part, at, choice.Index))).OrderBy(p => p.at).ThenBy(p => p.Index).Select(p => p.part);
    }
}

internal sealed record Choice(int Index, IReadOnlyList<Block> Blocks, StopCause Stop)
{
    public string? StopSequence { get; init; }

    /// <summary>The word sent for <see cref="StopCause.Named"/>.</summary>
    public string? NamedStop { get; init; }

    /// <summary>All visible text.</summary>
    public string Text => TextOf(BlockKind.Text);

    public string Thought => TextOf(BlockKind.Thought);

    public IEnumerable<Block> Tools => Blocks.Where(b => b.Kind == BlockKind.ToolCall);

    public IEnumerable<(Block Block, int Part)> Parts()
    {
        foreach (var block in Blocks)
            for (var at = 0; at < block.Parts.Length; at++) yield return (block, at);
    }

    private string TextOf(BlockKind kind) => string.Concat(Blocks.Where(b => b.Kind == kind).Select(b => b.Text));
}
