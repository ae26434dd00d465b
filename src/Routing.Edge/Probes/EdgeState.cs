namespace Routing.Edge.Probes;

/// <summary>What the loops have found out, for /readyz and the reports.</summary>
internal sealed class EdgeState(TimeProvider time)
{
    private volatile string _whyNoTable = "No configuration has been loaded yet.";

    public DateTimeOffset StartedAt { get; } = time.GetUtcNow();

    /// <summary>Why the edge cannot serve, as long as it has no table.</summary>
    public string WhyNoTable { get => _whyNoTable; set => _whyNoTable = value; }
}
