namespace Routing.Core.Budgets;

/// <summary>Where an edge's leases come from: a control plane, which may have fallen silent. An edge that runs from a file has none.</summary>
public sealed class LeaseSource(TimeProvider time)
{
    // Several beats: one that is late or lost is no silence.
    private static readonly TimeSpan SilentAfter = TimeSpan.FromSeconds(15);

    private long _heardAt = time.GetTimestamp();

    /// <summary>Nobody can give more just now.</summary>
    public bool IsSilent => time.GetElapsedTime(Volatile.Read(ref _heardAt)) > SilentAfter;

    public void Heard() => Volatile.Write(ref _heardAt, time.GetTimestamp());
}
