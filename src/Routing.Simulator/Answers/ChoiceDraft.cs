namespace Routing.Simulator.Answers;

/// <summary>A choice while it is written: blocks are added until the token limit is met.</summary>
internal sealed class ChoiceDraft(int index, int limit)
{
    private readonly List<Block> _blocks = [];
    private StopCause _stop = StopCause.End;
    private string? _sequence;
    private int _visible;
    private int _calls;

    /// <summary>Reasoning was taken off the limit before.</summary>
    public void AddThought(BlockKind kind, string[] parts) => _blocks.Add(new Block(kind, index, _blocks.Count, parts));

    /// <summary>False when the limit cut it short.</summary>
    public bool TryAddText(string[] tokens)
    {
        var taken = tokens.AsMemory(0, Math.Min(tokens.Length, limit - _visible));
        if (taken.Length > 0) _blocks.Add(new Block(BlockKind.Text, index, _blocks.Count, taken));
        _visible += taken.Length;
        if (taken.Length == tokens.Length) return true;
        _stop = StopCause.Length;
        return false;
    }

    /// <summary>False when there was no room: half a call is none.</summary>
    public bool TryAddCall(string name, string arguments)
    {
        var parts = Tokenizer.Split(arguments).ToArray();
        var tokens = Tokenizer.Count(name) + parts.Length;
        if (tokens > limit - _visible)
        {
            _stop = StopCause.Length;
            return false;
        }

        _blocks.Add(new Block(BlockKind.ToolCall, index, _blocks.Count, parts) { Tool = new ToolCall(name, arguments, _calls++) });
        _visible += tokens;
        _stop = StopCause.ToolCall;
        return true;
    }

    public void StopAt(string sequence) => (_stop, _sequence) = (StopCause.StopSequence, sequence);

    public (Choice Choice, int Visible) End() => (new Choice(index, _blocks, _stop) { StopSequence = _sequence }, _visible);
}
