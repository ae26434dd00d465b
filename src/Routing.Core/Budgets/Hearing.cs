namespace Routing.Core.Budgets;

/// <summary>
/// Since when edges have been heard without a gap, and whom that gap found given up. An edge is given up once it was silent for an hour in which the
/// control plane heard others: a gap in which nobody was heard says nothing of anybody, so it does not count. Pure.
/// </summary>
/// <param name="Since">When the first edge was heard after the last gap.</param>
/// <param name="GoneBefore">At that moment whoever was last heard before this was given up.</param>
public readonly record struct Hearing(DateTimeOffset Since, DateTimeOffset GoneBefore)
{
    // Who has been silent for so long is gone for good more often than cut off: what it may still spend is given to the others.
    private static readonly TimeSpan Patience = TimeSpan.FromHours(1);

    // Edges report every two seconds, and try again at least every thirty: with nobody heard for longer, it is the control plane that was away.
    private static readonly TimeSpan Gap = TimeSpan.FromMinutes(1);

    /// <summary>The first edge that is heard where nobody kept account.</summary>
    public static Hearing First(DateTimeOffset lastHeard, DateTimeOffset now) => new(now, lastHeard - Patience);

    /// <summary>Whoever was last heard before this is given up: an hour of hearing ago. Never goes back.</summary>
    public DateTimeOffset GoneBeforeAt(DateTimeOffset now)
    {
        var heard = now - Since;
        if (heard >= Patience) return now - Patience;
        return heard > TimeSpan.Zero ? GoneBefore + heard : GoneBefore;
    }

    /// <summary>An edge is heard.</summary>
    /// <param name="lastHeard">When any was, before it.</param>
    public Hearing At(DateTimeOffset now, DateTimeOffset lastHeard) => now - lastHeard > Gap ? new Hearing(now, GoneBeforeAt(lastHeard)) : this;
}
