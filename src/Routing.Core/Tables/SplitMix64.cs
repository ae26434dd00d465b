namespace Routing.Core.Tables;

/// <summary>
/// A generator of numbers that are spread well and kept from nobody (Steele, Lea and Flood 2014): a counter that grows by
/// <see cref="Step"/>, mixed. The counter may be shared by an atomic add, so that a seed replays its choices and nobody waits.
/// </summary>
public static class SplitMix64
{
    public const ulong Step = 0x9E3779B97F4A7C15UL;

    public static ulong Mix(ulong counter)
    {
        var z = (counter ^ (counter >> 30)) * 0xBF58476D1CE4E5B9UL;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EBUL;
        return z ^ (z >> 31);
    }
}
