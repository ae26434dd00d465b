namespace Routing.Core.Budgets;

/// <summary>One edge's part of a month: what it has spent, and how far it may go.</summary>
/// <param name="IsSilent">It is not among those that share what is left, but may spend its lease all the same.</param>
public readonly record struct EdgePart(long Spent, long UpTo, bool IsSilent = false)
{
    /// <summary>What nobody else may have: it is spent, or may be at any moment without anybody being asked.</summary>
    public long Taken => Math.Max(Spent, UpTo);
}

/// <summary>
/// How far an edge may spend. All of what is left is handed out at all times, so that edges go on when the control plane is away; what all may spend
/// together never exceeds the budget. An edge that joins believes in a part before it was handed any: until each of the others has come down to its own
/// share, which is no further than it has to, that is too much. Pure.
/// </summary>
public static class LeaseShare
{
    // A lease that is about right stays: most beats change nothing and write nothing.
    private const double Least = 0.8;
    private const double Most = 1.25;

    // With less of its share than this an edge is short: nobody keeps more than its own.
    private const double Short = 0.5;

    // Part of the budget that counts as spent evenly: the first calls of a month say nothing of where the others will be made.
    private const double Even = 0.05;

    /// <param name="own">With what it may spend at this moment.</param>
    /// <param name="others">Every other edge that has spent or may spend in this month.</param>
    /// <param name="edges">How many share what is left, this one included.</param>
    /// <returns>Where the edge has to stop, counted as <see cref="EdgePart.Spent"/> is.</returns>
    public static long UpTo(long budget, EdgePart own, ReadOnlySpan<EdgePart> others, int edges)
    {
        long spent = own.Spent, taken = 0, silent = 0;
        foreach (var other in others)
        {
            if (other.IsSilent) silent += other.Taken;
            else spent += other.Spent;
            taken += other.Taken;
        }

        var share = Share(own.Spent, spent, edges, budget - silent);
        var most = budget - taken;
        var held = own.UpTo - own.Spent;
        if (held > 0 && own.UpTo <= most && held >= share * Least && held <= share * (IsAnyShort(others, spent, edges, budget - silent) ? 1 : Most)) return own.UpTo;
        return Math.Max(own.Spent, Math.Min(own.Spent + share, Math.Max(most, own.UpTo)));
    }

    private static bool IsAnyShort(ReadOnlySpan<EdgePart> others, long spent, int edges, long budget)
    {
        foreach (var other in others)
        {
            if (!other.IsSilent && other.UpTo - other.Spent < Share(other.Spent, spent, edges, budget) * Short) return true;
        }

        return false;
    }

    /// <summary>Half of it by what the edge spent of the month's spending, half in equal parts: traffic moves, and a new edge has none yet.</summary>
    private static long Share(long own, long all, int edges, long budget)
    {
        if (all >= budget) return 0;
        var equal = 1.0 / Math.Max(1, edges);
        var even = budget * Even;
        var weight = (equal + ((own + (even * equal)) / (all + even))) / 2;
        return Math.Max(1, (long)((budget - all) * weight));
    }
}
