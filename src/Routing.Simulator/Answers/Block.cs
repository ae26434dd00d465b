namespace Routing.Simulator.Answers;

internal enum BlockKind
{
    /// <summary>Reasoning that is shown; it carries a signature.</summary>
    Thought,

    /// <summary>Reasoning that is shown only as sealed bytes.</summary>
    SealedThought,
    Text,
    ToolCall,
}

/// <summary>One piece of an answer's content.</summary>
/// <param name="Index">Place among the blocks of its choice.</param>
/// <param name="Parts">What is streamed one by one; never empty. A tool call's parts are its arguments.</param>
internal sealed record Block(BlockKind Kind, int Choice, int Index, ReadOnlyMemory<string> Parts)
{
    /// <summary>Set for a tool call.</summary>
    public ToolCall? Tool { get; init; }

    public string Text => string.Concat(Parts.ToArray());

    public bool IsLast(int part) => part == Parts.Length - 1;
}

/// <param name="Order">Place among the calls of the answer, from 0: ids are made of it.</param>
internal sealed record ToolCall(string Name, string ArgumentsJson, int Order);
