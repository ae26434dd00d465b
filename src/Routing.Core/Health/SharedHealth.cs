namespace Routing.Core.Health;

/// <summary>What the breakers of one edge have in common.</summary>
internal sealed class SharedHealth(TimeProvider time)
{
    private int _edges = 1;

    public TimeProvider Time { get; } = time;

    public TransitionLog Log { get; } = new();

    /// <summary>Edges that ask the same model endpoints, this one included. What is one call a second for all of them is a share of it here.</summary>
    public int Edges
    {
        get => Volatile.Read(ref _edges);
        set => Volatile.Write(ref _edges, Math.Max(1, value));
    }
}
