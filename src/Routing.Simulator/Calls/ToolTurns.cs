namespace Routing.Simulator.Calls;

/// <summary>Which tool calls of the conversation still wait for a result: clouds refuse results nobody asked for and calls left open.</summary>
internal sealed class ToolTurns
{
    private readonly List<string> _open = [];

    public IReadOnlyList<string> Open => _open;

    public void Call(string id) => _open.Add(id);

    /// <summary>False when no open call has the id.</summary>
    public bool TryAnswer(string id) => _open.Remove(id);
}
