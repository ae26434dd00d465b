namespace Routing.Core.Dispatch;

/// <summary>
/// Bounds how many of a feature's calls are sent to a second provider while the first is still at it: each call brings its percentage of one, a
/// hedge takes a whole one. Lock-free, and untouched by features that do not hedge.
/// </summary>
internal sealed class HedgeBudget
{
    private const int Whole = 100;

    // What a quiet hour saves up; more would meet a provider that is slow for everybody all at once.
    private const int Most = 10 * Whole;

    private int _hundredths;

    /// <summary>A call has come.</summary>
    public void Ask(int percent) => Add(percent);

    public bool TryTake()
    {
        while (Volatile.Read(ref _hundredths) is var seen && seen >= Whole)
        {
            if (Interlocked.CompareExchange(ref _hundredths, seen - Whole, seen) == seen) return true;
        }

        return false;
    }

    /// <summary>Nobody was there to take the call.</summary>
    public void GiveBack() => Add(Whole);

    private void Add(int hundredths)
    {
        int seen;
        do
        {
            seen = Volatile.Read(ref _hundredths);
            if (seen == Most) return;
        }
        while (Interlocked.CompareExchange(ref _hundredths, Math.Min(seen + hundredths, Most), seen) != seen);
    }
}
