using Routing.Core.Llm;
using Routing.Core.Snapshots;

namespace Routing.Core.Pricing;

/// <summary>What an attempt cost. Whole micro-units; rounded half up once, at the end.</summary>
public static class Cost
{
    private const long TokensPerPrice = 1_000_000;

    /// <summary>
    /// Uncached input, cache reads, cache writes and output, each at its own price. Parts that contradict the totals (more cached than input) count
    /// as far as the total goes, so a bad report can never make a call cheaper than free.
    /// </summary>
    /// <exception cref="OverflowException">The sum does not fit: impossible for a validated price and any real token count.</exception>
    public static long Of(in TokenUsage usage, PriceConfig price)
    {
        ArgumentNullException.ThrowIfNull(price);
        var input = Math.Max(0, usage.InputTotal);
        var read = Math.Clamp(usage.CacheRead, 0, input);
        var write = Math.Clamp(usage.CacheWrite, 0, input - read);
        var total = Part(input - read - write, price.Input)
            + Part(read, price.CacheRead ?? price.Input)
            + Part(write, price.CacheWrite ?? price.Input)
            + Part(Math.Max(0, usage.OutputTotal), price.Output);
        return checked((long)((total + (TokensPerPrice / 2)) / TokensPerPrice));
    }

    private static UInt128 Part(long tokens, long price) => (UInt128)(ulong)tokens * (ulong)Math.Max(0, price);
}
